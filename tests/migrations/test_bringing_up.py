"""Migrations are all or nothing, on both databases; before them a copy is kept of a file."""

import shutil
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import flask_migrate
import pytest
from flask import Flask
from sqlalchemy import text

from lms.app import MIGRATIONS
from lms.core.db import db, migrate
from lms.core.schema import CannotUpgrade, Schema, bring_up, compare, revision_known
from tests.migrations import edition
from tests.test_schema import empty

__all__ = ["empty"]

NOW = datetime(2026, 11, 29, 21, 4, 5, tzinfo=UTC)

OF_A_FILE = pytest.mark.parametrize("empty", ["sqlite"], indirect=True)
OF_A_SERVER = pytest.mark.parametrize("empty", ["postgresql"], indirect=True)

MIGRATION = """
import sqlalchemy as sa
from alembic import op

revision = "{number}"
down_revision = "{before}"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table("more", sa.Column("id", sa.Integer(), primary_key=True))
    with op.batch_alter_table("mail_preference") as table:
        table.alter_column("wanted", new_column_name="liked")
    {last}


def downgrade() -> None:
    pass
"""


@pytest.fixture
def next_one(empty: Flask, tmp_path: Path) -> Iterator[object]:
    """Return a function that adds a migration which ends with a line."""
    folder = tmp_path / "migrations"
    shutil.copytree(MIGRATIONS, folder)
    before = migrate.directory
    config = empty.extensions["migrate"]
    ours = config.directory

    def write(last: str) -> None:
        number, head = "9000", revision_known()
        body = MIGRATION.format(number=number, before=head, last=last)
        (folder / "versions" / "9000_more.py").write_text(body, encoding="utf-8")
        migrate.directory = config.directory = str(folder)

    yield write
    migrate.directory, config.directory = before, ours


def said(app: Flask, now: datetime = NOW) -> str:
    """Return why the database was not brought up."""
    with pytest.raises(CannotUpgrade) as refused:
        bring_up(Path(app.instance_path), now=now)
    return str(refused.value)


def copies(app: Flask) -> list[str]:
    return sorted(path.name for path in Path(app.instance_path).glob("before-*"))


ROWS = (
    """INSERT INTO "user" (id, email, name, time_zone, theme, created_at)
    VALUES (1, 'a@b.org', 'A', 'UTC', '', '2026-01-01 00:00:00')""",
    "INSERT INTO user_role (user_id, role) VALUES (1, 'mentor')",
    """INSERT INTO mail_preference (user_id, kind, wanted, changed_at)
    VALUES (1, 'digest', false, '2026-01-01 00:00:00')""",
)


def fill() -> None:
    """Bring the database to our schema, with some rows."""
    flask_migrate.upgrade()
    with db.engine.begin() as connection:
        for row in ROWS:
            connection.execute(text(row))


FAILS = {
    "an error": ("raise RuntimeError('the sky fell')", "the sky fell"),
    "rows lost": (
        'op.execute("DELETE FROM mail_preference")',
        "rows would be lost (mail_preference had 1 and would have 0)",
    ),
    "a table gone": (
        'op.drop_table("user_role")',
        "rows would be lost (user_role had 1 and would have 0)",
    ),
}


@pytest.mark.parametrize("why", FAILS)
def test_a_migration_that_fails_leaves_the_database_as_it_was(
    empty: Flask, next_one, why: str
) -> None:
    (last, words), head = FAILS[why], revision_known()
    fill()
    before = edition.read()
    next_one(last)

    sentence = said(empty)

    start = f"The database could not be brought from schema {head} to 9000, and is as it was: "
    assert sentence.startswith(f"{start}{words}.")
    assert edition.read() == before
    with db.engine.connect() as connection:
        assert connection.scalar(text("SELECT version_num FROM alembic_version")) == head


def test_rows_that_would_point_at_nothing_are_refused_before_the_commit(
    empty: Flask, next_one
) -> None:
    fill()
    before = edition.read()
    next_one('op.execute("UPDATE mail_preference SET user_id = 4711")')

    sentence = said(empty)

    assert "is as it was: " in sentence
    if db.engine.dialect.name == "sqlite":
        assert "1 rows would point at nothing (mail_preference)." in sentence
    assert edition.read() == before


