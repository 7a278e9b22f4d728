"""Who waits for a mail to choose a password is not forgotten on the way down."""

import flask_migrate
import pytest
from alembic import command
from flask import Flask
from sqlalchemy import text

from lms.core.db import db, migrate
from tests.migrations import edition
from tests.test_schema import empty

__all__ = ["empty"]


def at_the_doors(statement: str) -> None:
    """Do *statement* in the schema in which tries are counted first."""
    flask_migrate.upgrade(revision="0025")
    with db.engine.begin() as connection:
        connection.execute(text(statement))


def test_a_request_that_waits_is_not_thrown_away_on_the_way_down(empty: Flask) -> None:
    at_the_doors(
        "INSERT INTO reset_request (id, email, network, asked_at) "
        "VALUES (1, 'a@example.org', '192.0.2.7', '2026-11-29 20:00:00')"
    )
    before = edition.read()

    with pytest.raises(RuntimeError, match="let the workers write these mails first"):
        command.downgrade(migrate.get_config(), "0024")

    assert edition.read() == before


def test_counts_of_tries_keep_nobody_from_going_back(empty: Flask) -> None:
    at_the_doors(
        "INSERT INTO throttle (kind, account, network, failures, since, next_try_at) VALUES "
        "('password', 'x', '192.0.2.7', 3, '2026-11-29 20:00:00', '2026-11-29 20:00:00')"
    )

    command.downgrade(migrate.get_config(), "0024")

    assert "throttle" not in edition.read()
