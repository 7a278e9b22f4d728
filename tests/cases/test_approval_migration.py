"""What versions of before have for an approval, and what the older schema has no place for."""

import json
from collections.abc import Callable
from datetime import date

import flask_migrate
import pytest
from flask import Flask
from sqlalchemy import text

from lms.core.db import db
from tests.test_schema import empty

__all__ = ["empty"]

SHIPPED = "02e96a75ec15ccc1" + "0" * 48
"""Begins as the content hash of a case of the first edition's starter bank."""

OTHER = "f" * 64

MOMENT = "2026-11-20 10:00:00.000000"

BODY = json.dumps({"format": 1, "clinical_review": "signed", "review_by": "2028-11-25"})


def run(statement: str, **values: object) -> None:
    with db.engine.begin() as connection:
        connection.execute(text(statement), values)


def rows(statement: str) -> list[tuple[object, ...]]:
    with db.engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(statement))]


def add_version(number: int, content_hash: str, author: int | None = None) -> None:
    run(
        """INSERT INTO case_version (id, case_id, number, body, content_hash, author_id,
        change_note, created_at) VALUES (:id, 1, :id, :body, :hash, :author, '', :at)""",
        id=number, body=BODY, hash=content_hash, author=author, at=MOMENT,
    )  # fmt: skip


@pytest.fixture
def first(empty: Flask) -> Flask:
    """The schema before approvals, with a case of three versions."""
    flask_migrate.upgrade(revision="0007")
    run(
        """INSERT INTO "user" (id, email, name, time_zone, theme, created_at)
        VALUES (7, 'a@example.org', 'A', 'UTC', '', :at)""",
        at=MOMENT,
    )
    run(
        """INSERT INTO "case" (id, slug, title, topic, approach, level, tracks, unfolds,
        clinical_review, review_by) VALUES (1, 'old', 'Old', 't', 'a', 'l', 'ipm', :no,
        'signed', :day)""",
        no=False, day=date(2028, 11, 25),
    )  # fmt: skip
    add_version(1, SHIPPED)
    add_version(2, OTHER)
    add_version(3, OTHER[::-1].replace("f", "e"), author=7)
    run('UPDATE "case" SET current_id = 3')
    return empty


def test_every_version_of_before_was_published_by_whom_its_row_names(first: Flask) -> None:
    before = rows("SELECT id, body, content_hash FROM case_version ORDER BY id")

    flask_migrate.upgrade(revision="0008")

    assert rows("SELECT case_version_id, kind, who, user_id FROM approval ORDER BY 1") == [
        (1, "editorial", "installation", None),
        (2, "editorial", "command", None),
        (3, "editorial", "person", 7),
    ]
    acts = rows("SELECT DISTINCT CAST(at AS text) FROM approval")
    assert acts == rows("SELECT DISTINCT CAST(created_at AS text) FROM case_version")
    assert rows("SELECT id, body, content_hash FROM case_version ORDER BY id") == before
    assert str(rows('SELECT review_by FROM "case"')[0][0]) == "2028-11-25"


def test_the_way_back_gives_the_rows_of_before(first: Flask) -> None:
    tables = ("case_version", '"case"')
    before = [rows(f"SELECT * FROM {table} ORDER BY id") for table in tables]

    flask_migrate.upgrade(revision="0008")
    flask_migrate.downgrade(revision="0007")

    columns = ("id, case_id, number, body, content_hash, author_id", "*")
    after = [
        rows(f"SELECT {names} FROM {table} ORDER BY id")
        for names, table in zip(columns, tables, strict=True)
    ]
    assert [row[:6] for row in before[0]] == after[0]
    assert sorted(map(str, before[1][0])) == sorted(map(str, after[1][0]))


@pytest.mark.parametrize(
    ("act", "said"),
    [
        (lambda: add_version(4, "d" * 64), "a case waits to be published"),
        (lambda: approve("clinical", 7, 3), "a clinician has approved a case"),
        (lambda: approve("editorial", 7, 1), "somebody has approved what another wrote"),
        (lambda: run('UPDATE "case" SET review_by = NULL'), "no day to be reviewed by"),
        (lambda: write("2"), "a version is written in a format that it cannot read"),
        (lambda: write('"new"'), "a version is written in a format that it cannot read"),
    ],
)
def test_nothing_is_taken_back_that_the_older_schema_cannot_hold(
    first: Flask, act: Callable[[], None], said: str, caplog: pytest.LogCaptureFixture
) -> None:
    flask_migrate.upgrade(revision="0008")
    act()
    before = rows("SELECT * FROM approval ORDER BY id")

    with pytest.raises(SystemExit):
        flask_migrate.downgrade(revision="0007")

    assert said in caplog.text
    assert rows("SELECT * FROM approval ORDER BY id") == before


def write(number: str) -> None:
    """Have a version be written in another format."""
    run("UPDATE case_version SET body = :body WHERE id = 2", body=f'{{"format": {number}}}')


def approve(kind: str, user: int, version: int) -> None:
    run(
        """INSERT INTO approval (case_version_id, kind, who, user_id, at, note)
        VALUES (:version, :kind, 'person', :user, :at, '')""",
        version=version, kind=kind, user=user, at=MOMENT,
    )  # fmt: skip
