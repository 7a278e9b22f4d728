"""`lms serve` over a database of another version."""

import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from lms.app import create_app
from lms.config import Settings
from lms.core.db import db
from lms.core.schema import revision_known
from tests.migrations import edition
from tests.test_serve import Started

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("processes")]


@pytest.fixture
def old(tmp_path: Path) -> Iterator[Started]:
    """A start in an instance folder of the first edition."""
    instance = tmp_path / "instance"
    with create_app(Settings(instance=instance)).app_context():
        edition.load()
    service = Started(instance)
    yield service
    service.kill()


def ask(path: Path, sql: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as database, database:
        return database.execute(sql).fetchall()


def rows(service: Started) -> edition.Rows:
    with create_app(Settings(instance=service.instance)).app_context():
        found = edition.read()
        db.engine.dispose()
        return found


def head(service: Started) -> str:
    with create_app(Settings(instance=service.instance)).app_context():
        return revision_known()


def test_a_first_edition_is_brought_up_and_a_copy_of_it_stays(old: Started) -> None:
    database = old.instance / "rounds.sqlite"
    answers = ask(database, "SELECT id, answer FROM response")

    old.start()
    old.kill()

    (copy,) = old.instance.glob("before-*")
    assert copy.name.startswith("before-0006-")
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert ask(copy, "SELECT id, answer FROM response") == answers
    assert ask(database, "SELECT id, answer FROM response") == answers
    assert ask(database, "SELECT version_num FROM alembic_version") == [(head(old),)]
    assert "First start" not in old.said()


def test_a_migration_that_fails_is_one_sentence_and_changes_nothing(old: Started) -> None:
    ask(old.instance / "rounds.sqlite", "CREATE TABLE setting (id INTEGER PRIMARY KEY)")
    before = rows(old)

    said = old.fails()

    (copy,) = old.instance.glob("before-*")
    assert said == (
        f"Error: The database could not be brought from schema 0006 to {head(old)}, and is as it "
        f"was: table setting already exists. A copy from before is {copy}.\n"
    )
    assert rows(old) == before


def test_a_newer_database_is_one_sentence_and_stays_as_it_is(old: Started) -> None:
    database = old.instance / "rounds.sqlite"
    ask(database, "UPDATE alembic_version SET version_num = '9999'")
    before = rows(old)

    assert old.fails() == (
        f"Error: The database has schema 9999, which is newer than this installation "
        f"({head(old)}); "
        "start the version that it was used with last.\n"
    )
    assert rows(old) == before
    assert list(old.instance.glob("before-*")) == []
