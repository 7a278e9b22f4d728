"""Every page sends as many statements for sixty rows as for one."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from lms.attempts import services
from lms.core.clock import utcnow
from lms.core.db import db, transaction
from lms.grading import services as grading_services
from lms.grading import tasks
from tests.attempts.factories import case_body, choice_item, make_assignment, make_case
from tests.attempts.kinds import EVERY_KIND, stage, unfolding
from tests.attempts.sitting import YEARS, Sitting, sitting_at
from tests.attempts.statements import count_statements
from tests.factories import NOW, make_fellow
from tests.taking.pages import Fellow


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
    "overview": ("", 4),
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


def test_a_save_sends_who_asks_what_stands_and_what_is_new(app, database, signed_in) -> None:
    """PostgreSQL takes the line in the log and the answer in one statement."""
    for cases, items, position in ((1, 1, 1), (30, 2, 60), (3, 20, 60)):
        sitting = sitting_of(app, signed_in, cases=cases, items=items)

        def save(sitting=sitting, position=position) -> None:
            assert sitting.save(position, answer="0", confidence="sure").status_code == 200

        assert statements_of(app, save) == {"sqlite": 4, "postgresql": 3}[database]


def test_a_case_of_all_kinds_takes_as_many_as_one_of_one_kind(app, signed_in) -> None:
    sitting = sitting_at(app, signed_in, case_body(*EVERY_KIND, slug="every"))

    assert statements_of(app, sitting.case) == 4
    sitting.fellow.post(f"{sitting.url}/submit")
    sitting.grade()
    result = f"{sitting.url}/result"
    assert statements_of(app, lambda: sitting.fellow.get(result)) == 11


def test_what_unfolds_is_shown_and_locked_by_as_many_for_sixty_as_for_two(app, signed_in) -> None:
    counts = []
    for size in (1, 20):
        stages = [
            stage(f"Part {n}", *(choice_item(f"item-{n}-{k}") for k in range(size)), word="x")
            | {"exhibits": []}
            for n in range(3)
        ]
        body = unfolding(f"of-{size}") | {"stages": stages}
        others = [case_body(choice_item(), slug=f"other-{size}-{n}") for n in range(size)]
        sitting = sitting_at(app, signed_in, body, *others)
        for position in range(1, size + 1):
            sitting.save(position, answer="0")

        def lock(sitting=sitting) -> None:
            assert sitting.lock(1).status_code == 303

        first = statements_of(app, sitting.case)
        locking = statements_of(app, lock)
        then = statements_of(app, sitting.case)
        refused = statements_of(app, lambda sitting=sitting, n=size + 1: sitting.lock(n))
        counts.append((first, locking, then, refused))

    assert counts[0] == counts[1]
    *shown_and_locked, refused = counts[0]
    assert max(shown_and_locked) <= 8
    assert refused <= 12  # what a refused page had saved is read again


def test_the_result(app, signed_in) -> None:
    for cases, items in ((1, 1), (30, 2), (6, 20)):
        sitting = sitting_of(app, signed_in, cases=cases, items=items)
        sitting.fellow.post(f"{sitting.url}/submit")
        sitting.grade()

        def look(sitting=sitting) -> None:
            assert "Item 1" in sitting.fellow.get(f"{sitting.url}/result").text

        assert statements_of(app, look) == 11


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
                grading_services.grade_attempt(attempt.id, now=NOW)
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

    assert counts == [(9, 5), (9, 5)]


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
