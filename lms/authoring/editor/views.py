"""The editor's page of a draft, and the preview in it."""

import secrets
from dataclasses import replace
from functools import partial
from http import HTTPStatus
from typing import Any

from flask import (
    Blueprint,
    flash,
    jsonify,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue

from lms.authoring.advice.queries import advice_on
from lms.authoring.advice.serving import coverage_served
from lms.authoring.drafts import queries
from lms.authoring.drafts.presence import Visitor, note_visit, others_in
from lms.authoring.drafts.services import SavedDraft, go_on, save, tab_of
from lms.authoring.editor.acting import Acted, Pressed, acted, pressed_in
from lms.authoring.editor.fields import FieldGroup
from lms.authoring.editor.forms import draft_form
from lms.authoring.editor.kinds import KIND_NAMES
from lms.authoring.editor.lists import lists_to_choose_from
from lms.authoring.editor.pages import EditorPage, is_begun, removal_in
from lms.authoring.editor.previewing import preview_sheet
from lms.authoring.models import Draft, DraftState
from lms.authoring.reviews.placing import places_in
from lms.authoring.reviews.queries import threads_of_draft
from lms.authoring.sending.answering import answer_comment
from lms.cases.knowledge import statements_of
from lms.core.bodies import takes_files
from lms.core.clock import say_hour, utcnow
from lms.core.db import transaction
from lms.core.web import framed_by_us, framing_us, wants_json
from lms.people.models import Role
from lms.signin.access import allow, me
from question_bank.drafts.bodies import Body
from question_bank.drafts.merging import undone

bp = Blueprint("authoring", __name__)

_writers = allow(Role.FACULTY, Role.DIRECTOR)

ELSEWHERE = {"send": "sending.send", "try": "trying.draft", "facts": "drafts.facts"}
"""Pages of a draft to which buttons lead, by their verbs: they save first."""


SOURCES_FILE = "sources-file"
"""The field by which a file with sources comes."""
SECTIONS = {"preview": "preview", "answer": "threads"}
"""Parts of the editor's page at which one goes on after a button, by its verb."""

SAID_IN_PLACE = {"cite", "paste"}
"""Buttons of which it is said in their list what came of them."""

MOST_FACTS = 100
"""Facts of a draft that its page says in full."""


@bp.get("/drafts/<int:draft_id>")
@_writers
def edit(draft_id: int) -> ResponseReturnValue:
    """Show a draft in its editor."""
    now, tab = utcnow(), secrets.token_hex(8)
    draft = queries.open_draft(draft_id, me(), now)
    threads = threads_of_draft(draft) if draft.state is DraftState.RETURNED else []
    page = EditorPage(
        draft=draft,
        threads=threads,
        places=places_in(draft.body, threads),
        form=_form_of(draft.body),
        zone=me().time_zone,
        others=others_in(draft, me(), now),
        at=request.args.get("at", ""),
        removed=_removed(draft),
        advice=advice_on(draft.body, of=draft.case_id, to=me(), now=now),
        facts={each.id: each for each in statements_of(draft.body.get("facts", ())[:MOST_FACTS])},
        coverage=coverage_served(draft.body),
        whole=bool(request.args.get("at") or request.args.get("whole")) or is_begun(draft.body),
    )
    shown = render_template("authoring/editor.html", page=page, tab=tab, kinds=KIND_NAMES)
    return framing_us(make_response(shown))


@bp.post("/drafts/<int:draft_id>")
@_writers
@takes_files(SOURCES_FILE)
def keep(draft_id: int) -> ResponseReturnValue:
    """Save a draft, after what the button does that sent it; what it says is not judged."""
    now, button = utcnow(), pressed_in(request.form, request.files.get(SOURCES_FILE))
    tab = tab_of(request.form.get("tab", ""))
    with transaction():
        draft = queries.open_draft(draft_id, me(), now)
        shown = request.form.get("revision", -1, type=int)
        came_from = queries.body_at(draft, shown) if 0 <= shown <= draft.revision else draft.body
        advise = partial(advice_on, of=draft.case_id, to=me(), now=now)
        form = _form_of(came_from, request.form)
        done = _undo(draft, button, acted(form, button, advise))
        saved = save(
            me(),
            draft_id,
            form.body,
            from_revision=shown,
            tab=tab,
            now=now,
            seq=_seq_sent(),
        )
        go_on(saved.draft, me(), form.body, done.body, now=now)
        if button.verb == "answer":
            refused = answer_comment(me(), saved.draft, button.at, request.form, now=now)
            done = replace(done, refused=refused)
        note_visit(saved.draft, me(), tab=tab, place=request.form.get("at", ""), now=now)
    for said, kind in ((done.refused, "bad"), (done.done, "good"), (done.left_out, "warn")):
        if said:
            flash(said, kind)
    if wants_json():
        return _told(saved, others_in(saved.draft, me(), now))
    return redirect(_next_place(saved, button, done), HTTPStatus.SEE_OTHER)


def _seq_sent() -> int | None:
    """Return which of its page's saves it is that was sent; None: without a script none counts."""
    seq = request.form.get("seq", type=int)
    return seq if seq is not None and 0 <= seq < 2**31 else None


def _undo(draft: Draft, button: Pressed, done: Acted) -> Acted:
    """Return *done* with what a save removed brought back, if that is what was pressed."""
    if button.verb != "undo" or not button.at.isdigit():
        return done
    event = queries.event_of(draft, int(button.at[:9]))
    removal = removal_in(queries.body_at(draft, event.revision - 1), event)
    place = removal.place if removal else ""
    return Acted(undone(done.body, queries.changes_of(event)).body, place)


def _form_of(body: Body, sent: Any = None) -> FieldGroup:
    return draft_form(body, lists_to_choose_from(), sent)


def _told(saved: SavedDraft, others: tuple[Visitor, ...]) -> ResponseReturnValue:
    zone = me().time_zone
    told = jsonify(
        revision=saved.draft.revision,
        saved_at=say_hour(saved.draft.changed_at, zone),
        joined=[{"path": each.path, "leaf": each.leaf, "by": each.by} for each in saved.joined],
        conflicts=[each.path for each in saved.conflicts],
        others=[
            {"name": each.name, "place": each.place, "since": say_hour(each.since, zone)}
            for each in others
        ],
    )
    return told, HTTPStatus.CONFLICT if saved.conflicts else HTTPStatus.OK


def _next_place(saved: SavedDraft, button: Pressed, done: Acted) -> str:
    """Return where a page without script goes on after a save."""
    draft_id = saved.draft.id
    if saved.conflicts:
        return url_for("drafts.conflict", draft_id=draft_id)
    if elsewhere := _elsewhere(draft_id, button, done):
        return elsewhere
    if button.verb in SECTIONS:
        return url_for(".edit", draft_id=draft_id, _anchor=SECTIONS[button.verb])
    if button.verb == "remove":
        revision = saved.draft.revision
        return url_for(".edit", draft_id=draft_id, removed=revision, _anchor="removed")
    place = "told" if button.verb in SAID_IN_PLACE else done.place or "saved"
    return url_for(".edit", draft_id=draft_id, at=done.place or None, _anchor=place)


def _elsewhere(draft_id: int, button: Pressed, done: Acted) -> str | None:
    """Return the address of another page to which a button leads."""
    if button.verb == "kind" and done.place:
        handle = done.place.rpartition("/")[2]
        return url_for("retyping.kind", draft_id=draft_id, handle=handle)
    if button.verb == "pictures":
        return url_for("pictures.pictures", draft_id=draft_id, at=button.at)
    page = ELSEWHERE.get(button.verb)
    return url_for(page, draft_id=draft_id) if page else None


def _removed(draft: Draft) -> Any:
    revision = request.args.get("removed", type=int)
    if revision is None or revision != draft.revision:
        return None
    return removal_in(queries.body_at(draft, revision - 1), queries.event_of(draft, revision))


@bp.get("/drafts/<int:draft_id>/preview")
@_writers
def preview(draft_id: int) -> ResponseReturnValue:
    """Show a draft as a fellow sees it, as far as it can be drawn, for the frame in its editor."""
    draft = queries.open_draft(draft_id, me(), utcnow())
    sheet = preview_sheet(draft.body, request.args.get("stage", 1, type=int))
    return framed_by_us(make_response(render_template("authoring/preview.html", sheet=sheet)))
