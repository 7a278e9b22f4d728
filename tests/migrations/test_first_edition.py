"""A database of the first edition goes up with nothing lost, and down again."""

import flask_migrate
import pytest
from alembic.script import ScriptDirectory
from flask import Flask

from lms.core.db import db, migrate
from lms.quizzes.models import Assignment, Audience
from tests.migrations import edition
from tests.migrations.edition import Rows, credits_of
from tests.test_schema import differences, empty

__all__ = ["empty"]

MOVED: dict[str, set[str]] = {"assignment": {"cohort_id"}}
"""Columns that are kept somewhere else since, or no more; tests below say where."""


@pytest.fixture
def first(empty: Flask) -> Rows:
    """Return the rows of the first edition, with which the database is filled."""
    edition.load()
    return edition.read()


def lost(before: Rows, after: Rows) -> list[str]:
    """Return a line for each value of *before* that is not in *after*."""
    return [
        f"{table} {key}: {name} was {value!r}, is {after[table].get(key, {}).get(name)!r}"
        for table, rows in before.items()
        for key, row in rows.items()
        for name, value in row.items()
        if name not in MOVED.get(table, ())
        and (key not in after[table] or after[table][key][name] != value)
    ]


def more(before: Rows, after: Rows) -> set[str]:
    """Return the tables of *before* that have rows in *after* that were not there."""
    return {table for table in before if set(after[table]) - set(before[table])}


def test_the_rows_are_of_everything_that_the_first_edition_keeps(first: Rows) -> None:
    states = {row["state"] for row in first["attempt"].values()}
    mails = {row["state"] for row in first["message"].values()}

    assert all(first.values())
    assert states == {"in_progress", "submitted", "graded"}
    assert mails == {"queued", "connecting", "sent", "failed", "uncertain", "cancelled"}
    assert len({row["kind"] for row in first["item"].values()}) == 11
    assert any(row["late"] for row in first["response_event"].values())
    assert any(row["flagged_at"] for row in first["attempt"].values())
    assert {credit[1:] for credit in credits_of(first).values()} >= {
        (True, False, False),
        (False, True, False),
        (False, False, True),
    }


def test_no_row_is_lost_on_the_way_up_and_each_says_what_it_said(first: Rows) -> None:
    flask_migrate.upgrade()
    after = edition.read()

    assert differences() == []
    assert lost(first, after) == []
    assert more(first, after) == set()


def test_every_credit_stays(first: Rows) -> None:
    flask_migrate.upgrade()

    assert credits_of(edition.read()) == credits_of(first)


def test_it_goes_down_step_by_step_and_up_again(first: Rows) -> None:
    flask_migrate.upgrade()
    above = edition.read()
    script = ScriptDirectory(migrate.directory)
    revisions = [each.revision for each in script.walk_revisions(edition.REVISION, "head")]

    for _ in revisions[:-1]:
        flask_migrate.downgrade()
    assert edition.read() == first

    flask_migrate.upgrade()
    db.engine.dispose()
    assert edition.read() == above


def test_whom_an_assignment_concerned_is_its_audience(first: Rows) -> None:
    flask_migrate.upgrade()

    rows = db.session.execute(db.select(Audience.assignment_id, Audience.cohort_id)).all()

    assert sorted((str(one), cohort) for one, cohort in rows) == sorted(
        (str(row["id"]), row["cohort_id"]) for row in first["assignment"].values()
    )
    assert (
        db.session.scalars(
            db.select(Assignment.id).where(Assignment.results_at != Assignment.closes_at)
        ).all()
        == []
    )
