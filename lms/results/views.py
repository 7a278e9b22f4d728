"""What came of an attempt, for the fellow who took it."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from lms.attempts import queries
from lms.attempts.models import Attempt, AttemptState
from lms.core.clock import utcnow
from lms.core.errors import NotFound
from lms.core.figures import say_span
from lms.core.forms import carried_out, pressed
from lms.grading.queries import PROMISE
from lms.people.models import Role
from lms.results.forms import OwnWordsForm
from lms.results.own_words import words_on
from lms.results.queries import result_of, told_of_abandoned, unsafe_response
from lms.results.release import release_of
from lms.results.services import acknowledge, say_in_own_words
from lms.signin.access import allow, me

bp = Blueprint("results", __name__)

NOTHING_SAID = "Nothing is kept here. No later mail will say it."
"""A mail that has left keeps what it said."""


@bp.get("/attempts/<int:attempt_id>/result")
@allow(Role.FELLOW)
def result(attempt_id: int) -> ResponseReturnValue:
    """Show what came of an attempt, or that it is being graded, or that nothing of it counts."""
    attempt = queries.attempt_of(me().id, attempt_id)
    if attempt.state is AttemptState.IN_PROGRESS:
        return redirect(url_for("taking.overview", attempt_id=attempt_id))
    if attempt.state is AttemptState.ABANDONED:
        return _abandoned(attempt.id, attempt.assignment_id)
    form = OwnWordsForm(formdata=None)
    form.text.data = words_on(attempt_id)
    return _page(attempt, form)


def _page(attempt: Attempt, form: OwnWordsForm) -> ResponseReturnValue:
    graded, now = attempt.state is AttemptState.GRADED, utcnow()
    waited = now - (attempt.submitted_at or now)
    page = render_template(
        "results/result.html",
        attempt=attempt,
        result=result_of(attempt, now=now) if graded else None,
        waited=say_span(waited) if waited > PROMISE else None,
        words_form=form,
    )
    return page, form.status


@bp.post("/attempts/<int:attempt_id>/result/words")
@allow(Role.FELLOW)
def say(attempt_id: int) -> ResponseReturnValue:
    """Keep what the fellow says of the own week, for the mentors."""
    attempt = queries.attempt_of(me().id, attempt_id)
    if attempt.state is not AttemptState.GRADED:
        raise NotFound
    form = OwnWordsForm.from_request()
    said = form.text.data or ""
    if carried_out(form, lambda: say_in_own_words(attempt_id, said, now=utcnow())):
        flash("Saved for your mentors." if said else NOTHING_SAID, "good")
        return redirect(url_for("results.result", attempt_id=attempt_id, _anchor="words"))
    return _page(attempt, form)


def _abandoned(attempt_id: int, assignment_id: int) -> str:
    begun, now = len(queries.attempts_at(me().id, assignment_id)), utcnow()
    attempt = queries.attempt_of(me().id, attempt_id)
    terms, opens = release_of(attempt, now=now)
    return render_template(
        "results/abandoned.html",
        attempt=attempt,
        terms=terms,
        keys_at=opens,
        told=told_of_abandoned(attempt, now=now) if opens and opens <= now else (),
        begun=begun,
        now=now,
    )


@bp.post("/attempts/<int:attempt_id>/result/<int:position>/acknowledge")
@allow(Role.FELLOW)
def acknowledge_choice(attempt_id: int, position: int) -> ResponseReturnValue:
    """Note that the fellow has read why a choice of the own was unsafe."""
    now = utcnow()
    response_id = unsafe_response(queries.attempt_of(me().id, attempt_id), position, now=now)
    pressed(lambda: acknowledge(me(), response_id, now=now))
    return redirect(url_for("results.result", attempt_id=attempt_id, _anchor=f"item-{position}"))
