"""Proposing goals, agreeing to them, moving their day, and noting what came of them.

Whatever changes the goals of a fellow holds the fellow's row, so that one act comes after another.
"""

from datetime import date, datetime

from lms.core.audit import record
from lms.core.clock import say_date
from lms.core.db import db
from lms.core.errors import Invalid, NotFound, Refusal
from lms.mentoring.goals import letters, queries, wording
from lms.mentoring.goals.models import Goal, GoalSide
from lms.mentoring.goals.queries import goal_by_id, mentors_of, side_of
from lms.mentoring.goals.wishes import GoalWish, check_day, checked_wish, wish_of
from lms.mentoring.prompts.models import PromptAnswer
from lms.mentoring.prompts.services import answer_prompts
from lms.notices.telling import Telling, tell
from lms.people.locking import locked_person
from lms.people.models import Role, User
from question_bank.goals import LIVE, GoalState


class GoalEnded(Refusal):
    """Nothing can come of the goal any more."""

    message = "This goal has ended meanwhile, so nothing was done."


class NotYours(Refusal):
    """Who proposed a goal does not agree to it."""

    message = "You have proposed this goal: the other of you two agrees to it."


def propose_goal(actor: User, fellow: User, wish: GoalWish, *, now: datetime) -> Goal:
    """Propose a goal to a fellow, who is told; the same that is live already is not made again.

    Either way that is the answer to what the mentor was asked about the fellow.

    Args:
        actor: A mentor of the fellow, roles loaded.
        fellow: Whose goal it is to be.
        wish: What is proposed.
        now: When it is.

    Raises:
        NotFound: *actor* does not mentor the fellow today, or that person is no fellow.
        Invalid: what is proposed cannot be, or there are three goals already.
    """
    fellow = locked_person(fellow.id)
    mentors = side_of(actor, fellow.id, now) is GoalSide.MENTOR
    if not mentors or not fellow.is_active or Role.FELLOW not in fellow.roles:
        raise NotFound
    wish = checked_wish(wish, fellow, now)
    live = queries.goals_of([fellow.id], LIVE)
    present = next((goal for goal in live if wish_of(goal) == wish), None)
    if present is not None:
        answer_prompts(actor.id, fellow.id, PromptAnswer.GOAL, now=now)
        return present
    if not queries.has_room(fellow.id):
        raise Invalid(wording.FULL)
    return _proposed(actor, fellow, wish, actor.id, None, now)


def propose_another(actor: User, goal_id: int, wish: GoalWish, *, now: datetime) -> Goal:
    """Propose another goal instead of a live one, to the other side, who is told.

    One that was only proposed is declined thereby. One that is open holds until the other one is
    agreed to; what was proposed in its stead before is declined. Twice is as good as once, but
    what was not agreed to can be proposed again.

    Raises:
        NotFound: there is no such goal, or *actor* is neither its fellow nor mentors that one.
        GoalEnded: nothing can come of it any more.
        Invalid: what is proposed cannot be, or is the same.
    """
    earlier, side = held(actor, goal_id, now=now)
    wish = checked_wish(wish, earlier.fellow, now)
    done = _proposed_before(actor, earlier, wish)
    if done is not None:
        return done
    if earlier.state not in LIVE:
        raise GoalEnded
    if wish_of(earlier) == wish:
        raise Invalid("That is the goal as it is. Change something of it.")
    instead_of, before = earlier, queries.successor_of(goal_id)
    if earlier.state is GoalState.PROPOSED:
        _end(earlier, GoalState.DECLINED, now)
        instead_of = _open_before(earlier) or earlier
    elif before is not None and before.state is GoalState.PROPOSED:
        _end(before, GoalState.DECLINED, now)
    mentor_id = actor.id if side is GoalSide.MENTOR else earlier.mentor_id
    return _proposed(actor, earlier.fellow, wish, mentor_id, instead_of, now)


def agree(actor: User, goal_id: int, *, now: datetime) -> Goal:
    """Agree to a goal that the other side has proposed, and tell that one.

    It holds from now on; an open one in whose stead it was proposed is moved. Twice is as good as
    once.

    Raises:
        NotFound: there is no such goal, or *actor* is neither its fellow nor mentors that one.
        GoalEnded: nothing can come of it any more.
        NotYours: the own side has proposed it.
        Refusal: its day is over.
    """
    goal, side = held(actor, goal_id, now=now)
    if goal.state is GoalState.OPEN:
        return goal
    if goal.state is not GoalState.PROPOSED:
        raise GoalEnded
    if side is not goal.waits_for:
        raise NotYours
    if now >= queries.ends_at(goal):
        raise Refusal("The day of this goal is over. Propose another with a later day.")
    goal.state, goal.agreed_at = GoalState.OPEN, now
    if side is GoalSide.MENTOR:
        goal.mentor_id = actor.id
    earlier = _open_before(goal)
    if earlier is not None:
        _end(earlier, GoalState.MOVED, now)
    db.session.flush()
    _record(actor, "goal.agree", goal, now)
    _tell_others(letters.answered(goal, actor, now), goal, actor, now)
    return goal


def decline(actor: User, goal_id: int, *, now: datetime) -> Goal:
    """Do not agree to a goal, and tell who proposed it; or take the own proposal back.

    Twice is as good as once.

    Raises:
        NotFound: there is no such goal, or *actor* is neither its fellow nor mentors that one.
        GoalEnded: it was agreed to.
    """
    goal, side = held(actor, goal_id, now=now)
    if goal.state is GoalState.DECLINED:
        return goal
    if goal.state is not GoalState.PROPOSED:
        raise GoalEnded("This goal was agreed to meanwhile, so nothing was done.")
    _end(goal, GoalState.DECLINED, now)
    _record(actor, "goal.decline", goal, now)
    if side is goal.waits_for:
        _tell_others(letters.answered(goal, actor, now), goal, actor, now)
    return goal


