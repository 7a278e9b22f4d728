"""The advice on a draft: as a page of its own, and in pieces for the script of the editor."""

from flask import Blueprint, get_template_attribute, jsonify, render_template, request
from flask.typing import ResponseReturnValue

from lms.authoring.advice.queries import advice_on
from lms.authoring.advice.serving import coverage_served
from lms.authoring.drafts.queries import open_draft
from lms.core.clock import utcnow
from lms.core.web import wants_json
from lms.people.models import Role
from lms.signin.access import allow, me
from question_bank.advice.listing import AdviceList
from question_bank.drafts.bodies import Body
from question_bank.drafts.story import found_in

bp = Blueprint("advice", __name__)


@bp.get("/drafts/<int:draft_id>/advice")
@allow(Role.FACULTY, Role.DIRECTOR)
def show(draft_id: int) -> ResponseReturnValue:
    """Show the advice on a draft; to a script, all that its page says of what is written.

    A script that names the tag of what it has is told nothing as long as that holds.
    """
    now = utcnow()
    draft = open_draft(draft_id, me(), now)
    found = advice_on(draft.body, of=draft.case_id, to=me(), now=now)
    if not wants_json():
        return render_template("advice/show.html", draft=draft, found=found)
    said = jsonify(parts=_parts(draft.body, found), fields=_fields(found))
    said.add_etag()
    return said.make_conditional(request)


def _parts(body: Body, found: AdviceList) -> dict[str, str]:
    """Return the parts of the editor's page that say something of all of the draft."""
    (story, *_) = [stage.get("text", "") for stage in body.get("stages", ())] or [""]
    return {
        "blocks": _drawn("authoring/parts/blocks.html", found=found),
        "count": found.counted,
        "coverage": _drawn("authoring/parts/coverage_served.html", lines=coverage_served(body)),
        "list": _drawn("components/advice_list.html", found=found),
        "strip": _drawn("authoring/parts/strip.html", found=found_in(story)),
    }


def _fields(found: AdviceList) -> dict[str, str]:
    """Return what stands beside the fields of the editor's page, by their paths."""
    drawn = "components/advice_at.html"
    return {path: _drawn(drawn, found=found, path=path) for path in found.paths}


def _drawn(component: str, **said: object) -> str:
    """Return the markup of a component, whose macro has the name of its file."""
    macro = get_template_attribute(component, component.rpartition("/")[2].removesuffix(".html"))
    return str(macro(**said))
