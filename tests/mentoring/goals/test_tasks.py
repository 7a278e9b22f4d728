"""The sweep over goals, as a worker does it."""

from datetime import UTC, date, datetime

from flask import Flask
from structlog.testing import capture_logs

from lms.core.db import db, transaction
from lms.mentoring.goals import queries
from lms.mentoring.goals.models import Goal
from lms.mentoring.goals.tasks import settle_all_goals
from lms.notices.models import Notice
from question_bank.goals import GoalState
from tests.mentoring.goals.factories import agreed, make_pair

SUMMER = datetime(2026, 7, 10, 12, 0, tzinfo=UTC)
"""Before any moment at which a test can run."""


def test_the_task_settles_what_is_over_and_twice_is_as_good_as_once(app: Flask) -> None:
    with app.app_context():
        with transaction():
            fellow, mentor = make_pair()
            agreed(mentor, fellow, now=SUMMER, due_on=date(2026, 8, 1))

        for _ in range(2):
            settle_all_goals()

        assert db.session.scalars(db.select(Goal.state)).one() is GoalState.MISSED
        told = db.session.scalars(db.select(Notice.user_id).where(Notice.kind == "goal_ended"))
        assert sorted(told) == sorted([fellow.id, mentor.id])


def test_a_fellow_whose_goals_cannot_be_settled_keeps_nobody_waiting(app: Flask) -> None:
    with app.app_context():
        with transaction():
            (broken, mentor), (fellow, other) = (
                make_pair(),
                make_pair("Dr. Bo Costa", "Dr. Ann Lee"),
            )
            agreed(mentor, broken, now=SUMMER, due_on=date(2026, 8, 1))
            goal = agreed(other, fellow, now=SUMMER, due_on=date(2026, 8, 1))
            broken.time_zone = "No/Such"

        with capture_logs() as lines:
            settle_all_goals()

        assert [(each["event"], each["fellow"]) for each in lines] == [
            ("goals_not_settled", broken.id)
        ]
        assert queries.goal_by_id(goal.id).state is GoalState.MISSED
