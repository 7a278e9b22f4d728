"""Reading goals and how far they have come, in a fixed number of statements."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import joinedload

from lms.attempts.models import Attempt, Response
from lms.core.clock import at, local
from lms.core.db import db
from lms.core.errors import NotFound
from lms.exposure.models import Exposure
from lms.mentoring.access import relation_of
from lms.mentoring.goals.answers import FirstAnswer, first_answers
from lms.mentoring.goals.models import Goal, GoalSide
from lms.people.models import User
from lms.program.queries import mentorships
from lms.progress.facts import HANDED_IN_AT
from question_bank.goals import AT_ONCE, LIVE, CountedAnswer, GoalProgress, GoalState, progress_of

LISTED = 5
"""How many goals that have ended a page lists of one fellow; those that are live are all there."""

_FARTHEST = timedelta(hours=14)
"""How far ahead of UTC clocks are set at most."""


def side_of(person: User, fellow_id: int, now: datetime) -> GoalSide | None:
    """Return as what *person*, roles loaded, reads a fellow's goals *now*; None: not at all."""
    relation = relation_of(person, fellow_id, local(now, person.time_zone).date())
    if not relation.reads_goals:
        return None
    if not relation.agrees_on_goals:
        return GoalSide.DIRECTOR
    return GoalSide.FELLOW if relation.is_fellow else GoalSide.MENTOR


def mentors_of(fellow: User, now: datetime) -> list[User]:
    """Return who mentors a fellow today, by name; roles loaded.

    A mentor who is away is left out: who stands in is told what there is.
    """
    today = local(now, fellow.time_zone).date()
    found = [
        each for each in mentorships([fellow.id], today).get(fellow.id, ()) if each.holds(today)
    ]
    away = {each.stands_in_for_id for each in found}
    return list(
        {each.mentor_id: each.mentor for each in found if each.mentor_id not in away}.values()
    )


@dataclass(frozen=True)
class TrackedGoal:
    """A goal, its people with roles, and how far it has come by the figures of *today*.

    That is a day in the fellow's zone.
    """

    goal: Goal
    progress: GoalProgress
    today: date

    @property
    def is_over(self) -> bool:
        """Whether the day of the goal is over."""
        return self.goal.due_on < self.today

    @property
    def waits_for_figures(self) -> bool:
        """Whether its day is over, and answers that are not counted yet say what came of it."""
        return self.is_over and self.goal.state is GoalState.OPEN


def ends_at(goal: Goal) -> datetime:
    """Return when the day of a goal, whose fellow is loaded, is over."""
    return at(goal.due_on + timedelta(days=1), time(), goal.fellow.time_zone)


def _loaded() -> Select[Goal]:
    return (
        select(Goal)
        .options(
            *(
                joinedload(person).selectinload(User.role_rows)
                for person in (Goal.fellow, Goal.mentor, Goal.proposer)
            )
        )
        .execution_options(populate_existing=True)
    )


def goal_for(reader: User, goal_id: int, *, now: datetime) -> tuple[Goal, GoalSide]:
    """Return a goal, its people with roles, and as what *reader*, roles loaded, reads it.

    Raises:
        NotFound: there is none with that id that the reader may read.
    """
    goal = goal_by_id(goal_id)
    side = side_of(reader, goal.fellow_id, now)
    if side is None:
        raise NotFound
    return goal, side


def goal_of_side(reader: User, goal_id: int, *, now: datetime) -> tuple[Goal, GoalSide]:
    """Return the same, for who may act on it: its fellow, or who mentors that one today.

    Raises:
        NotFound: there is none with that id, or the reader is neither.
    """
    goal, side = goal_for(reader, goal_id, now=now)
    if side is GoalSide.DIRECTOR:
        raise NotFound
    return goal, side


def goal_by_id(goal_id: int) -> Goal:
    """Return a goal as the database knows it now; its people with roles.

    Raises:
        NotFound: there is none with that id.
    """
    goal = db.session.scalar(_loaded().where(Goal.id == goal_id))
    if goal is None:
        raise NotFound
    return goal


