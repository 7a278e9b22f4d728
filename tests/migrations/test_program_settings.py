"""What the program has set has no place in the schema before, so nobody goes back over it."""

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

SAID = {
    "a setting": """INSERT INTO setting (name, value, changed_at)
        VALUES ('verdict', '{"line": 75}', '2026-11-29 21:00:00')""",
    "a discipline": """UPDATE "user" SET discipline = 'neurology'""",
    "a clinician": """UPDATE "user" SET clinician = true""",
}


@pytest.mark.parametrize("what", SAID)
def test_what_was_set_is_not_thrown_away_on_the_way_down(empty: Flask, what: str) -> None:
    fill()
    with db.engine.begin() as connection:
        connection.execute(text(SAID[what]))
    before = edition.read()

    with pytest.raises(RuntimeError, match="has no place for what the program has set"):
        command.downgrade(migrate.get_config(), "0013")

    assert edition.read() == before


def test_people_of_before_have_no_discipline_and_are_no_clinicians(empty: Flask) -> None:
    flask_migrate.upgrade(revision="0013")
    with db.engine.begin() as connection:
        connection.execute(
            text("""INSERT INTO "user" (id, email, name, time_zone, theme, created_at)
            VALUES (1, 'a@b.org', 'A', 'UTC', '', '2026-01-01 00:00:00')""")
        )

    flask_migrate.upgrade()

    (person,) = edition.read()["user"].values()
    assert (person["discipline"], bool(person["clinician"])) == (None, False)
