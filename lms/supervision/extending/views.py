"""The page that grants one fellow, or all, more than an assignment says."""

from datetime import datetime

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lms.core.clock import utcnow
from lms.core.db import rehearsed
from lms.core.errors import Refusal
from lms.core.forms import carried_out
from lms.people.models import Role
from lms.quizzes import queries
from lms.quizzes.assigning.extending import minutes_granted
from lms.signin.access import allow, me
from lms.supervision.extending import services
from lms.supervision.extending.forms import FIRST, ExtensionForm
from lms.supervision.extending.services import Extended
from lms.supervision.extending.wording import say_clock, say_done
from lms.supervision.takers import Taker, takers
from question_bank.terms import Grant

bp = Blueprint("extending", __name__)


@bp.route("/assignments/<int:assignment_id>/extend", methods=["GET", "POST"])
@allow(Role.FACULTY, Role.DIRECTOR)
def extend(assignment_id: int) -> ResponseReturnValue:
    """Grant more minutes, other dates or attempts, and say what that comes to."""
    now, zone = utcnow(), me().time_zone
    title = queries.assignment_by_id(assignment_id).version.quiz.title
    fellows = takers(assignment_id, now, told_to=me().id)
    asked = request.args.get("fellow", "", type=str)[:20]
    chosen = next((each for each in fellows if str(each.id) == asked), None)
    form = ExtensionForm.from_request()
    form.offer(fellows, zone, chosen=asked if chosen else "")
    to_director = Role.DIRECTOR in me().roles
    at_once = _suggest(form, assignment_id, chosen, now) if to_director and chosen else ""

    def act() -> list[Extended]:
        grant, reason = form.grant(), form.reason.data
        done = services.grant_more(
            me(), assignment_id, form.one, grant=grant, reason=reason, now=now
        )
        services.tell(assignment_id, title, done, reason=reason, now=now)
        return done

    if done := carried_out(form, act):
        faculty = "It is granted, and whom it concerns is told."
        flash(say_done(done.result, zone, now) if to_director else faculty, "good")
        return redirect(url_for("supervision.assignment", assignment_id=assignment_id))
    page = render_template(
        "extending/extend.html",
        given=queries.assignment_by_id(assignment_id),
        form=form,
        chosen=chosen,
        at_once=at_once,
    )
    return page, form.status


def _suggest(form: ExtensionForm, assignment_id: int, chosen: Taker, now: datetime) -> str:
    """Suggest minutes for an attempt that runs, and return what they would come to at once."""
    if form.is_submitted() or not chosen.place.runs or chosen.place.terms.minutes is None:
        return ""
    had = minutes_granted(assignment_id, chosen.id)
    form.minutes.data = had + FIRST
    grant = Grant(minutes=form.minutes.data)
    try:
        (one,) = rehearsed(
            lambda: services.grant_more(
                me(), assignment_id, chosen.id, grant=grant, reason="Asked", now=now
            )
        )
    except Refusal:
        return ""
    return say_clock(one, now)
