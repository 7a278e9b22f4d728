"""Giving a quiz to a cohort, or to single fellows."""

from collections.abc import Sequence
from datetime import datetime

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from lms.core.clock import utcnow
from lms.core.errors import Invalid
from lms.core.forms import carried_out
from lms.program import queries as program
from lms.program.models import Cohort
from lms.quizzes import queries
from lms.quizzes.assigning import services
from lms.quizzes.assigning.forms import AssignmentForm
from lms.quizzes.assigning.overlaps import overlaps, say_overlap
from lms.quizzes.given import had_before
from lms.quizzes.models import Assignment, QuizVersion
from lms.quizzes.pages import bp, check_as_shown, staff
from lms.quizzes.sights import present_sight
from lms.quizzes.wording import say_had
from lms.signin.access import me, my_today


@bp.route("/quizzes/<int:quiz_id>/assign", methods=["GET", "POST"])
@staff
def assign(quiz_id: int) -> ResponseReturnValue:
    """Give a quiz to a cohort, or to single fellows."""
    quiz = queries.quiz_by_id(quiz_id)
    now, zone = utcnow(), me().time_zone
    form = AssignmentForm.from_request()
    form.offer(my_today())
    form.suggest(now, zone)

    def give() -> Assignment:
        check_as_shown(quiz_id)
        terms = form.terms()
        token = form.token.data or None
        return services.assign(
            me(), quiz_id, **form.audience, terms=terms, form_token=token, now=now
        )

    if done := carried_out(form, give, shown=Invalid):
        flash(f"“{quiz.title}” is assigned.", "good")
        for overlap in overlaps(done.result, reader=me(), now=now):
            flash(say_overlap(overlap, zone), "warn")
        return redirect(url_for("supervision.assignment", assignment_id=done.result.id))
    return _assign_page(quiz_id, form, now)


def _assign_page(quiz_id: int, form: AssignmentForm, now: datetime) -> ResponseReturnValue:
    """Return the page of *form*; what it shows is loaded anew, since a refusal rolls back."""
    quiz = queries.quiz_by_id(quiz_id)
    cohorts = program.current_cohorts(my_today(), among=form.cohort_id.numbers)
    page = render_template(
        "quizzes/assign.html",
        quiz=quiz,
        form=form,
        had=_had(quiz.versions[-1], cohorts, now),
        as_shown=present_sight(quiz_id),
    )
    return page, form.status


def _had(
    version: QuizVersion, cohorts: Sequence[Cohort], now: datetime
) -> list[tuple[Cohort, str]]:
    """Return which of the cohorts have had items of a version, and how many, when."""
    items = [place.item_id for place in queries.places_of(version.id)]
    found = had_before([cohort.id for cohort in cohorts], items)
    return [
        (cohort, say_had(found[cohort.id], len(items), zone=me().time_zone, now=now))
        for cohort in cohorts
        if cohort.id in found
    ]
