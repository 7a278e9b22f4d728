"""The advice on a draft: as a page of its own, and in pieces for the script of the editor."""

from flask import Blueprint, jsonify, render_template
from flask.typing import ResponseReturnValue

from lms.authoring.advice.queries import advice_on
from lms.authoring.drafts.queries import open_draft
from lms.core.clock import utcnow
from lms.core.web import wants_json
from lms.people.models import Role
from lms.signin.access import allow, me

bp = Blueprint("advice", __name__)


@bp.get("/drafts/<int:draft_id>/advice")
@allow(Role.FACULTY, Role.DIRECTOR)
def show(draft_id: int) -> ResponseReturnValue:
    """Show the advice on a draft; to a script, the list and what stands beside each field."""
    draft = open_draft(draft_id, me(), utcnow())
    found = advice_on(draft.body)
    if not wants_json():
        return render_template("advice/show.html", draft=draft, found=found)
    fields = {
        path: render_template("advice/field.html", found=found, path=path) for path in found.paths
    }
    return jsonify(
        revision=draft.revision,
        blocking=found.blocking,
        entries=len(found.entries),
        list=render_template("advice/list.html", found=found),
        fields=fields,
    )
