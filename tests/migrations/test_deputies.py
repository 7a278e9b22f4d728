"""Mentorships keep what they say on the way up and down; no deputy is taken for a mentor."""

from datetime import date

import flask_migrate
import pytest
from alembic import command
from flask import Flask
from sqlalchemy import text

from lms.core.db import db, migrate, transaction
from lms.people.models import Role
from lms.program.models import Mentorship
from tests.factories import add, make_fellow, make_user
from tests.test_schema import empty

__all__ = ["empty"]

OLD, NEW = "0048", "0049"

KEPT = text("SELECT mentor_id, fellow_id, starts_on, ends_on FROM mentorship ORDER BY id")


def rows() -> list[tuple[object, ...]]:
    with db.engine.connect() as connection:
        return [tuple(str(each) for each in row) for row in connection.execute(KEPT)]


def test_mentorships_come_through_down_and_up(empty: Flask) -> None:
    flask_migrate.upgrade()
    with transaction():
        mentor, fellow = make_user(Role.MENTOR), make_fellow()
        for first, last in ((date(2025, 7, 1), date(2026, 6, 30)), (date(2026, 7, 1), None)):
            add(Mentorship(mentor_id=mentor.id, fellow_id=fellow.id, starts_on=first, ends_on=last))
    before = rows()

    command.downgrade(migrate.get_config(), OLD)
    at_old = rows()
    flask_migrate.upgrade(revision=NEW)

    assert len(before) == 2
    assert at_old == before == rows()


def test_a_deputy_is_not_thrown_away_on_the_way_down(empty: Flask) -> None:
    flask_migrate.upgrade()
    with transaction():
        mentor, deputy, fellow = make_user(Role.MENTOR), make_user(Role.MENTOR), make_fellow()
        day = date(2026, 11, 25)
        add(
            Mentorship(
                mentor_id=deputy.id,
                fellow_id=fellow.id,
                starts_on=day,
                ends_on=day,
                stands_in_for_id=mentor.id,
            )
        )
    before = rows()

    with pytest.raises(RuntimeError, match="some mentorships are of deputies"):
        command.downgrade(migrate.get_config(), OLD)

    assert rows() == before
