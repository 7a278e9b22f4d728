"""Those who act on the goals of one fellow at the same moment, on the real database."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from lms.core.db import db, transaction
from lms.core.errors import Invalid, Refusal
from lms.mentoring.goals import services
from lms.mentoring.goals.models import Goal
from lms.mentoring.goals.queries import how_many_live
from lms.mentoring.goals.settling import settle_goals
from lms.notices.models import Notice
from lms.people.models import Role, User
from question_bank.goals import GoalState, Measure
from tests.factories import NOW, make_mentorship, make_user
from tests.mentoring.goals.factories import agreed, make_pair, propose, wish
from tests.overlap import while_open
from tests.progress.factories import INTV, earned, take

OTHER = Measure(10, 8, approach="interventional")


@pytest.fixture
def pair(app: Flask) -> tuple[User, User]:
    with app.app_context(), transaction():
        return make_pair()


def outcome(act: Callable[[], object]) -> Callable[[], object]:
    """Return *act* with the refusal as what it comes to."""

    def do() -> object:
        try:
            return act()
        except Refusal as refusal:
            return refusal

    return do


def test_two_mentors_at_once_propose_no_fourth_goal(app: Flask, pair) -> None:
    fellow, mentor = pair
    with app.app_context(), transaction():
        second = make_user(Role.MENTOR)
        make_mentorship(second, fellow)
        for number in range(2):
            propose(mentor, fellow, sentence=f"Goal {number}.")

    came = while_open(
        app,
        lambda: propose(mentor, fellow, sentence="Third."),
        outcome(lambda: propose(second, fellow, sentence="Fourth.")),
    )

    assert isinstance(came, Invalid)
    with app.app_context():
        assert how_many_live(fellow.id) == 3


def test_who_agrees_while_another_is_proposed_agrees_to_nothing_that_is_gone(
    app: Flask, pair
) -> None:
    fellow, mentor = pair
    with app.app_context(), transaction():
        goal = propose(mentor, fellow)

    came = while_open(
        app,
        lambda: services.propose_another(mentor, goal.id, wish(measure=OTHER), now=NOW),
        outcome(lambda: services.agree(fellow, goal.id, now=NOW)),
    )

    assert isinstance(came, services.GoalEnded)


def test_two_sweeps_at_once_tell_what_came_of_a_goal_once(app: Flask, pair) -> None:
    fellow, mentor = pair
    later = NOW + timedelta(days=2)
    with app.app_context(), transaction():
        agreed(mentor, fellow)
        take(fellow, NOW + timedelta(days=1), {INTV: earned(4, 5)})

    while_open(
        app,
        lambda: settle_goals(fellow.id, now=later),
        lambda: settle_goals(fellow.id, now=later),
    )

    with app.app_context():
        assert db.session.scalars(db.select(Goal.state)).one() is GoalState.MET
        told = db.session.scalars(db.select(Notice.user_id).where(Notice.kind == "goal_ended"))
        assert sorted(told) == sorted([fellow.id, mentor.id])


def test_a_day_is_not_moved_of_a_goal_that_is_met_meanwhile(app: Flask, pair) -> None:
    fellow, mentor = pair
    later = NOW + timedelta(days=2)
    with app.app_context(), transaction():
        goal = agreed(mentor, fellow)
        take(fellow, NOW + timedelta(days=1), {INTV: earned(4, 5)})

    came = while_open(
        app,
        lambda: settle_goals(fellow.id, now=later),
        outcome(lambda: services.move(mentor, goal.id, goal.due_on + timedelta(days=9), now=later)),
    )

    assert isinstance(came, services.GoalEnded)
