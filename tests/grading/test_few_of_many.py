"""The few grades that wait or were left out, and the newest deeds, are found by an index."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event

from lms.attempts import services as attempts
from lms.attempts.exposing import settle_keys
from lms.attempts.models import Attempt
from lms.core.db import db, transaction
from lms.grading import services
from lms.grading.marking.queries import waiting
from lms.operations.queries import audit_trail
from lms.operations.troubled_attempts import left_out
from lms.people.models import User
from tests.attempts.factories import begin, case_body, choice_item, store_case
from tests.attempts.kinds import essay_item
from tests.factories import NOW

LOOKS: dict[str, tuple[Callable[[], object], str]] = {
    "what waits to be marked": (lambda: waiting(0, 1), "ix_grade_waits"),
    "what was left out": (left_out, "ix_grade_left_out"),
    "the newest deeds": (lambda: audit_trail(1), "ix_audit_event_at_id"),
}


@contextmanager
def sent() -> Iterator[list[tuple[str, Any]]]:
    """Collect the statements of the block with what is bound to them."""
    statements: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, bound: Any, *_: Any) -> None:
        if statement.startswith(("SELECT", "WITH")):
            statements.append((statement, bound))

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


def plan_of(look: Callable[[], object]) -> str:
    """Return how the database finds what *look* asks for, had it more rows than it has here."""
    with sent() as statements:
        look()
    raw = db.session.connection().connection.driver_connection
    explain = "EXPLAIN QUERY PLAN "
    if db.engine.dialect.name == "postgresql":
        raw.execute("SET LOCAL enable_seqscan = off")
        raw.execute("SET LOCAL enable_sort = off")
        explain = "EXPLAIN "
    plans = [raw.execute(explain + statement, bound).fetchall() for statement, bound in statements]
    return "\n".join(str(row[-1]) for plan in plans for row in plan)


def attempt_in_hand() -> tuple[User, Attempt]:
    with transaction():
        case = store_case(case_body(choice_item(), essay_item(), slug="few"))
    fellow, attempt = begin(cases=[case])
    with transaction():
        attempts.submit_attempt(fellow, attempt.id, now=NOW)
    return fellow, attempt


@pytest.mark.parametrize("what", LOOKS)
def test_few_are_found_among_many(in_app: Flask, what: str) -> None:
    _, attempt = attempt_in_hand()
    with transaction():
        services.grade_attempts([attempt.id], now=NOW)
    look, index = LOOKS[what]

    assert index in plan_of(look)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_keys_of_one_fellow_are_settled_without_a_look_at_what_others_answered(
    in_app: Flask,
) -> None:
    """SQLite keeps no count of how many have answered an item, and would begin with them."""
    fellow, _ = attempt_in_hand()

    with transaction():
        plan = plan_of(lambda: settle_keys([fellow.id], now=NOW))

    assert "answered" in plan
    assert "ix_response_item_id" not in plan
