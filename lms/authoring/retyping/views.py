"""The page that gives an item of a draft another type, and says first what does not fit it."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from lms.authoring.drafts import queries
from lms.authoring.drafts.pages import title_of
from lms.authoring.drafts.services import open_for_writing
from lms.authoring.editor.kinds import KIND_NAMES
from lms.authoring.models import Draft
from lms.authoring.retyping import services
from lms.authoring.retyping.forms import KindForm
from lms.core.clock import utcnow
from lms.core.forms import carried_out
from lms.core.sight import Sight, check_sight
from lms.people.models import Role
from lms.signin.access import allow, me

bp = Blueprint("retyping", __name__)


@bp.route("/drafts/<int:draft_id>/items/<handle>/kind", methods=["GET", "POST"])
@allow(Role.FACULTY, Role.DIRECTOR)
def kind(draft_id: int, handle: str) -> ResponseReturnValue:
    """Show what an item could be besides, with what would not fit; make it that."""
    draft = queries.open_draft(draft_id, me(), utcnow())
    path = services.item_in(draft, handle)
    types = services.other_types(draft.body, path)
    form = KindForm.from_request()
    form.offer(types)

    def act() -> int:
        now, fresh = utcnow(), open_for_writing(me(), draft_id, utcnow())
        where = services.item_in(fresh, handle)
        page = url_for("retyping.kind", draft_id=draft_id, handle=handle)
        check_sight(_sight_of(fresh, where), page=page)
        state = fresh.revision
        services.retype(me(), fresh, where, form.kind.data, now=now)
        return state

    if done := carried_out(form, act):
        name = dict(KIND_NAMES)[form.kind.data].lower()
        flash(f"Changed: {name}. How it was stands in state {done.result}.", "good")
        edit = url_for("authoring.edit", draft_id=draft_id, at=path, _anchor=path)
        return redirect(edit)
    page = render_template(
        "retyping/kind.html",
        draft=draft,
        title=title_of(draft),
        path=path,
        item=services.item_said(draft.body, path),
        now=dict(KIND_NAMES)[services.type_at(draft.body, path)],
        types=types,
        form=form,
        as_shown=_sight_of(draft, path),
        is_asked=draft.case_id is not None,
    )
    return page, form.status


def _sight_of(draft: Draft, path: str) -> Sight:
    """Return what would become of the item as each type."""
    return {each.name: each.said for each in services.other_types(draft.body, path)}
