"""No short quiz that a mentor wants is thrown away; where there is none the way down is free."""

from datetime import UTC, datetime

import flask_migrate
import pytest
from alembic import command
from flask import Flask
from sqlalchemy import inspect

from lms.core.db import db, migrate, transaction
from lms.mentoring.wishing.models import QuizWish
from tests.mentoring.goals.factories import make_pair
from tests.mentoring.wishing.factories import make_waiting_wish
from tests.test_schema import empty

__all__ = ["empty"]

OLD, NEW = "0049", "0050"


def test_a_wish_is_not_thrown_away_on_the_way_down(empty: Flask) -> None:
    flask_migrate.upgrade()
    with transaction():
        fellow, mentor = make_pair()
        make_waiting_wish(mentor, fellow, now=datetime(2026, 11, 2, 15, tzinfo=UTC))

    with pytest.raises(RuntimeError, match="mentors want short quizzes"):
        command.downgrade(migrate.get_config(), OLD)

    assert db.session.scalars(db.select(QuizWish.items)).all() == [10]


def test_without_one_the_table_comes_and_goes(empty: Flask) -> None:
    flask_migrate.upgrade(revision=NEW)
    assert inspect(db.engine).has_table("quiz_wish")

    command.downgrade(migrate.get_config(), OLD)

    assert not inspect(db.engine).has_table("quiz_wish")
