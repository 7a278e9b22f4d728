"""Assignments and attempts of before have audiences and sittings, and go back where they can."""

from collections.abc import Sequence

import flask_migrate
import pytest
from flask import Flask
from sqlalchemy import text

from lms.core.db import db
from tests.test_schema import empty

__all__ = ["empty"]

OLD, NEW = "0008", "0009"

MOMENT = "2026-11-01 08:00:00+00:00"
CLOSING = "2026-11-30 08:00:00+00:00"

BEFORE = (
    "INSERT INTO track (id, slug, name) VALUES (1, 'ipm', 'Track')",
    """INSERT INTO cohort (id, track_id, name, starts_on, ends_on)
    VALUES (7, 1, 'Class', '2026-07-01', '2027-06-30')""",
    f"""INSERT INTO "user" (id, email, name, time_zone, theme, created_at)
    VALUES (5, 'a@example.org', 'Dr. A', 'UTC', 'system', '{MOMENT}')""",
    f"""INSERT INTO quiz (id, title, formative, owner_id, created_at)
    VALUES (1, 'Rounds', false, 5, '{MOMENT}')""",
    f"""INSERT INTO quiz_version (id, quiz_id, number, created_at)
    VALUES (1, 1, 1, '{MOMENT}')""",
    f"""INSERT INTO assignment (id, quiz_version_id, cohort_id, opens_at, due_at, closes_at,
    time_limit, attempts_allowed, feedback, ask_confidence, created_by, created_at) VALUES (3, 1, 7,
    '{MOMENT}', '{CLOSING}', '{CLOSING}', 30, 2, 'closed', true, 5, '{MOMENT}')""",
    f"""INSERT INTO attempt (id, assignment_id, fellow_id, number, state, started_at, deadline_at,
    seed, grade_tries)
    VALUES (9, 3, 5, 1, 'in_progress', '{MOMENT}', '{CLOSING}', 1, 0)""",
)


def told(*statements: str) -> None:
    with db.engine.connect().execution_options(writes=True) as connection, connection.begin():
        for statement in statements:
            connection.execute(text(statement))


def found(statement: str) -> Sequence[tuple[object, ...]]:
    with db.engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(statement))]


@pytest.fixture
def upgraded(empty: Flask) -> Flask:
    flask_migrate.upgrade(revision=OLD)
    told(*BEFORE)
    flask_migrate.upgrade(revision=NEW)
    return empty


@pytest.mark.usefixtures("upgraded")
def test_what_was_assigned_and_begun_says_the_same_and_goes_back() -> None:
    assert found("SELECT assignment_id, cohort_id, fellow_id FROM audience") == [(3, 7, None)]
    assert found("SELECT id FROM assignment WHERE results_at = closes_at") == [(3,)]
    sittings = """SELECT attempt_id, sitting.number, until, reason FROM sitting
    JOIN attempt ON attempt.id = attempt_id AND started_at = began_at"""
    assert found(sittings) == [(9, 1, None, None)]

    flask_migrate.downgrade(revision=OLD)

    assert found("SELECT id, cohort_id, time_limit, feedback FROM assignment") == [
        (3, 7, 30, "closed")
    ]
    assert found("SELECT id, state, number, seed FROM attempt") == [(9, "in_progress", 1, 1)]


@pytest.mark.usefixtures("upgraded")
@pytest.mark.parametrize(
    ("change", "what"),
    [
        (
            "UPDATE audience SET cohort_id = NULL, fellow_id = 5",
            "an assignment to one fellow",
        ),
        (
            "INSERT INTO audience (assignment_id, fellow_id) VALUES (3, 5)",
            "an assignment to one fellow",
        ),
        ("DELETE FROM audience", "an assignment to nobody"),
        (
            "UPDATE assignment SET results_at = '2026-12-01 08:00:00+00:00'",
            "an assignment whose results wait longer than its closing",
        ),
        (
            f"""INSERT INTO extension (assignment_id, fellow_id, minutes, attempts, reason,
            granted_by, granted_at) VALUES (3, 5, 10, 0, 'Why', 5, '{MOMENT}')""",
            "an extension",
        ),
        (
            f"""INSERT INTO accommodation (fellow_id, percent, days, reason, starts_on, granted_by,
            granted_at) VALUES (5, 200, 0, 'Why', '2026-11-01', 5, '{MOMENT}')""",
            "an accommodation",
        ),
        (
            """INSERT INTO leave (fellow_id, starts_on, ends_on)
            VALUES (5, '2026-11-01', '2026-11-02')""",
            "a leave",
        ),
        (
            f"""INSERT INTO "freeze" (attempt_id, began_at, ended_at, reason)
            VALUES (9, '{MOMENT}', '{MOMENT}', 'Fire')""",
            "a freeze",
        ),
        (
            f"""INSERT INTO sitting (attempt_id, number, began_at, until, opened_by, reason)
            VALUES (9, 2, '{MOMENT}', '{CLOSING}', 5, 'Fire')""",
            "a reopened attempt",
        ),
    ],
    ids=lambda value: value if value[:3] in ("a l", "an ") else "",
)
def test_what_the_schema_before_cannot_hold_is_refused_with_a_sentence(
    change: str, what: str, caplog
) -> None:
    told(change)
    before = found("SELECT * FROM assignment") + found("SELECT * FROM attempt")

    with pytest.raises(SystemExit):
        flask_migrate.downgrade(revision=OLD)

    assert f"There is {what}, for which the schema before has no place." in caplog.text
    assert found("SELECT * FROM assignment") + found("SELECT * FROM attempt") == before


@pytest.mark.usefixtures("upgraded")
@pytest.mark.parametrize(
    "impossible",
    [
        "INSERT INTO audience (assignment_id, cohort_id) VALUES (3, 7)",
        "INSERT INTO audience (assignment_id) VALUES (3)",
        "INSERT INTO audience (assignment_id, cohort_id, fellow_id) VALUES (3, 7, 5)",
        "UPDATE assignment SET results_at = opens_at",
        f"UPDATE attempt SET frozen_at = '{MOMENT}'",
        f"INSERT INTO sitting (attempt_id, number, began_at) VALUES (9, 2, '{MOMENT}')",
    ],
)
def test_what_cannot_be_is_refused_by_the_database(impossible: str) -> None:
    with pytest.raises(Exception, match=r"(?i)constraint"):
        told(impossible)
