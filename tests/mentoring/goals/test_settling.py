"""What comes of goals: met, missed, told once; and what does not count."""

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

import pytest
from flask import Flask

from lms.attempts.models import Attempt, AttemptState, SubmittedBy
from lms.core.db import db, transaction
from lms.core.mail import Message
from lms.grading.models import Grade
from lms.mentoring.goals import queries
from lms.mentoring.goals.models import Goal
from lms.mentoring.goals.settling import settle_goals
from lms.mentoring.goals.wording import say_progress
from lms.notices.models import Notice
from lms.people.models import User
from question_bank.goals import GoalState, Measure
from question_bank.terms import Feedback
from tests.factories import NOW
from tests.mentoring.goals.factories import DAY, agreed, make_pair, propose
from tests.progress.factories import INTV, PHARM, earned, take, take_again

DUE = date(2026, 12, 5)
OVER = datetime(2026, 12, 6, 5, 0, tzinfo=UTC)
"""Midnight in New York, at the end of that day."""


@pytest.fixture(autouse=True)
def opened(app: Flask):
    """Have a transaction open, as who acts has."""
    with app.app_context(), transaction():
        yield


@pytest.fixture
def pair(opened) -> tuple[User, User]:
    return make_pair()


def settled(goal: Goal, now: datetime) -> GoalState:
    settle_goals(goal.fellow_id, now=now)
    return queries.goal_by_id(goal.id).state


def progress(goal: Goal, now: datetime) -> str:
    (found,) = queries.tracked([queries.goal_by_id(goal.id)], now=now)
    return say_progress(found)


def subjects(person: User) -> list[str]:
    rows = db.session.scalars(
        db.select(Message.subject)
        .join(Notice, Notice.message_id == Message.id)
        .where(Notice.user_id == person.id, Notice.kind == "goal_ended")
        .order_by(Message.id)
    )
    return list(rows)


def test_a_goal_is_met_and_both_are_told_once(pair) -> None:
    fellow, mentor = pair
    goal = agreed(mentor, fellow)
    take(fellow, NOW + DAY, {INTV: earned(4, 5)})

    for _ in range(2):
        assert settled(goal, NOW + 2 * DAY) is GoalState.MET

    assert subjects(fellow) == ["Your goal is met"]
    assert subjects(mentor) == ["The goal of Dr. Amina Diallo is met"]


def test_a_goal_is_missed_when_its_day_is_over_in_the_fellows_zone(pair) -> None:
    fellow, mentor = pair
    goal = agreed(mentor, fellow, due_on=DUE)
    take(fellow, NOW + DAY, {INTV: earned(3, 5)})

    assert settled(goal, OVER - timedelta(seconds=1)) is GoalState.OPEN
    assert settled(goal, OVER) is GoalState.MISSED
    assert subjects(fellow) == ["Your goal was not reached by Dec 5"]
    assert subjects(mentor) == ["The goal of Dr. Amina Diallo was not reached by Dec 5"]


def test_progress_is_said_with_what_is_needed(pair) -> None:
    fellow, mentor = pair
    goal = agreed(mentor, fellow, measure=Measure(10, 8, approach="interventional"))
    assert progress(goal, NOW) == "none of 10 answered yet; 8 more right are needed"

    take(fellow, NOW + DAY, {INTV: earned(5, 6)})

    assert progress(goal, NOW + DAY) == "6 of 10 answered, 5 right; 3 more right are needed"


def test_only_what_was_handed_in_since_it_was_set_counts(pair) -> None:
    fellow, mentor = pair
    take(fellow, NOW - DAY, {INTV: earned(5, 5)})
    goal = agreed(mentor, fellow, due_on=DUE)
    take(fellow, OVER, {INTV: earned(5, 5)})

    assert progress(goal, OVER + DAY) == "none of 5 answered yet"


def test_other_topics_and_repeats_do_not_count(pair) -> None:
    fellow, mentor = pair
    before = take(fellow, NOW - DAY, {INTV: earned(1, 5)})
    goal = agreed(mentor, fellow)
    take(fellow, NOW + DAY, {PHARM: earned(5, 5)})
    take_again(before, NOW + DAY, earned(5, 5))

    assert settled(goal, NOW + 2 * DAY) is GoalState.OPEN
    assert progress(goal, NOW + 2 * DAY).startswith("none of 5 answered yet")


def test_what_the_fellow_may_not_know_yet_is_neither_counted_nor_told(pair) -> None:
    fellow, mentor = pair
    goal = agreed(mentor, fellow)
    take(fellow, NOW + DAY, {INTV: earned(5, 5)}, feedback=Feedback.CLOSED)

    assert settled(goal, NOW + 2 * DAY) is GoalState.OPEN
    said = progress(goal, NOW + 2 * DAY)
    assert said == ("0 of the latest 5 right, 5 not counted yet; up to 4 more right are needed")
    assert subjects(fellow) == subjects(mentor) == []

    assert settled(goal, NOW + 5 * DAY) is GoalState.MET


def test_what_waits_when_the_day_is_over_is_waited_for(pair) -> None:
    fellow, mentor = pair
    goal = agreed(mentor, fellow, due_on=DUE)
    take(fellow, OVER - timedelta(hours=1), {INTV: earned(4, 5)}, feedback=Feedback.CLOSED)

    assert settled(goal, OVER + timedelta(minutes=5)) is GoalState.OPEN
    assert settled(goal, OVER + 5 * DAY) is GoalState.MET