def goals_of(
    fellow_ids: Iterable[int], states: Collection[GoalState] = tuple(GoalState)
) -> list[Goal]:
    """Return the goals of fellows in some states: what is due first, first."""
    chosen = _loaded().where(Goal.fellow_id.in_(list(fellow_ids)), Goal.state.in_(list(states)))
    return list(db.session.scalars(chosen.order_by(Goal.due_on, Goal.id)))


def tracked(goals: Sequence[Goal], *, now: datetime) -> list[TrackedGoal]:
    """Return the same goals with what has come of them; in a fixed number of statements."""
    if not goals:
        return []
    answers = first_answers({goal.fellow_id for goal in goals}, now=now)
    return [
        TrackedGoal(
            goal,
            progress_of(goal.measure, _counted(goal, answers)),
            today=local(now, goal.fellow.time_zone).date(),
        )
        for goal in goals
    ]


def _counted(goal: Goal, answers: Iterable[FirstAnswer]) -> list[CountedAnswer]:
    until, measure = ends_at(goal), goal.measure
    return [
        each.answer
        for each in answers
        if each.fellow_id == goal.fellow_id
        and measure.is_about(each.approach, each.topic)
        and goal.starts_at <= each.answer.handed_in_at < until
    ]


def live_goals(fellow_ids: Iterable[int], *, now: datetime) -> list[TrackedGoal]:
    """Return the goals of fellows that are open or proposed; in a fixed number of statements."""
    return tracked(goals_of(fellow_ids, LIVE), now=now)


def goals_lately(
    fellow_ids: Iterable[int], *, since: datetime, now: datetime
) -> dict[int, list[TrackedGoal]]:
    """Return the goals of each fellow that are live or ended since then; a fixed number."""
    known = goals_of(fellow_ids, {*LIVE, GoalState.MET, GoalState.MISSED})
    recent = [goal for goal in known if goal.ended_at is None or goal.ended_at >= since]
    found: dict[int, list[TrackedGoal]] = {}
    for each in tracked(recent, now=now):
        found.setdefault(each.goal.fellow_id, []).append(each)
    return found


def all_goals(fellow_id: int, *, now: datetime) -> list[TrackedGoal]:
    """Return the goals of a fellow: live ones, then those that ended last; a fixed number."""
    every = goals_of([fellow_id])
    live = [goal for goal in every if goal.state.is_live]
    ended = sorted(
        (goal for goal in every if goal.ended_at is not None),
        key=lambda goal: (goal.ended_at, goal.id),
        reverse=True,
    )
    return tracked([*live, *ended[:LISTED]], now=now)


def successor_of(goal_id: int) -> Goal | None:
    """Return the goal that was proposed last in the stead of another; None: there is none."""
    last = select(Goal).where(Goal.instead_of_id == goal_id).order_by(Goal.id.desc()).limit(1)
    return db.session.scalar(last)


def how_many_live(fellow_id: int) -> int:
    """Return how many goals of a fellow are open or proposed; another for one counts with it."""
    live = goals_of([fellow_id], LIVE)
    ids = {goal.id for goal in live}
    return sum(goal.instead_of_id not in ids for goal in live)


def has_room(fellow_id: int) -> bool:
    """Return whether another goal may be proposed to a fellow."""
    return how_many_live(fellow_id) < AT_ONCE


def fellows_to_settle(now: datetime) -> list[int]:
    """Return the fellows who may have met or missed a goal; one statement.

    Nobody is left out who has: a goal wants as many answers as are to be right, or its day is over
    where clocks are farthest ahead.
    """
    handed_in = (
        select(func.count())
        .select_from(Exposure)
        .join(Response, Response.id == Exposure.response_id)
        .join(Attempt, Attempt.id == Response.attempt_id)
        .where(
            Exposure.fellow_id == Goal.fellow_id,
            Goal.starts_at <= HANDED_IN_AT,
            or_(Response.approach == Goal.approach, Response.topic == Goal.topic),
        )
        .correlate(Goal)
        .scalar_subquery()
    )
    due = Goal.due_on < (now + _FARTHEST).astimezone(UTC).date()
    enough = and_(Goal.state == GoalState.OPEN, handed_in >= Goal.right)
    chosen = select(Goal.fellow_id).where(Goal.state.in_(LIVE), or_(due, enough))
    return list(db.session.scalars(chosen.distinct().order_by(Goal.fellow_id)))
