"""Trying out a case of the bank, a draft or a quiz: what is answered is stored nowhere."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lms.attempts.secrecy import check_may_read_all, check_may_read_keys
from lms.authoring.drafts.queries import open_draft
from lms.authoring.trying.half_written import draft_to_try
from lms.authoring.trying.pages import Around, Turn, asking_page, turn_of
from lms.authoring.trying.queries import quiz_to_try, version_to_try
from lms.authoring.trying.results import result_of
from lms.cases.queries import version_of
from lms.core.clock import utcnow
from lms.people.models import Role
from lms.quizzes.queries import places_of, quiz_by_id
from lms.signin.access import allow, me

bp = Blueprint("trying", __name__)

_staff = allow(Role.FACULTY, Role.DIRECTOR)


@bp.route("/bank/<slug>/try", methods=["GET", "POST"])
@_staff
def case(slug: str) -> ResponseReturnValue:
    """Ask a case as it is in use, or in the version asked for, and then show its keys."""
    number = request.args.get("version", type=int)
    version = version_of(slug, number)
    check_may_read_keys(me(), version.case_id, utcnow())
    back = url_for("bank.case", slug=slug, version=number)
    again = url_for("trying.case", slug=slug, version=number)
    turn = turn_of(version_to_try(version), by=me().id)
    return _page(turn, Around("Trying out a case", "Back to the case", back), again)


@bp.route("/drafts/<int:draft_id>/try", methods=["GET", "POST"])
@_staff
def draft(draft_id: int) -> ResponseReturnValue:
    """Ask what is complete of a draft, and then show its keys; say what it lacks."""
    found = draft_to_try(open_draft(draft_id, me(), utcnow()))
    back = url_for("authoring.edit", draft_id=draft_id)
    missing = [
        (each.said, url_for("authoring.edit", draft_id=draft_id, at=each.path, _anchor=each.path))
        for each in found.missing
    ]
    if not found.tried.items:
        return render_template("trying/missing.html", missing=missing, back=back)
    around = Around("Trying out a draft", "Back to the draft", back, missing=missing)
    again = url_for("trying.draft", draft_id=draft_id)
    return _page(turn_of(found.tried, by=me().id), around, again)


@bp.route("/quizzes/<int:quiz_id>/try", methods=["GET", "POST"])
@_staff
def quiz(quiz_id: int) -> ResponseReturnValue:
    """Ask all of a quiz, and then show its keys."""
    quiz = quiz_by_id(quiz_id)
    places = places_of(quiz.versions[-1].id)
    check_may_read_all(me(), [place.item.case_id for place in places], utcnow())
    back = url_for("quizzes.quiz", quiz_id=quiz_id)
    tried = quiz_to_try(quiz, places)
    if not tried.items:
        flash("There is nothing to try out yet: the quiz has no item that can be asked.", "warn")
        return redirect(back)
    around = Around("Trying out a quiz", "Back to the quiz", back)
    return _page(turn_of(tried, by=me().id), around, url_for("trying.quiz", quiz_id=quiz_id))


def _page(turn: Turn, around: Around, again: str) -> ResponseReturnValue:
    """Return the page that asks what comes next, or shows what it all came to."""
    if not turn.over:
        return asking_page(turn, around)
    result = result_of(turn.tried, turn.trial)
    return render_template(
        "trying/result.html", tried=turn.tried, around=around, result=result, again=again
    )
