"""The few grades that wait or were left out, and the newest deeds, are found by an index."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event

from lms.attempts import services as attempts
from lms.core.db import db, transaction
from lms.grading import services
from lms.grading.marking.queries import waiting
from lms.operations.queries import audit_trail
from lms.operations.troubled_attempts import left_out
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
        if statement.startswith("SELECT"):
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
    statement, bound = statements[0]
    return "\n".join(str(row[-1]) for row in raw.execute(explain + statement, bound).fetchall())


@pytest.mark.parametrize("what", LOOKS)
def test_few_are_found_among_many(in_app: Flask, what: str) -> None:
    with transaction():
        case = store_case(case_body(choice_item(), essay_item(), slug="few"))
    fellow, attempt = begin(cases=[case])
    with transaction():
        attempts.submit_attempt(fellow, attempt.id, now=NOW)
    with transaction():
        services.grade_attempts([attempt.id], now=NOW)
    look, index = LOOKS[what]

    assert index in plan_of(look)
