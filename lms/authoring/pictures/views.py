"""The page by which a picture comes into a draft."""

from http import HTTPStatus

from flask import Blueprint, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lms.authoring.drafts.queries import open_draft
from lms.authoring.models import Draft
from lms.authoring.pictures.forms import OriginForm, PictureForm
from lms.authoring.pictures.queries import pictures_in
from lms.authoring.pictures.services import BroughtIn, bring_in, place_near, say_more
from lms.cases.images import drawing_address
from lms.core.bodies import takes_files
from lms.core.clock import utcnow
from lms.core.errors import Invalid
from lms.core.forms import carried_out
from lms.core.web import wants_json
from lms.people.models import Role
from lms.signin.access import allow, me

bp = Blueprint("pictures", __name__)

_writers = allow(Role.FACULTY, Role.DIRECTOR)


@bp.get("/drafts/<int:draft_id>/pictures")
@_writers
def pictures(draft_id: int) -> ResponseReturnValue:
    """Show the pictures of a draft, and the form for another at the place that the address says."""
    draft = open_draft(draft_id, me(), utcnow())
    at = request.args.get("at", "")[:200]
    return _page(draft, PictureForm.from_request(formdata=None, data={"at": at}))


@bp.post("/drafts/<int:draft_id>/pictures")
@_writers
@takes_files("picture")
def add(draft_id: int) -> ResponseReturnValue:
    """Bring a picture into a draft; a script is told its name and where it stands."""
    now, person = utcnow(), me()
    draft = open_draft(draft_id, person, now)
    form = PictureForm.from_request()
    at = form.at.data or place_near(draft.body, form.near.data or "")
    done = carried_out(
        form, lambda: bring_in(person, draft_id, form.content, form.said, at=at, now=now),
        shown=Invalid,
    )  # fmt: skip
    if wants_json():
        return _told(done.result) if done else (jsonify(error=_why(form)), form.status)
    if done is None:
        return _page(draft, form)
    path = done.result.path
    editor = url_for("authoring.edit", draft_id=draft_id, at=path, _anchor=path)
    return redirect(editor, HTTPStatus.SEE_OTHER)


@bp.post("/drafts/<int:draft_id>/pictures/<address>")
@_writers
def say(draft_id: int, address: str) -> ResponseReturnValue:
    """Say where a picture of a draft comes from."""
    form = OriginForm.from_request()
    now, person = utcnow(), me()
    act = carried_out(form, lambda: say_more(person, draft_id, address, form.said, now=now))
    if act is None:
        return _page(
            open_draft(draft_id, person, now), PictureForm.from_request(formdata=None), form
        )
    return redirect(url_for(".pictures", draft_id=draft_id, _anchor=address))


def _page(draft: Draft, form: PictureForm, origin: OriginForm | None = None) -> ResponseReturnValue:
    sent = form if origin is None else origin
    page = render_template(
        "pictures/pictures.html",
        draft=draft,
        form=form,
        origin=origin or OriginForm(formdata=None),
        shown=pictures_in(draft.body),
    )
    return page, sent.status


def _told(done: BroughtIn) -> ResponseReturnValue:
    return jsonify(
        name=done.name,
        path=done.path,
        url=url_for("bank.exhibit", address=drawing_address(done.name)),
        revision=done.saved.draft.revision,
    )


def _why(form: PictureForm) -> str:
    found = [each for field in form for each in field.errors]
    return " ".join(map(str, [*form.form_errors, *found])) or "The picture was not taken."