def move(actor: User, goal_id: int, due_on: date, *, now: datetime) -> Goal:
    """Give an open goal a later day, tell the others, and return what holds in its stead.

    What was answered goes on counting. What was proposed in its stead is declined. Twice is as
    good as once.

    Raises:
        NotFound: there is no such goal, or *actor* does not mentor its fellow today.
        GoalEnded: it is not open any more.
        Invalid: the day is not later, or too far ahead.
    """
    earlier, side = held(actor, goal_id, now=now)
    if side is not GoalSide.MENTOR:
        raise NotFound
    after = queries.successor_of(goal_id)
    if earlier.state is GoalState.MOVED and after is not None and after.due_on == due_on:
        return after
    if earlier.state is not GoalState.OPEN:
        raise GoalEnded
    if due_on <= earlier.due_on:
        raise Invalid(
            f"The day is {say_date(earlier.due_on)}; give a later one. An earlier one is a goal "
            "to propose and agree to.",
            field="due_on",
        )
    check_day(due_on, earlier.fellow, now)
    if after is not None and after.state is GoalState.PROPOSED:
        _end(after, GoalState.DECLINED, now)
    _end(earlier, GoalState.MOVED, now)
    wish = GoalWish(earlier.sentence, earlier.measure, due_on)
    goal = _made(actor, earlier.fellow, wish, actor.id, earlier, now, state=GoalState.OPEN)
    _record(actor, "goal.move", goal, now)
    _tell_others(letters.moved(goal, earlier, actor, now), goal, actor, now)
    return goal


def held(actor: User, goal_id: int, *, now: datetime) -> tuple[Goal, GoalSide]:
    """Return a goal that nobody else changes until the commit, and on which side *actor* is.

    Raises:
        NotFound: there is no such goal, or *actor* is neither its fellow nor mentors that one.
    """
    locked_person(goal_by_id(goal_id).fellow_id)
    return queries.goal_of_side(actor, goal_id, now=now)


def _proposed_before(actor: User, earlier: Goal, wish: GoalWish) -> Goal | None:
    """Return what *actor* has proposed by the same press before; None: there is nothing.

    It hangs on the goal that it was proposed instead of; where that was itself proposed in the
    stead of an open one, and declined by the press, on that one.
    """
    gone = earlier.state is GoalState.DECLINED
    places = {earlier.id, earlier.instead_of_id} if gone else {earlier.id}
    found = [queries.successor_of(place) for place in places if place is not None]
    return next(
        (
            goal
            for goal in found
            if goal is not None
            and goal.id != earlier.id
            and (gone or goal.state is not GoalState.DECLINED)
            and (goal.proposed_by, wish_of(goal)) == (actor.id, wish)
        ),
        None,
    )


def _open_before(goal: Goal) -> Goal | None:
    """Return the open goal in whose stead another was proposed, if it is open still."""
    if goal.instead_of_id is None:
        return None
    earlier = goal_by_id(goal.instead_of_id)
    return earlier if earlier.state is GoalState.OPEN else None


def _end(goal: Goal, state: GoalState, now: datetime) -> None:
    goal.state, goal.ended_at = state, now
    db.session.flush()


def _proposed(
    actor: User, fellow: User, wish: GoalWish, mentor_id: int, earlier: Goal | None, now: datetime
) -> Goal:
    goal = _made(actor, fellow, wish, mentor_id, earlier, now)
    if actor.id != fellow.id:
        answer_prompts(actor.id, fellow.id, PromptAnswer.GOAL, now=now)
    _record(actor, "goal.propose", goal, now)
    _tell_others(letters.proposed(goal, earlier, now), goal, actor, now)
    return goal


def _made(
    actor: User,
    fellow: User,
    wish: GoalWish,
    mentor_id: int,
    earlier: Goal | None,
    now: datetime,
    *,
    state: GoalState = GoalState.PROPOSED,
) -> Goal:
    """Return a new goal; what counts of an earlier one about the same goes on counting."""
    measure = wish.measure
    goes_on = earlier is not None and (earlier.approach, earlier.topic) == (
        measure.approach,
        measure.topic,
    )
    goal = Goal(
        fellow_id=fellow.id,
        mentor_id=mentor_id,
        proposed_by=actor.id,
        sentence=wish.sentence,
        approach=measure.approach,
        topic=measure.topic,
        items=measure.items,
        right=measure.right,
        starts_at=earlier.starts_at if earlier is not None and goes_on else now,
        due_on=wish.due_on,
        state=state,
        proposed_at=now,
        agreed_at=None if state is GoalState.PROPOSED else now,
        instead_of_id=None if earlier is None else earlier.id,
    )
    db.session.add(goal)
    db.session.flush()
    return queries.goal_by_id(goal.id)


def _tell_others(telling: Telling, goal: Goal, actor: User, now: datetime) -> None:
    """Tell the fellow and today's mentors, but for who acts and the mentors beside that one."""
    people = [goal.fellow] if actor.id != goal.fellow_id else mentors_of(goal.fellow, now)
    tell(telling, people, now=now)


def _record(actor: User, action: str, goal: Goal, now: datetime) -> None:
    """Record an act by what is measured, not by anybody's words."""
    after = {
        "fellow_id": goal.fellow_id,
        "about": goal.topic or goal.approach,
        "items": goal.items,
        "right": goal.right,
        "due_on": goal.due_on.isoformat(),
    }
    record(actor, action, "goal", goal.id, now=now, after=after)
