"""What an attempt at twenty items costs the database: each statement's rows, step by step."""

from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack

import pytest
from flask import Flask

from lms.core.db import db, transaction
from tests.attempts.factories import choice_item, make_assignment, make_case
from tests.attempts.sitting import YEARS
from tests.attempts.statements import count_statements
from tests.attempts.written import count_rows
from tests.factories import make_fellow
from tests.taking.pages import Fellow

ITEMS = 20

WRITTEN = {
    "start": {
        "UPDATE assignment": 1,
        "INSERT attempt": 1,
        "UPDATE attempt": 1,
        "INSERT sitting": 1,
        "INSERT response": ITEMS,
        "INSERT audit_event": 1,
    },
    "save": {"INSERT response_event": 1, "UPDATE response": 1},
    "hand in": {"UPDATE attempt": 1, "INSERT exposure": ITEMS, "INSERT audit_event": 1},
    "grade": {"UPDATE attempt": 2, "INSERT grade": ITEMS, "INSERT key_opening": 1},
    "result": {},
}
"""Rows by what is done to which table. A save is sent once an item, the other steps once."""

STATEMENTS = {"start": 20, "save": 4, "hand in": 4, "grade": 14, "result": 14}
"""How many statements each step sends at most, with those that say who is signed in.

The last one of grading asks what else waits, to be graded with it.

Who starts after the first fellow sends one less: that the quiz was begun is noted once.
"""


def counted(app: Flask, act: Callable[[], object]) -> tuple[Counter[str], int]:
    """Return the rows that *act* writes, and how many statements it sends."""
    with ExitStack() as stack:
        with app.app_context():
            rows = stack.enter_context(count_rows())
            statements = stack.enter_context(count_statements())
        act()
        with app.app_context():
            stack.close()
    return rows, len(statements)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_rows_and_statements_of_an_attempt(app: Flask, signed_in) -> None:
    """SQLite says how many rows a connection has written; PostgreSQL is sent the same."""
    with app.app_context(), transaction():
        fellow = make_fellow()
        cases = [make_case(*(choice_item(f"item-{n}") for n in range(4))) for _ in range(5)]
        terms = {"closes_in": YEARS, "due_in": YEARS, "time_limit": None}
        assignment_id = make_assignment(fellow, cases=cases, **terms).id
    browser = Fellow(signed_in(fellow))
    url = "/attempts/1"

    def save(position: int) -> None:
        packet = {"tab": "a", "seq": position, "controls": {"answer": ["0"]}}
        assert browser.send(f"{url}/items/{position}", **packet).status_code == 200

    def grade() -> None:
        with app.app_context():
            app.extensions["celery"].tasks["attempts.grade"](1)

    steps: list[tuple[str, Callable[[], object]]] = [
        ("start", lambda: browser.post(f"/assignments/{assignment_id}/begin")),
        *(("save", lambda n=n: save(n)) for n in range(1, ITEMS + 1)),
        ("hand in", lambda: browser.post(f"{url}/submit")),
        ("grade", grade),
        ("result", lambda: browser.get(f"{url}/result")),
    ]
    found = [(name, *counted(app, act)) for name, act in steps]

    assert [(name, dict(rows)) for name, rows, _ in found] == [
        (name, WRITTEN[name]) for name, _ in steps
    ]
    sent = {name: max(count for step, _, count in found if step == name) for name in WRITTEN}
    assert {name: count for name, count in sent.items() if count > STATEMENTS[name]} == {}
    with app.app_context():
        assert db.session.scalar(db.text("SELECT count(*) FROM grade")) == ITEMS
    whole = sum((rows for _, rows, _ in found), Counter())
    assert whole.total() <= 110
