"""The pages of a review: answering blind, judging, commenting, deciding."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lms.attempts.secrecy import check_answered_first
from lms.authoring.models import Review, ReviewStage
from lms.authoring.reviews import judging, queries
from lms.authoring.reviews.contents import changed_since, items_of
from lms.authoring.reviews.ending import decline as decline_review
from lms.authoring.reviews.forms import CommentForm, DeclineForm, JudgeForm, judgement_in
from lms.authoring.reviews.pinning import Pins
from lms.authoring.reviews.wording import EXPECTED, QUESTIONS, counted
from lms.authoring.trying.pages import Around, asking_page, turn_of
from lms.authoring.trying.trials import answers_by_key, confidence_by_key, whole_case
from lms.cases.knowledge import statements_of
from lms.cases.queries import shown
from lms.cases.signing import signature_of
from lms.core.clock import utcnow
from lms.core.db import transaction
from lms.core.errors import Invalid, NotFound
from lms.core.forms import carried_out, pressed
from lms.core.sight import Sight, check_sight
from lms.people.models import Role
from lms.program.blueprint import blueprint
from lms.signin.access import allow, me
from question_bank.quoting import passages

bp = Blueprint("reviews", __name__)

_staff = allow(Role.FACULTY, Role.DIRECTOR)


@bp.route("/reviews/<int:review_id>", methods=["GET", "POST"])
@_staff
def review(review_id: int) -> ResponseReturnValue:
    """Ask the case blind; once that is done, show it with its key, and ask for a judgment."""
    found = queries.review_of(review_id, me(), utcnow())
    if found.stage is not ReviewStage.ASKED:
        if request.method == "POST":
            return redirect(url_for("reviews.review", review_id=review_id))
        return _page(found, JudgeForm(formdata=None))
    tried = whole_case(shown(found.version), mark=f"review {review_id}")
    turn = turn_of(tried, by=me().id)
    if not turn.over:
        return asking_page(turn, _around(review_id))
    answers = answers_by_key(turn.tried, turn.trial)
    sure = confidence_by_key(turn.tried, turn.trial)
    if pressed(lambda: judging.keep_blind_answers(me(), found, answers, sure=sure, now=utcnow())):
        flash("Your blind answers are kept with the review. Now judge the case.", "good")
    return redirect(url_for("reviews.review", review_id=review_id))


def _around(review_id: int) -> Around:
    return Around(
        what="Review: answer first",
        leave_label="Later",
        leave_url=url_for("home.index"),
        title="Answer first",
        text="The key, the reasons and the comments follow. Your answers are kept with the review.",
        last_label="Keep the answers and see the key",
        other=("Decline this review", url_for("reviews.decline", review_id=review_id)),
    )


def _page(found: Review, form: JudgeForm) -> ResponseReturnValue:
    check_answered_first(me(), found.version.case_id)
    body = shown(found.version)
    texts, threads = passages(body), queries.threads(found)
    items = items_of(body, found.answers)
    page = render_template(
        "reviews/review.html",
        review=found,
        case=found.version.case,
        body=body,
        items=items,
        threads=threads,
        earlier=queries.earlier_threads(found),
        pins=Pins(texts, threads),
        field_of={each.text: each.field for each in reversed(texts)},
        form=form,
        judging=found.stage is ReviewStage.ANSWERED and found.reviewer_id == me().id,
        questions=QUESTIONS,
        shares=EXPECTED,
        expected=found.expected,
        answered=found.questions,
        newest=queries.newest_number(found.version.case_id),
        changed=changed_since(found.version.case.current, found.version),
        facts=statements_of(body.facts),
        blueprint=blueprint(),
        signature=signature_of(found.version) if me().clinician else None,
        wrote=me().id in queries.case_authors(found.version.case_id),
        counted=counted,
        as_shown=_sight_of(found, len(threads)),
    )
    return page, form.status


def _sight_of(found: Review, comments: int) -> Sight:
    return {
        "Newest version": f"Version {queries.newest_number(found.version.case_id)}",
        "Comments": str(comments),
        "Review": found.stage.value,
    }


@bp.post("/reviews/<int:review_id>/decision")
@_staff
def decide(review_id: int) -> ResponseReturnValue:
    """Keep what was judged so far, then do what the button says."""
    found = _mine(review_id)
    form, wanted = JudgeForm.from_request(), request.form.get("do", "save")
    keys = [item.key for item in shown(found.version).questions]
    questions, expected = judgement_in(request.form, keys)
    with transaction():
        judging.judge(me(), found, questions, expected)
    if wanted == "comment":
        field, quoted = (request.form.get(each, "")[:600] for each in ("field", "quoted"))
        page = url_for("reviews.comment", review_id=review_id, field=field, quoted=quoted)
        return redirect(page)
    verb, _, number = wanted.partition(":")
    if verb in ("change", "remove") and number.isascii() and number.isdigit() and len(number) < 10:
        return _do_to_comment(found, verb, int(number))
    if wanted == "return":
        return _give_back(found, form)
    if wanted == "advance":
        return _advance(found, form)
    flash("Saved.", "good")
    return redirect(url_for("reviews.review", review_id=review_id, _anchor="judge"))


def _do_to_comment(found: Review, verb: str, comment_id: int) -> ResponseReturnValue:
    if verb == "change":
        page = url_for("reviews.change", review_id=found.id, comment_id=comment_id)
        return redirect(page)
    with transaction():
        judging.remove_comment(me(), found, comment_id)
    flash("The comment is removed.", "good")
    return redirect(url_for("reviews.review", review_id=found.id, _anchor="comments"))


def _give_back(found: Review, form: JudgeForm) -> ResponseReturnValue:
    def act() -> int:
        _check_as_shown(found)
        return judging.give_back(me(), found, now=utcnow())

    if done := carried_out(form, act):
        to = found.asked_by.name
        flash(f"Returned to {to}, with {counted(done.result, 'comment')}.", "good")
        return redirect(url_for("reviews.review", review_id=found.id))
    return _page(queries.review_of(found.id, me(), utcnow()), form)


def _advance(found: Review, form: JudgeForm) -> ResponseReturnValue:
    def act() -> None:
        _check_as_shown(found)
        judging.advance(me(), found, reason=form.reason.data or "", now=utcnow())

    if carried_out(form, act):
        in_use = found.version.case.current_id == found.case_version_id
        then = "" if in_use else ", and it can be published"
        flash(f"Advanced. {found.asked_by.name} is told{then}.", "good")
        return redirect(url_for("reviews.review", review_id=found.id))
    return _page(queries.review_of(found.id, me(), utcnow()), form)


def _check_as_shown(found: Review) -> None:
    count = len(queries.threads(found))
    page = url_for("reviews.review", review_id=found.id)
    check_sight(_sight_of(found, count), page=page)


@bp.route("/reviews/<int:review_id>/comments", methods=["GET", "POST"])
@_staff
def comment(review_id: int) -> ResponseReturnValue:
    """Pin a comment to words of the case: those that were selected, or a sentence."""
    found = _to_comment(review_id)
    texts = passages(shown(found.version))
    given = {name: request.args.get(name, "")[:600] for name in ("field", "quoted")}
    form = CommentForm.from_request(data=given)
    form.offer(texts)

    def act() -> None:
        words = form.words(texts)
        if words is None:
            raise Invalid("Choose the words that it is about.", field="sentence")
        field, quoted = words
        text = form.text.data or ""
        judging.comment(me(), found, path=field, quoted=quoted, text=text, now=utcnow())

    if carried_out(form, act):
        return redirect(url_for("reviews.review", review_id=review_id, _anchor="comments"))
    place = next((e.place for e in texts if e.field == form.field.data), "")
    page = render_template("reviews/comment.html", review=found, form=form, place=place)
    return page, form.status


@bp.route("/reviews/<int:review_id>/comments/<int:comment_id>", methods=["GET", "POST"])
@_staff
def change(review_id: int, comment_id: int) -> ResponseReturnValue:
    """Change what a comment says."""
    found = _to_comment(review_id)
    said = next((e.comment for e in queries.threads(found) if e.comment.id == comment_id), None)
    if said is None:
        raise NotFound
    form = CommentForm.from_request(
        data={"field": said.path, "quoted": said.quoted, "text": said.text}
    )
    form.offer(())
    if carried_out(
        form, lambda: judging.change_comment(me(), found, comment_id, form.text.data or "")
    ):
        return redirect(url_for("reviews.review", review_id=review_id, _anchor="comments"))
    page = render_template("reviews/comment.html", review=found, form=form, place="")
    return page, form.status


@bp.route("/reviews/<int:review_id>/decline", methods=["GET", "POST"])
@_staff
def decline(review_id: int) -> ResponseReturnValue:
    """Say why one does not review a case."""
    found = _mine(review_id)
    form = DeclineForm.from_request()

    def act() -> None:
        _check_as_shown(found)
        decline_review(me(), found, form.reason.data or "", now=utcnow())

    if carried_out(form, act):
        flash(f"Declined. {found.asked_by.name} is told why.", "good")
        return redirect(url_for("home.index"))
    if found.stage not in queries.OPEN_STAGES:
        return redirect(url_for("reviews.review", review_id=review_id))
    as_shown = _sight_of(found, len(queries.threads(found)))
    page = render_template("reviews/decline.html", review=found, form=form, as_shown=as_shown)
    return page, form.status


def _mine(review_id: int) -> Review:
    """Return a review that is for this person to judge.

    Raises:
        NotFound: it is none.
    """
    found = queries.review_of(review_id, me(), utcnow())
    if found.reviewer_id != me().id:
        raise NotFound
    return found


def _to_comment(review_id: int) -> Review:
    """Return a review for this person to comment on, with all the words of its case.

    Raises:
        NotFound: it is none.
        AnswerFirst: the case is to be answered before.
    """
    found = _mine(review_id)
    check_answered_first(me(), found.version.case_id)
    return found
