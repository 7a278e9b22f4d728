"""The ledger is made of the grades that responses held, and given back to them."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import Any

import flask_migrate
import pytest
from flask import Flask
from sqlalchemy import MetaData, Row, Table, insert, text

from lms.core.db import db
from question_bank.scoring import EarnedCredit, score
from tests.test_schema import empty

__all__ = ["empty"]

BEFORE, AFTER = "0012", "0013"

FIRST_EDITION = "0006"

GRADED = datetime(2026, 11, 25, 15, 0, tzinfo=UTC)

SAVED = GRADED - timedelta(minutes=10)


def rows(statement: str) -> Sequence[Row[Any]]:
    with db.engine.connect() as connection:
        return connection.execute(text(statement)).all()


def put(table: str, *values: dict[str, Any]) -> None:
    """Insert rows into a table as it is at this revision."""
    described = Table(table, MetaData(), autoload_with=db.engine)
    with db.engine.begin() as connection:
        for each in values:
            connection.execute(insert(described), each)


def held_by_responses() -> Sequence[Row[Any]]:
    """Return what the schema of before knows of responses, attempts and marks."""
    return [
        *rows("""SELECT id, attempt_id, position, item_id, case_version_id, topic, approach,
            formative, points, CAST("order" AS VARCHAR), CAST(answer AS VARCHAR), revision,
            last_tab, given_at, saved_at, flagged, confidence, stage, locked_at, credit_num,
            credit_den, left_out, waits, harmful, CAST(marks AS VARCHAR), mark_note
            FROM response ORDER BY id"""),
        *rows("SELECT id, state, score, saved_at, graded_at FROM attempt ORDER BY id"),
        *rows("""SELECT id, response_id, rater_id, CAST(levels AS VARCHAR), note, marked_at
            FROM mark ORDER BY id"""),
    ]


def ledger(response_id: int) -> list[tuple[Any, ...]]:
    """Return number, state, credit, acts of harm, cause, marking and rater of its grades."""
    found = rows(f"""SELECT number, state, credit_num, credit_den, CAST(harms AS VARCHAR), why,
        marking_id, graded_by FROM grade WHERE response_id = {response_id} ORDER BY number""")
    return [
        (number, state, None if num is None else Fraction(num, den), *others)
        for number, state, num, den, *others in found
    ]


def moments(response_id: int) -> list[datetime]:
    """Return when a response was graded each time."""
    with db.engine.connect() as connection:
        grade = Table("grade", MetaData(), autoload_with=connection)
        query = db.select(grade.c.graded_at).where(grade.c.response_id == response_id)
        found = connection.scalars(query.order_by(grade.c.number)).all()
    return [moment.replace(tzinfo=UTC) for moment in found]


@pytest.fixture
def before(empty: Flask) -> Flask:
    """A database of before: a graded, a running and a submitted attempt, each of six items."""
    flask_migrate.upgrade(revision=FIRST_EDITION)
    people = [
        {"id": n, "email": f"p{n}@example.org", "name": f"P {n}", "time_zone": "UTC",
         "theme": "system",
         "created_at": GRADED}
        for n in (1, 2, 3)
    ]  # fmt: skip
    put("user", *people)
    put("track", {"id": 1, "slug": "ipm", "name": "IPM"})
    put("cohort", {"id": 1, "track_id": 1, "name": "C", "starts_on": GRADED.date(),
                   "ends_on": (GRADED + timedelta(days=300)).date()})  # fmt: skip
    put("case", {"id": 1, "slug": "c", "title": "C", "topic": "t", "approach": "a", "level": "l",
                 "tracks": "ipm", "clinical_review": "pending",
                 "review_by": GRADED.date()})  # fmt: skip
    put("case_version", {"id": 1, "case_id": 1, "number": 1, "body": {}, "content_hash": "h",
                         "change_note": "New", "created_at": GRADED})  # fmt: skip
    put("item", *({"id": n, "case_id": 1, "key": f"i{n}", "position": n, "kind": "essay",
                   "topic": "t", "approach": "a", "level": "l"} for n in range(1, 7)))  # fmt: skip
    put("quiz", {"id": 1, "title": "Q", "owner_id": 1, "created_at": GRADED})
    put("quiz_version", {"id": 1, "quiz_id": 1, "number": 1, "created_at": GRADED})
    put("assignment", {"id": 1, "quiz_version_id": 1, "cohort_id": 1, "opens_at": SAVED,
                       "due_at": GRADED, "closes_at": GRADED, "attempts_allowed": 3,
                       "feedback": "graded", "created_by": 1, "created_at": SAVED})  # fmt: skip
    put("attempt", attempt(1, "graded", 6667, graded_at=GRADED), attempt(2, "in_progress"),
        attempt(3, "submitted"))  # fmt: skip
    put("response", *graded_responses(), *(response(n) for n in range(7, 19)))
    saves = [{"response_id": n, "tab": "a", "tab_seq": 1, "answer": {"text": "x"},
              "received_at": SAVED, "late": False} for n in (1, 7, 13)]  # fmt: skip
    put("response_event", *saves)
    marks = [(1, 1, [0, 0], ""), (2, 2, [1, 0], "Go on."), (3, 1, [1, 1], "")]
    put("mark", *(
        {"id": n, "response_id": at, "rater_id": 2, "levels": levels, "note": note,
         "marked_at": GRADED + n * timedelta(days=1)}
        for n, at, levels, note in marks
    ))  # fmt: skip
    told = [(1, None, "0"), (2, None, "1/2"), (1, "0", "1")]
    put("audit_event", *(
        {"at": GRADED, "actor_id": 2, "action": "response.mark", "object_type": "response",
         "object_id": at, "before": {"credit": was}, "after": {"credit": now}}
        for at, was, now in told
    ))  # fmt: skip
    flask_migrate.upgrade(revision=BEFORE)
    return empty


def attempt(number: int, state: str, score: int | None = None, **more: Any) -> dict[str, Any]:
    return {
        "id": number, "assignment_id": 1, "fellow_id": 1, "number": number, "state": state,
        "started_at": SAVED, "deadline_at": GRADED, "saved_at": SAVED, "score": score, "seed": 1,
        "grade_tries": 0, "submitted_at": None if state == "in_progress" else GRADED,
    } | more  # fmt: skip


def response(number: int, **more: Any) -> dict[str, Any]:
    place = (number - 1) % 6 + 1
    return {
        "id": number, "attempt_id": (number - 1) // 6 + 1, "position": place, "item_id": place,
        "case_version_id": 1, "topic": "t", "approach": "a", "order": [0, 1],
        "answer": {"text": "x"}, "revision": 1, "last_tab": "a", "saved_at": SAVED,
        "flagged": True, "confidence": "sure", "left_out": False,
    } | more  # fmt: skip


def graded_responses() -> list[dict[str, Any]]:
    """Two that were marked, one wrong that harms, one right, one left out, one that waits."""
    return [
        response(1, credit_num=1, credit_den=1, marks=[1, 1]),
        response(2, credit_num=1, credit_den=2, marks=[1, 0], mark_note="Go on."),
        response(3, credit_num=0, credit_den=1, harmful=True, points=1),
        response(4, credit_num=2, credit_den=3, points=3, answer=None),
        response(5, left_out=True),
        response(6, waits=True),
    ]


def test_every_grade_is_in_the_ledger_with_who_when_and_why(before: Flask) -> None:
    flask_migrate.upgrade(revision=AFTER)

    machine, rater = ("graded", None, None), "marked"
    assert [ledger(n) for n in range(1, 7)] == [
        [
            (1, "waits", None, "[]", *machine),
            (2, "earned", 0, "[]", rater, 1, 2),
            (3, "earned", 1, "[]", rater, 3, 2),
        ],
        [
            (1, "waits", None, "[]", *machine),
            (2, "earned", Fraction(1, 2), "[]", rater, 2, 2),
        ],
        [(1, "earned", 0, '["unnamed"]', *machine)],
        [(1, "earned", Fraction(2, 3), "[]", *machine)],
        [(1, "left_out", None, "[]", *machine)],
        [(1, "waits", None, "[]", *machine)],
    ]
    assert moments(1) == [GRADED, GRADED + timedelta(days=1), GRADED + timedelta(days=3)]
    counts = rows("SELECT grade_number FROM response ORDER BY id")
    assert [row[0] for row in counts] == [3, 2] + [1] * 16


def test_what_was_not_graded_has_no_grade(before: Flask) -> None:
    flask_migrate.upgrade(revision=AFTER)

    assert rows("SELECT * FROM grade WHERE response_id > 6") == []
    totals = rows("SELECT scored, waiting, score FROM attempt ORDER BY id")
    assert [tuple(row) for row in totals] == [(4, 1, 6667), (0, 0, None), (0, 0, None)]


def test_the_score_follows_from_the_grades_that_count(before: Flask) -> None:
    flask_migrate.upgrade(revision=AFTER)

    earned = rows("""SELECT credit_num, credit_den, points FROM response
        JOIN grade ON response_id = response.id AND number = grade_number
        WHERE attempt_id = 1 AND state = 'earned'""")
    credits_ = [EarnedCredit(Fraction(num, den), points, "a", "t") for num, den, points in earned]
    assert score(credits_).basis_points == (7 * 10_000 + 6) // 12
    assert len(credits_) == 4


def test_grades_go_down_into_responses_and_nothing_is_lost_on_the_way(before: Flask) -> None:
    held = held_by_responses()

    flask_migrate.upgrade(revision=AFTER)
    kept = [ledger(n) for n in range(1, 7)]
    flask_migrate.downgrade(revision=BEFORE)
    assert held_by_responses() == held

    flask_migrate.upgrade(revision=AFTER)
    assert [ledger(n) for n in range(1, 7)] == kept


def test_markings_whose_credit_nobody_noted_are_kept_and_the_last_one_counts(
    before: Flask,
) -> None:
    with db.engine.begin() as connection:
        connection.execute(text("DELETE FROM audit_event WHERE id = 1"))

    flask_migrate.upgrade(revision=AFTER)

    assert [grade[:3] for grade in ledger(1)] == [(1, "waits", None), (2, "earned", 1)]
    assert len(rows("SELECT id FROM marking WHERE response_id = 1")) == 2
    assert rows("SELECT grade_number FROM response WHERE id = 1")[0][0] == 2


ADD_A_CORRECTION = """INSERT INTO grade
    (response_id, number, state, credit_num, credit_den, harms, case_version_id, why, graded_at)
    SELECT response_id, 2, 'earned', 1, 3, harms, case_version_id, why, graded_at
    FROM grade WHERE response_id = 4"""

NAME_AN_ACT = """UPDATE grade SET harms = '["overdose"]' WHERE response_id = 3"""


@pytest.mark.parametrize("more", [ADD_A_CORRECTION, NAME_AN_ACT])
def test_what_the_schema_before_cannot_hold_is_not_taken_down(
    before: Flask, more: str, caplog: pytest.LogCaptureFixture
) -> None:
    flask_migrate.upgrade(revision=AFTER)
    with db.engine.begin() as connection:
        connection.execute(text(more))
    kept = [ledger(n) for n in range(1, 7)]

    with pytest.raises(SystemExit):
        flask_migrate.downgrade(revision=BEFORE)

    assert "the schema before has no place" in caplog.text
    assert [ledger(n) for n in range(1, 7)] == kept


@pytest.mark.parametrize("way", [flask_migrate.upgrade, flask_migrate.downgrade])
def test_what_is_marked_after_it_is_numbered_on(before: Flask, way: Callable[..., None]) -> None:
    flask_migrate.upgrade(revision=AFTER)
    table = "marking"
    if way is flask_migrate.downgrade:
        flask_migrate.downgrade(revision=BEFORE)
        table = "mark"

    put(table, {"response_id": 6, "rater_id": 2, "levels": [1], "note": "", "marked_at": GRADED})

    assert rows(f"SELECT max(id) FROM {table}")[0][0] == 4
