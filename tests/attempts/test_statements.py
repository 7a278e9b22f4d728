"""Every page sends as many statements for sixty rows as for one."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from lms.attempts import services, tasks
from lms.core.clock import utcnow
from lms.core.db import db, transaction
from tests.attempts.factories import choice_item, make_assignment, make_case
from tests.attempts.pages import Fellow
from tests.attempts.statements import count_statements
from tests.attempts.test_pages import YEARS, Sitting
from tests.factories import NOW, make_fellow


def statements_of(app: Flask, ask: Callable[[], object]) -> int:
    """Return how many statements *ask* sends; requests open contexts of their own."""
    with app.app_context():
        counting = count_statements()
        statements = counting.__enter__()
    try:
        ask()
    finally:
        with app.app_context():
            counting.__exit__(None, None, None)
    return len(statements)


def sitting_of(app, signed_in, *, cases: int, items: int) -> Sitting:
    with app.app_context(), transaction():
        made = [make_case(*(choice_item(f"item-{n}") for n in range(items))) for _ in range(cases)]
    return Sitting(app, signed_in, cases=made)


PAGES = {
    "case": ("/cases/1", 4),
    "overview": ("", 3),
    "status": ("/status", 2),
}


@pytest.mark.parametrize("name", PAGES)
def test_pages_while_answering(app, signed_in, name) -> None:
    path, wanted = PAGES[name]
    for cases, items in ((1, 1), (30, 2), (3, 20)):
        sitting = sitting_of(app, signed_in, cases=cases, items=items)
        url = sitting.url + path

        assert (
            statements_of(app, lambda url=url, sitting=sitting: sitting.fellow.get(url)) == wanted
        )


def test_a_save_sends_five(app, signed_in) -> None:
    sitting = sitting_of(app, signed_in, cases=30, items=2)

    def save() -> None:
        page = sitting.fellow.send(f"{sitting.url}/items/60", tab="a", seq=1, answer={"chosen": 0})
        assert page.status_code == 200

    assert statements_of(app, save) == 5


def test_the_result(app, signed_in) -> None:
    for cases, items in ((1, 1), (30, 2), (6, 20)):
        sitting = sitting_of(app, signed_in, cases=cases, items=items)
        sitting.fellow.post(f"{sitting.url}/submit")
        sitting.grade()

        def look(sitting=sitting) -> None:
            assert "Case 1" in sitting.fellow.get(f"{sitting.url}/result").text

        assert statements_of(app, look) == 5


def test_grading_and_starting(app) -> None:
    with app.app_context():
        counts = []
        for size in (1, 60):
            with transaction():
                fellow = make_fellow()
                cases = [make_case(choice_item()) for _ in range(size)]
                assignment = make_assignment(fellow, cases=cases)
            db.session.expunge_all()
            with count_statements() as starting, transaction():
                attempt = services.start_attempt(fellow, assignment.id, now=NOW)
            with transaction():
                services.submit_attempt(fellow, attempt.id, now=NOW)
            db.session.expunge_all()
            with count_statements() as grading, transaction():
                services.grade_attempt(attempt.id, now=NOW)
            counts.append((len(starting), len(grading)))

    assert counts[0] == counts[1]


def test_home_and_the_rules(app, signed_in) -> None:
    counts = []
    for size in (1, 60):
        with app.app_context(), transaction():
            fellow = make_fellow()
            shared = [make_case(choice_item())]
            given = [
                make_assignment(
                    fellow,
                    cases=shared,
                    due_in=YEARS,
                    closes_in=YEARS,
                    opens_in=-timedelta(days=1, minutes=n),
                )
                for n in range(size)
            ]
            half = given[: size // 2]
            for each in half:
                attempt = services.start_attempt(fellow, each.id, now=NOW)
                services.submit_attempt(fellow, attempt.id, now=NOW)
        browser = Fellow(signed_in(fellow))
        counts.append(
            (
                statements_of(app, lambda browser=browser: browser.get("/home")),
                statements_of(
                    app,
                    lambda browser=browser, given=given: browser.get(
                        f"/assignments/{given[-1].id}/begin"
                    ),
                ),
            )
        )

    assert counts == [(4, 4), (4, 4)]


def test_the_sweep_sends_no_statement_per_attempt_that_is_not_due(app) -> None:
    with app.app_context():
        counts = []
        for size in (1, 60):
            with transaction():
                fellows = [make_fellow() for _ in range(size)]
                assignment = make_assignment(*fellows, closes_in=YEARS, due_in=YEARS)
                for fellow in fellows:
                    services.start_attempt(fellow, assignment.id, now=utcnow())
            with count_statements() as statements:
                tasks.sweep()
            counts.append(len(statements))

    assert counts[0] == counts[1]
