"""Jobs have no place in the schema before, so none that can still go on is thrown away."""

import flask_migrate
import pytest
from alembic import command
from flask import Flask
from sqlalchemy import text

from lms.core.db import db, migrate
from tests.migrations import edition
from tests.migrations.test_bringing_up import fill
from tests.test_schema import empty

__all__ = ["empty"]


def job(state: str, kind: str, given: str) -> None:
    """Put in a job of one step that was not done, in the schema that jobs began with."""
    fill()
    command.downgrade(migrate.get_config(), "0015")
    ended = "'2026-11-29 21:00:00'" if state in ("done", "failed") else "NULL"
    error, progress = ("'no'" if state == "failed" else "NULL"), int(state == "done")
    with db.engine.begin() as connection:
        connection.execute(
            text(f"""INSERT INTO job (kind, state, owner_id, given, step, progress, error,
            asked_at, moved_at, ended_at) VALUES ('{kind}', '{state}', 1, {given}, 0, {progress},
            {error}, '2026-11-29 20:00:00', '2026-11-29 20:00:00', {ended})""")
        )


@pytest.mark.parametrize("state", ["waiting", "running", "failed"])
def test_a_job_that_can_go_on_is_not_thrown_away_on_the_way_down(empty: Flask, state: str) -> None:
    job(state, "import", """'{"text": "email"}'""")
    before = edition.read()

    with pytest.raises(RuntimeError, match="can still go on"):
        command.downgrade(migrate.get_config(), "0014")

    assert edition.read() == before


@pytest.mark.parametrize(
    ("state", "kind", "given"),
    [("done", "import", "'{}'"), ("failed", "import", "NULL"), ("failed", "load", "'{}'")],
)
def test_a_job_that_is_over_keeps_nobody_from_going_back(
    empty: Flask, state: str, kind: str, given: str
) -> None:
    job(state, kind, given)

    command.downgrade(migrate.get_config(), "0014")

    assert "job" not in edition.read()


def test_a_job_of_before_was_never_given_back(empty: Flask) -> None:
    job("waiting", "import", "'{}'")

    flask_migrate.upgrade()

    (found,) = edition.read()["job"].values()
    assert found["setbacks"] == 0
