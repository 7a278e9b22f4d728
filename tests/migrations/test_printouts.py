"""PDFs and their jobs come with a schema and go with it; other jobs stay as they were."""

import flask_migrate
import pytest
from alembic import command
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from lms.core.db import db, migrate
from tests.migrations import edition
from tests.migrations.test_bringing_up import fill
from tests.test_schema import empty

__all__ = ["empty"]

OLD, NEW = "0050", "0051"


def put_job(kind: str) -> None:
    with db.engine.begin() as connection:
        connection.execute(
            text(f"""INSERT INTO job (kind, state, owner_id, given, step, setbacks, progress,
            asked_at, moved_at) VALUES ('{kind}', 'waiting', 1, '{{}}', 0, 0, 0,
            '2026-11-29 20:00:00', '2026-11-29 20:00:00')""")
        )


def test_jobs_of_before_stay_and_those_of_pdfs_go_on_the_way_down(empty: Flask) -> None:
    fill()
    command.downgrade(migrate.get_config(), OLD)
    put_job("import")
    before = edition.read()["job"]
    with pytest.raises(IntegrityError):
        put_job("print")

    flask_migrate.upgrade(revision=NEW)
    assert edition.read()["job"] == before
    put_job("print")
    with db.engine.begin() as connection:
        connection.execute(
            text("""INSERT INTO printout (job_id, owner_id, fellow_id, kind, asked_at)
            SELECT id, 1, 1, 'progress', asked_at FROM job WHERE kind = 'print'""")
        )
    command.downgrade(migrate.get_config(), OLD)

    assert edition.read()["job"] == before
    assert "printout" not in edition.read()
