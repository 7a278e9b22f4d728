"""How much an item weighs in a quiz: told while it is answered, and the same figure everywhere."""

import re
from fractions import Fraction
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from lms.attempts.models import Attempt, Response
from lms.attempts.services import start_attempt
from lms.core.clock import utcnow
from lms.core.db import db, transaction
from lms.progress.facts import graded_facts
from lms.quizzes.models import QuizItem
from question_bank.scoring import EarnedCredit, basis_points, score
from tests.attempts.factories import choice_item, make_assignment, make_case
from tests.attempts.sitting import Sitting
from tests.factories import NOW, make_fellow
from tests.reading import words

CREDITS = st.one_of(st.none(), st.fractions(min_value=0, max_value=1, max_denominator=12))
WEIGHTS = st.integers(1, 10)


@given(st.lists(st.tuples(CREDITS, WEIGHTS), max_size=40))
def test_a_score_is_the_weighed_share_of_what_was_counted(marks) -> None:
    found = score(EarnedCredit(credit, points, "a", "t") for credit, points in marks)

    counted = [(credit, points) for credit, points in marks if credit is not None]
    copies = [credit for credit, points in counted for _ in range(points)]
    assert found.possible == len(copies)
    assert found.earned == sum(copies, Fraction(0))
    assert found.basis_points == (basis_points(found.earned / len(copies)) if copies else 0)
    assert sum(tally.items for tally in found.by_approach.values()) == len(counted)


@given(st.lists(st.tuples(CREDITS, WEIGHTS), max_size=40), WEIGHTS)
def test_one_weight_for_all_changes_no_share(marks, weight: int) -> None:
    plain = score(EarnedCredit(credit, 1, "a", "t") for credit, _ in marks)
    heavy = score(EarnedCredit(credit, weight, "a", "t") for credit, _ in marks)

    assert heavy.basis_points == plain.basis_points
    assert heavy.by_approach == plain.by_approach


@given(st.lists(st.tuples(st.fractions(0, 1, max_denominator=12), WEIGHTS), min_size=1), WEIGHTS)
def test_a_weightier_item_draws_the_score_to_its_credit(marks, more: int) -> None:
    (credit, points), *others = marks
    light = score(EarnedCredit(c, p, "a", "t") for c, p in marks)
    heavy = score(EarnedCredit(c, p, "a", "t") for c, p in [(credit, points + more), *others])

    light_share, heavy_share = (each.earned / each.possible for each in (light, heavy))
    assert min(light_share, credit) <= heavy_share <= max(light_share, credit)


def begun(points: dict[int, int], *items: dict[str, Any]) -> Attempt:
    with transaction():
        fellow = make_fellow()
        assignment = make_assignment(fellow, cases=[make_case(*items)], points=points)
        return start_attempt(fellow, assignment.id, now=NOW)


def points_of(attempt_id: int) -> list[int]:
    query = db.select(Response.points).where(Response.attempt_id == attempt_id)
    return list(db.session.scalars(query.order_by(Response.position)))


@pytest.mark.usefixtures("in_app")
def test_an_attempt_weighs_items_as_its_quiz_says_and_else_as_their_case() -> None:
    items = choice_item("one"), choice_item("two") | {"points": 3}, choice_item("three")
    attempt = begun({1: 5}, *items)

    assert points_of(attempt.id) == [5, 3, 1]


@pytest.mark.usefixtures("in_app")
def test_an_attempt_that_runs_keeps_the_points_it_began_with() -> None:
    attempt = begun({1: 5}, choice_item("one"), choice_item("two"))
    with transaction():
        db.session.execute(db.update(QuizItem).values(points=9))

    assert points_of(attempt.id) == [5, 1]


@pytest.fixture
def sitting(app: Flask, signed_in) -> Sitting:
    """Twelve items, the first of 10 points and the second of 4; the fellow has begun."""
    with app.app_context(), transaction():
        case = make_case(*(choice_item(f"item-{n}") for n in range(1, 13)))
    return Sitting(app, signed_in, cases=[case], points={1: 10, 2: 4})


def test_the_points_are_told_while_an_item_is_answered(sitting) -> None:
    page = sitting.case()

    assert re.findall(r"(\d+) points</span>", page) == ["10", "4"]


def test_result_home_and_stored_score_say_points_and_progress_counts_items(app, sitting) -> None:
    for position in (1, 3, 4):
        right = str(sitting.place(position, 1))
        sitting.save(position, answer=right)

    result = words(sitting.result())

    assert "12 of 24 points, 12 items (50%" in result
    assert "Item 2: missed · 4 points" in result
    assert "Pharmacological 95% interval 9 to 53% 25% 3 of 12" in result
    home = words(sitting.fellow.get("/home"))
    assert "50%" in home
    with app.app_context():
        assert db.session.get_one(Attempt, sitting.id).score == 5000
        facts = graded_facts([sitting.user.id], until=None, now=utcnow())
        assert (sum(fact.credit for fact in facts), len(facts)) == (3, 12)


def test_items_stand_on_the_page_in_the_order_of_their_quiz(app, signed_in) -> None:
    with app.app_context(), transaction():
        case = make_case(choice_item("one"), choice_item("two"))
        case.items.reverse()
    sitting = Sitting(app, signed_in, cases=[case])

    page, result = sitting.case(), words(sitting.result())

    for text in (page, result):
        assert text.index("best for two?") < text.index("best for one?")
    assert page.index('id="item-1"') < page.index('id="item-2"')