def test_after_a_refusal_foreign_keys_hold_again(empty: Flask, next_one) -> None:
    fill()
    next_one("raise RuntimeError('no')")
    said(empty)

    with db.engine.begin() as connection, pytest.raises(Exception, match=r"(?i)foreign key"):
        connection.execute(text("UPDATE mail_preference SET user_id = 4711"))


@OF_A_SERVER
def test_a_migration_may_take_longer_than_any_statement_of_a_page(empty: Flask, next_one) -> None:
    fill()
    wanted = "('0', '5s')"
    next_one(
        "assert tuple(op.get_bind().exec_driver_sql(\"SELECT current_setting('statement_timeout'), "
        f"current_setting('lock_timeout')\").one()) == {wanted}"
    )

    bring_up(Path(empty.instance_path), now=NOW)

    with db.engine.connect() as connection:
        assert connection.scalar(text("SELECT current_setting('statement_timeout')")) == "15s"


def test_a_newer_database_is_refused_and_not_touched(empty: Flask) -> None:
    flask_migrate.upgrade()
    with db.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    assert said(empty) == (
        f"The database has schema 9999, which is newer than this installation "
        f"({revision_known()}); "
        "start the version that it was used with last."
    )
    assert copies(empty) == []


# Copies of a file


@OF_A_FILE
def test_before_a_migration_a_copy_is_kept_for_its_owner_alone(empty: Flask) -> None:
    edition.load()
    before = edition.read()

    bring_up(Path(empty.instance_path), now=NOW)

    assert copies(empty) == ["before-0006-20261129-210405.sqlite"]
    path = Path(empty.instance_path) / copies(empty)[0]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with closing(sqlite3.connect(path)) as copy:
        (count,) = copy.execute("SELECT count(*) FROM response").fetchone()
        assert copy.execute("SELECT version_num FROM alembic_version").fetchone() == ("0006",)
    assert count == len(before["response"])


@OF_A_FILE
def test_no_copy_is_made_of_nothing_nor_where_nothing_is_to_be_done(empty: Flask) -> None:
    bring_up(Path(empty.instance_path), now=NOW)
    bring_up(Path(empty.instance_path), now=NOW)

    assert copies(empty) == []


@OF_A_FILE
def test_the_last_two_are_kept_and_a_start_that_fails_again_drives_out_none(
    empty: Flask, next_one
) -> None:
    folder = Path(empty.instance_path)
    for name in ("before-0004-20260101-000000.sqlite", "before-0005-20250101-000000.sqlite"):
        (folder / name).touch()
    fill()
    head = revision_known()
    next_one("raise RuntimeError('no')")

    sentences = [said(empty, NOW + timedelta(seconds=n)) for n in range(3)]

    assert copies(empty) == [
        "before-0004-20260101-000000.sqlite",
        f"before-{head}-20261129-210407.sqlite",
    ]
    assert sentences[-1].endswith(f" A copy from before is {folder / copies(empty)[1]}.")


def test_migrations_are_read_once_a_process(empty: Flask, next_one, tmp_path: Path) -> None:
    next_one("pass")
    known = compare("9000"), compare("0001"), compare("9001"), revision_known()
    shutil.rmtree(tmp_path / "migrations")

    assert known == (Schema.OK, Schema.OLD, Schema.NEWER, "9000")
    assert (compare("9000"), compare("0001"), compare("9001"), revision_known()) == known


@OF_A_FILE
def test_copies_that_somebody_else_made_stay(empty: Flask) -> None:
    folder = Path(empty.instance_path)
    theirs = [
        "before-upgrade.sqlite",
        "before-0004.sqlite",
        "before-0005-20250101.sqlite",
        "before-0005-20250101-000000-mine.sqlite",
        "before-the-move-20250101-000000.sqlite",
    ]
    for name in theirs:
        (folder / name).touch()
    edition.load()

    bring_up(folder, now=NOW)

    assert copies(empty) == sorted([*theirs, "before-0006-20261129-210405.sqlite"])


@OF_A_FILE
def test_without_a_copy_nothing_is_changed(empty: Flask, next_one, tmp_path: Path) -> None:
    fill()
    next_one("pass")
    before = edition.read()

    with pytest.raises(CannotUpgrade) as refused:
        bring_up(tmp_path / "nowhere", now=NOW)

    assert f"could be made in {tmp_path / 'nowhere'}, so nothing was changed:" in str(refused.value)
    assert edition.read() == before
