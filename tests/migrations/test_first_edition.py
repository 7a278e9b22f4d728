"""A database of the first edition goes up with nothing lost, and down again."""

import flask_migrate
import pytest
from alembic.script import ScriptDirectory
from flask import Flask

from lms.core.db import db, migrate
from lms.core.schema import RENAMED
from lms.quizzes.models import Assignment, Audience
from question_bank.scoring import EarnedCredit, score
from tests.migrations import edition
from tests.migrations.edition import Rows, credits_of, marks_of
from tests.test_schema import differences, empty

__all__ = ["empty"]

MOVED: dict[str, set[str]] = {
    "assignment": {"cohort_id"},
    "attempt": {"saved_at"},
    "case": {"clinical_review"},
    "response": {
        "credit_num",
        "credit_den",
        "left_out",
        "waits",
        "harmful",
        "marks",
        "mark_note",
    },
}
"""Columns that are kept somewhere else since, or no more; tests below say where."""


@pytest.fixture
def first(empty: Flask) -> Rows:
    """Return the rows of the first edition, with which the database is filled."""
    edition.load()
    return edition.read()


def lost(before: Rows, after: Rows) -> list[str]:
    """Return a line for each value of *before* that is not in *after*."""
    return [
        f"{table} {key}: {name} was {value!r}, is {found.get(key, {}).get(name)!r}"
        for table, rows in before.items()
        for found in [after[RENAMED.get(table, table)]]
        for key, row in rows.items()
        for name, value in row.items()
        if name not in MOVED.get(table, ()) and (key not in found or found[key][name] != value)
    ]


def more(before: Rows, after: Rows) -> set[str]:
    """Return the tables of *before* that have rows in *after* that were not there."""
    return {table for table in before if set(after[RENAMED.get(table, table)]) - set(before[table])}


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


def test_the_marks_that_count_and_what_was_said_with_them_stay(first: Rows) -> None:
    flask_migrate.upgrade()
    after = edition.read()

    assert marks_of(first)
    assert marks_of(after) == marks_of(first)
    assert len(after["marking"]) == len(first["mark"])


def test_every_score_is_that_of_the_grades_that_count(first: Rows) -> None:
    flask_migrate.upgrade()
    after = edition.read()
    credits_ = credits_of(after)
    earned: dict[int, list[EarnedCredit]] = {}
    for row in after["response"].values():
        credit = EarnedCredit(credits_[row["id"]][0], row["points"], "", "")
        earned.setdefault(row["attempt_id"], []).append(credit)

    for attempt in after["attempt"].values():
        found = score(earned[attempt["id"]])
        assert (attempt["score"], attempt["scored"]) == (
            found.basis_points if found.possible else None,
            found.items,
        )


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