def test_an_attempt_that_is_not_graded_yet_is_waited_for(pair) -> None:
    fellow, mentor = pair
    goal = agreed(mentor, fellow, due_on=DUE)
    attempt = take(fellow, NOW + DAY, {INTV: earned(4, 5)})
    attempt.state, attempt.graded_at = AttemptState.SUBMITTED, None
    db.session.flush()

    assert settled(goal, OVER) is GoalState.OPEN

    attempt.state, attempt.graded_at = AttemptState.GRADED, OVER
    db.session.flush()
    assert settled(goal, OVER) is GoalState.MET


def test_an_attempt_that_the_clock_is_about_to_close_is_waited_for(pair) -> None:
    fellow, mentor = pair
    goal = agreed(mentor, fellow, due_on=DUE)
    attempt = take(fellow, NOW + DAY, {PHARM: earned(1, 1)})
    running = {
        "state": AttemptState.IN_PROGRESS,
        "submitted_at": None,
        "submitted_by": None,
        "graded_at": None,
        "score": None,
        "deadline_at": OVER - timedelta(seconds=2),
    }
    db.session.execute(db.update(Attempt).where(Attempt.id == attempt.id).values(**running))

    assert settled(goal, OVER) is GoalState.OPEN


def closed_by_the_clock(fellow: User, deadline: datetime, at: datetime) -> Attempt:
    """Return an attempt that meets the goal and whose time ended before it was handed in."""
    attempt = take(fellow, at, {INTV: earned(4, 5)})
    attempt.submitted_by, attempt.deadline_at = SubmittedBy.CLOCK, deadline
    db.session.flush()
    return attempt


@pytest.mark.parametrize("graded", [True, False])
def test_what_the_clock_closes_on_the_day_counts_though_the_sweep_comes_after_midnight(
    pair, graded: bool
) -> None:
    fellow, mentor = pair
    goal = agreed(mentor, fellow, due_on=DUE)
    swept = OVER + timedelta(seconds=5)
    attempt = closed_by_the_clock(fellow, OVER - timedelta(minutes=1), swept)
    if not graded:
        attempt.state, attempt.graded_at = AttemptState.SUBMITTED, None
        db.session.flush()

    assert settled(goal, swept) is (GoalState.MET if graded else GoalState.OPEN)


def test_what_the_clock_closed_before_the_goal_was_set_does_not_count(pair) -> None:
    fellow, mentor = pair
    closed_by_the_clock(fellow, NOW - timedelta(seconds=1), NOW + timedelta(seconds=5))
    goal = agreed(mentor, fellow)

    assert progress(goal, NOW + DAY).startswith("none of 5 answered yet")
    assert queries.fellows_to_settle(NOW + DAY) == []


def test_a_correction_opens_nothing_again_but_shows_the_figures_of_today(pair) -> None:
    fellow, mentor = pair
    goal = agreed(mentor, fellow)
    take(fellow, NOW + DAY, {INTV: earned(4, 5)})
    assert settled(goal, NOW + DAY) is GoalState.MET

    db.session.execute(db.update(Grade).values(credit_num=0, credit_den=1))

    assert settled(goal, NOW + 2 * DAY) is GoalState.MET
    assert progress(goal, NOW + 2 * DAY) == "0 of the latest 5 right; 4 more right are needed"
    assert len(subjects(fellow)) == 1


def test_partial_credit_is_said(pair) -> None:
    fellow, mentor = pair
    goal = agreed(mentor, fellow)
    take(fellow, NOW + DAY, {INTV: [Fraction(1, 2), Fraction(1)]})

    assert progress(goal, NOW + DAY) == (
        "2 of 5 answered, 1.5 right with partial credit; 3 more right are needed"
    )


def test_a_proposal_lapses_with_its_day_and_nobody_is_told(pair) -> None:
    fellow, mentor = pair
    goal = propose(mentor, fellow, due_on=DUE)

    assert settled(goal, OVER) is GoalState.DECLINED
    assert subjects(fellow) == subjects(mentor) == []


def test_who_has_no_mentor_any_more_is_told_alone(pair) -> None:
    fellow, mentor = pair
    goal = agreed(mentor, fellow)
    take(fellow, NOW + DAY, {INTV: earned(4, 5)})
    mentor.disabled_at = NOW
    db.session.flush()

    settled(goal, NOW + DAY)

    assert subjects(fellow) == ["Your goal is met"]
    assert subjects(mentor) == []


def test_the_sweep_looks_only_where_something_may_have_come_of_a_goal(pair) -> None:
    fellow, mentor = pair
    agreed(mentor, fellow, due_on=DUE)
    assert queries.fellows_to_settle(NOW + DAY) == []

    take(fellow, NOW + DAY, {INTV: earned(3, 3)})
    assert queries.fellows_to_settle(NOW + DAY) == []

    take(fellow, NOW + DAY, {INTV: earned(0, 1)})
    assert queries.fellows_to_settle(NOW + DAY) == [fellow.id]


def test_the_sweep_leaves_nobody_out_whose_day_is_over(pair) -> None:
    fellow, mentor = pair
    fellow.time_zone = "Pacific/Kiritimati"
    db.session.flush()
    goal = agreed(mentor, fellow, due_on=DUE)
    over = datetime(2026, 12, 5, 10, 0, tzinfo=UTC)

    assert queries.ends_at(queries.goal_by_id(goal.id)) == over
    assert queries.fellows_to_settle(over) == [fellow.id]
