"""Whoever is there is found after the migration as who comes later."""

import flask_migrate
from alembic import command
from flask import Flask
from sqlalchemy import select

from lms.core.db import db, migrate
from lms.people.models import User
from lms.people.seeking import as_sought
from tests.attempts.test_terms_migration import found, told
from tests.test_schema import empty

__all__ = ["empty"]

OLD, NEW = "0052", "0053"
NAMES = ("Dr. María  O’Brien-Łukaszewicz", "Dr. Großmann", "ΆΛΦΑ", "Dr. Zoe\u0308")


def test_names_of_before_are_sought_as_those_of_today(empty: Flask) -> None:
    flask_migrate.upgrade(revision=OLD)
    told(
        *(
            f"""INSERT INTO "user" (email, name, time_zone, theme, created_at, clinician)
            VALUES ('p{number}@example.org', '{name}', 'UTC', '', '2026-01-01', false)"""
            for number, name in enumerate(NAMES)
        )
    )

    flask_migrate.upgrade(revision=NEW)
    kept = db.session.execute(select(User.name, User.email, User.sought).order_by(User.id)).all()
    db.session.remove()
    command.downgrade(migrate.get_config(), OLD)

    assert [row.sought for row in kept] == [as_sought(row.name, row.email) for row in kept]
    assert [row.name for row in kept] == list(NAMES)
    assert found('SELECT name FROM "user" ORDER BY id') == [(name,) for name in NAMES]
