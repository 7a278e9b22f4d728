"""What authors do about reviews: sending a draft, answering comments, taking a request back."""

from collections.abc import Sequence
from http import HTTPStatus

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lms.authoring.access import check_may_edit
from lms.authoring.drafts.taking_up import base_of, published_since, take_up
from lms.authoring.models import CommentEnd, Draft
from lms.authoring.reviews import judging, queries
from lms.authoring.reviews.contents import changed_since
from lms.authoring.reviews.ending import declined
from lms.authoring.reviews.placing import places_in
from lms.authoring.reviews.wording import QUESTIONS
from lms.authoring.sending import services
from lms.authoring.sending.forms import SendForm, ThreadForm
from lms.cases.models import CaseVersion
from lms.cases.settings import PUBLISHING
from lms.core.clock import utcnow
from lms.core.db import db
from lms.core.errors import NotFound
from lms.core.forms import carried_out, pressed
from lms.core.settings import setting
from lms.core.sight import Sight, check_sight
from lms.people.models import Role
from lms.people.queries import people_of
from lms.signin.access import allow, me
from question_bank.case import Case, Problem
from question_bank.drafts.places import place_said

bp = Blueprint("sending", __name__)

_staff = allow(Role.FACULTY, Role.DIRECTOR)


@bp.route("/drafts/<int:draft_id>/send", methods=["GET", "POST"])
@_staff
def send(draft_id: int) -> ResponseReturnValue:
    """Ask colleagues to review what the draft says."""
    draft = _draft(draft_id)
    if (newer := published_since(draft)) is not None:
        return _behind_page(draft, newer)
    form = SendForm.from_request()
    before = queries.last_reviews(draft)
    people = services.fit_to_judge(draft, utcnow())
    form.offer(people, before, nobody_will_do=setting(PUBLISHING).alone)
    missing: tuple[Problem, ...] = ()
    try:
        said = services.case_in(draft)
    except services.DraftIncomplete as lacking:
        said, missing = None, lacking.missing
    if said is not None and draft.case_id is None and not form.is_submitted():
        form.slug.data = said.slug

    def act() -> CaseVersion:
        fresh = _draft(draft_id)
        check_sight(_sight_of(fresh), page=url_for("sending.send", draft_id=draft_id))
        chosen = people_of(form.reviewers.data or [])
        slug = "" if draft.case_id else form.slug.data or ""
        note = form.note.data or ""
        due_on = form.due_on.data
        return services.send_to_review(me(), fresh, chosen, due_on, note, utcnow(), slug=slug)

    if not missing and (done := carried_out(form, act)):
        return _leave(draft_id, done.result, asked=bool(form.reviewers.data))
    return _send_page(draft, form, said, missing), form.status


def _leave(draft_id: int, version: CaseVersion, *, asked: bool) -> ResponseReturnValue:
    """Lead on from a draft that was sent: to its page of comments, or to publish it alone."""
    if asked:
        flash(f"Sent as version {version.number}. Who reviews it is told.", "good")
        return redirect(url_for("sending.threads", draft_id=draft_id))
    slug, number = version.body["slug"], version.number
    flash(f"Kept as version {number}, which nobody is asked to review.", "good")
    return redirect(url_for("publishing.publish", slug=slug, number=number))


def _send_page(draft: Draft, form: SendForm, said: Case | None, missing: Sequence[Problem]) -> str:
    return render_template(
        "sending/send.html",
        draft=draft,
        form=form,
        said=said,
        missing=missing,
        place_said=place_said,
        as_shown=_sight_of(draft),
    )


def _behind_page(draft: Draft, newer: CaseVersion) -> ResponseReturnValue:
    base = base_of(draft)
    page = render_template(
        "sending/behind.html",
        draft=draft,
        newer=newer,
        base=base,
        changed=changed_since(base, newer),
        as_shown=_newer_as_shown(newer),
    )
    return page, HTTPStatus.CONFLICT if request.method == "POST" else HTTPStatus.OK


def _sight_of(draft: Draft) -> Sight:
    return {"Draft": f"As saved {draft.revision} times", "State": draft.state.value}


def _newer_as_shown(newer: CaseVersion | None) -> Sight:
    return {"In use": f"Version {newer.number}" if newer else "What the draft was made from"}


@bp.post("/drafts/<int:draft_id>/in-use")
@_staff
def take_up_published(draft_id: int) -> ResponseReturnValue:
    """Join what was published meanwhile into the draft; what does not go together is asked."""
    page = url_for("sending.send", draft_id=draft_id)

    def act() -> int:
        check_sight(_newer_as_shown(published_since(_draft(draft_id))), page=page)
        return take_up(me(), draft_id, utcnow())

    done = pressed(act)
    if done is None:
        return redirect(page)
    if done.result:
        flash("Taken up. Where both say something else, choose which text stays.", "info")
        return redirect(url_for("drafts.conflict", draft_id=draft_id))
    flash("Taken up: the draft now has what is in use, with your changes.", "good")
    return redirect(page)


@bp.get("/drafts/<int:draft_id>/threads")
@_staff
def threads(draft_id: int) -> ResponseReturnValue:
    """Show what reviewers say of the draft, for its author to answer."""
    draft = _draft(draft_id)
    return _threads_page(draft, ThreadForm(formdata=None), None)


@bp.post("/drafts/<int:draft_id>/threads/<int:comment_id>")
@_staff
def settle(draft_id: int, comment_id: int) -> ResponseReturnValue:
    """Answer a comment: it is mended, or the author disagrees."""
    draft = _draft(draft_id)
    form = ThreadForm.from_request()
    known = {each.comment.id for each in queries.threads_of_draft(draft)}
    if comment_id not in known:
        raise NotFound

    def act() -> None:
        end = CommentEnd(form.end.data)
        judging.settle(me(), comment_id, end, form.because.data or "", now=utcnow())

    if carried_out(form, act):
        page = url_for("sending.threads", draft_id=draft_id, _anchor=f"c{comment_id}")
        return redirect(page)
    return _threads_page(draft, form, comment_id), form.status


def _threads_page(draft: Draft, form: ThreadForm, wrong: int | None) -> str:
    found, reviews = queries.threads_of_draft(draft), queries.last_reviews(draft)
    return render_template(
        "sending/threads.html",
        draft=draft,
        threads=found,
        places=places_in(draft.body, found),
        waiting=[each for each in reviews if each.stage in queries.OPEN_STAGES],
        declined=declined(reviews),
        decided=[each for each in reviews if each.stage in queries.DECIDED_STAGES],
        questions=QUESTIONS,
        form=form,
        wrong=wrong,
    )


@bp.post("/reviews/<int:review_id>/withdraw")
@_staff
def withdraw(review_id: int) -> ResponseReturnValue:
    """Take back that a review was asked for."""
    found = queries.asked_review(review_id)

    def act() -> None:
        page = url_for("sending.threads", draft_id=found.draft_id or 0)
        check_sight({"Review": queries.asked_review(review_id).stage.value}, page=page)
        services.withdraw_review(me(), found, now=utcnow())

    if pressed(act):
        flash(f"{found.reviewer.name} is not asked any more.", "good")
    return redirect(url_for("sending.threads", draft_id=found.draft_id or 0))


def _draft(draft_id: int) -> Draft:
    draft = db.session.get(Draft, draft_id, populate_existing=True)
    if draft is None:
        raise NotFound
    check_may_edit(draft, me(), utcnow())
    return draft
