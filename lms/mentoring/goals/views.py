"""The pages on which goals are proposed, answered and looked at."""

from collections.abc import Callable, Mapping
from datetime import datetime

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lms.core.clock import local, utcnow
from lms.core.db import transaction
from lms.core.forms import carried_out, pressed
from lms.core.sight import check_sight
from lms.mentoring.access import check_mentors
from lms.mentoring.goals import letters, queries, services, wording
from lms.mentoring.goals.forms import DayForm, GoalForm
from lms.mentoring.goals.models import Goal, GoalSide
from lms.mentoring.goals.sights import sight_of
from lms.mentoring.goals.supply import new_for, new_items
from lms.notices.queries import is_unseen
from lms.notices.services import mark_seen
from lms.people.models import Role, User
from lms.people.queries import user_by_id
from lms.signin.access import allow, me, my_today
from question_bank.goals import LIVE, GoalState

bp = Blueprint("goals", __name__)

_sides = allow(Role.FELLOW, Role.MENTOR)


@bp.route("/fellows/<int:fellow_id>/goals/new", methods=["GET", "POST"])
@allow(Role.MENTOR)
def new(fellow_id: int) -> ResponseReturnValue:
    """Propose a goal to a fellow whom one mentors."""
    now = utcnow()
    check_mentors(me(), fellow_id, my_today())
    fellow = user_by_id(fellow_id)
    form = GoalForm.from_request()
    found = new_items(fellow, now=now)
    form.offer(found)
    if not form.is_submitted():
        form.suggest(local(now, fellow.time_zone).date(), request.args.get("about", "")[:80])
    if done := carried_out(form, lambda: services.propose_goal(me(), fellow, form.wish, now=now)):
        flash(f"Proposed to {fellow.name}, who is told.", "good")
        return _to(done.result)
    page = render_template(
        "goals/new.html",
        form=form,
        fellow=fellow,
        room=queries.has_room(fellow_id),
        **_reading(form, fellow, found, now),
    )
    return page, form.status


@bp.get("/goals/<int:goal_id>")
@allow(Role.FELLOW, Role.MENTOR, Role.DIRECTOR)
def goal(goal_id: int) -> ResponseReturnValue:
    """Show a goal and how far it has come, with what the reader can do about it."""
    now = utcnow()
    page = _goal_page(goal_id, DayForm(formdata=None), now)
    if is_unseen(me().id, letters.OBJECT, goal_id):
        with transaction():
            mark_seen(me().id, letters.OBJECT, goal_id, now=now)
    return page


@bp.route("/goals/<int:goal_id>/another", methods=["GET", "POST"])
@_sides
def another(goal_id: int) -> ResponseReturnValue:
    """Propose another goal in the stead of one that is open or proposed."""
    now = utcnow()
    earlier, _ = queries.goal_of_side(me(), goal_id, now=now)
    form, found = GoalForm.from_request(), new_items(earlier.fellow, now=now)
    form.offer(found)
    if not form.is_submitted():
        form.show(earlier)

    def propose() -> Goal:
        held, _ = services.held(me(), goal_id, now=now)
        replaced = ("State",) if held.state is GoalState.DECLINED else ()
        check_sight(sight_of(held), page=_address(goal_id), done=replaced)
        return services.propose_another(me(), goal_id, form.wish, now=now)

    if done := carried_out(form, propose):
        flash("Proposed. The other of you is told, and can agree.", "good")
        return _to(done.result)
    page = render_template(
        "goals/another.html",
        form=form,
        goal=earlier,
        as_shown=sight_of(earlier),
        **_reading(form, earlier.fellow, found, now),
    )
    return page, form.status


@bp.post("/goals/<int:goal_id>/agree")
@_sides
def agree(goal_id: int) -> ResponseReturnValue:
    """Agree to a goal that the other side has proposed."""
    now = utcnow()

    def act() -> Goal:
        _check_shown(goal_id, GoalState.OPEN, now)
        return services.agree(me(), goal_id, now=now)

    return _pressed(goal_id, act, "Agreed. Who proposed it is told.")


@bp.post("/goals/<int:goal_id>/decline")
@_sides
def decline(goal_id: int) -> ResponseReturnValue:
    """Do not agree to a goal, or take back what the own side has proposed."""
    now = utcnow()

    def act() -> Goal:
        _check_shown(goal_id, GoalState.DECLINED, now)
        return services.decline(me(), goal_id, now=now)

    return _pressed(goal_id, act, "The proposal has ended.")


@bp.post("/goals/<int:goal_id>/move")
@allow(Role.MENTOR)
def move(goal_id: int) -> ResponseReturnValue:
    """Give an open goal a later day."""
    form, now = DayForm.from_request(), utcnow()

    def act() -> Goal:
        _check_shown(goal_id, GoalState.MOVED, now)
        return services.move(me(), goal_id, form.due_on.data, now=now)

    if done := carried_out(form, act):
        flash("Moved, and the fellow is told.", "good")
        return _to(done.result)
    return _goal_page(goal_id, form, now)


def _check_shown(goal_id: int, wanted: GoalState, now: datetime) -> None:
    """Check that a goal, which nobody else changes now, is as it was shown, or as *wanted*."""
    held, _ = services.held(me(), goal_id, now=now)
    done = ("State",) if held.state is wanted else ()
    check_sight(sight_of(held), page=_address(goal_id), done=done)


def _pressed(goal_id: int, act: Callable[[], Goal], said: str) -> ResponseReturnValue:
    if pressed(act):
        flash(said, "good")
    return redirect(_address(goal_id))


def _goal_page(goal_id: int, form: DayForm, now: datetime) -> ResponseReturnValue:
    shown, side = queries.goal_for(me(), goal_id, now=now)
    (tracked,) = queries.tracked([shown], now=now)
    page = render_template(
        "goals/goal.html",
        each=tracked,
        side=side,
        sides=GoalSide,
        states=GoalState,
        live=LIVE,
        after=queries.successor_of(goal_id),
        form=form,
        say=wording,
        short="" if side is GoalSide.DIRECTOR else _short(tracked, now),
        as_shown=sight_of(shown),
    )
    return page, form.status


def _short(tracked: queries.TrackedGoal, now: datetime) -> str:
    """Return what there is to say where the bank has too few items for a goal that is live."""
    shown, progress = tracked.goal, tracked.progress
    if shown.state not in LIVE or tracked.is_over:
        return ""
    found = new_for(shown.measure, new_items(shown.fellow, now=now))
    wanted = shown.items - progress.answered
    return wording.say_left(found, wanted, progress.needed, _called(shown.fellow))


def _reading(
    form: GoalForm, fellow: User, found: Mapping[str, int], now: datetime
) -> dict[str, object]:
    """Return what the product will read, as the fields stand, and how many items there are."""
    measure, whom = form.measure, _called(fellow)
    return {
        "reads": form.reads(local(now, fellow.time_zone).date()),
        "supply": wording.say_supply(measure, new_for(measure, found), whom) if measure else "",
        "whom": whom,
        "say": wording,
    }


def _called(fellow: User) -> str:
    return "you" if fellow.id == me().id else fellow.name


def _address(goal_id: int) -> str:
    return url_for("goals.goal", goal_id=goal_id)


def _to(shown: Goal) -> ResponseReturnValue:
    return redirect(_address(shown.id))
