"""No mentor's rhythm is thrown away; where none is chosen the way down is free."""

from datetime import UTC, datetime

import flask_migrate
import pytest
from alembic import command
from flask import Flask
from sqlalchemy import inspect

from lms.core.db import db, migrate, transaction
from lms.mentoring.digests import services
from lms.mentoring.digests.models import ChosenRhythm
from lms.mentoring.digests.rhythms import Rhythm
from lms.people.models import Role
from tests.factories import make_user
from tests.test_schema import empty

__all__ = ["empty"]

OLD, NEW = "0047", "0048"


def test_a_chosen_rhythm_is_not_thrown_away_on_the_way_down(empty: Flask) -> None:
    flask_migrate.upgrade()
    chosen_at = datetime(2026, 11, 2, 15, tzinfo=UTC)
    with transaction():
        services.choose(make_user(Role.MENTOR), Rhythm(weeks=2, weekday=3), now=chosen_at)

    with pytest.raises(RuntimeError, match="mentors have chosen rhythms"):
        command.downgrade(migrate.get_config(), OLD)

    assert db.session.scalars(db.select(ChosenRhythm.weekday)).all() == [3]


def test_without_one_the_tables_come_and_go(empty: Flask) -> None:
    flask_migrate.upgrade(revision=NEW)
    assert inspect(db.engine).has_table("rhythm")

    command.downgrade(migrate.get_config(), OLD)

    assert not inspect(db.engine).has_table("rhythm")
