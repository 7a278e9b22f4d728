"""Nobody goes back over a goal that somebody proposed; without one the way down is free."""

import flask_migrate
import pytest
from alembic import command
from flask import Flask
from sqlalchemy import inspect

from lms.core.db import db, migrate, transaction
from lms.mentoring.goals.models import Goal
from tests.mentoring.goals.factories import SENTENCE, make_pair, propose
from tests.test_schema import empty

__all__ = ["empty"]

OLD, NEW = "0043", "0044"


def test_a_goal_is_not_thrown_away_on_the_way_down(empty: Flask) -> None:
    flask_migrate.upgrade()
    with transaction():
        fellow, mentor = make_pair()
        propose(mentor, fellow)

    with pytest.raises(RuntimeError, match="There are goals"):
        command.downgrade(migrate.get_config(), OLD)

    assert db.session.scalars(db.select(Goal.sentence)).all() == [SENTENCE]


def test_without_goals_their_table_comes_and_goes(empty: Flask) -> None:
    flask_migrate.upgrade(revision=NEW)
    assert inspect(db.engine).has_table("goal")

    command.downgrade(migrate.get_config(), OLD)

    assert not inspect(db.engine).has_table("goal")
