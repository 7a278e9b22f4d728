"""Nothing changes a score silently: every change is one more grade, with who and when."""

import random
import re
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from fractions import Fraction
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.exc import IntegrityError

from lms.attempts import services as attempts
from lms.attempts.models import Attempt, Response
from lms.core.db import db, transaction
from lms.core.errors import Invalid
from lms.grading import services as grading
from lms.grading.marking.services import MarkedMeanwhile, mark_response
from lms.grading.models import Grade, GradeCause, GradeState, Marking
from lms.people.models import Role, User
from lms.taking import saving
from lms.taking.incoming_saves import Packet, ShownAnswer
from question_bank.scoring import basis_points
from tests.attempts.factories import begin, choice_item, make_case, row_of, shown_place
from tests.attempts.kinds import essay_item
from tests.attempts.statements import count_statements
from tests.factories import NOW, make_user

pytestmark = pytest.mark.usefixtures("in_app")

ESSAYS = (1, 3)
"""The positions of essays in `graded`."""


def graded() -> int:
    """Return a graded attempt at two essays and two choices, of which one is right."""
    with transaction():
        cases = [
            make_case(essay_item(), choice_item("one", points=2)),
            make_case(essay_item("why") | {"points": 3}, choice_item("two")),
        ]  # fmt: skip
    fellow, attempt = begin(cases=cases)
    right, wrong = (shown_place(attempt.id, n, index) for n, index in ((2, 1), (4, 0)))
    words = {"text": "I listen, and then I say it plainly."}
    with transaction():
        for position, raw in enumerate((words, {"chosen": right}, words, {"chosen": wrong}), 1):
            packet = Packet("a", position, NOW, ShownAnswer(raw))
            saving.save_response(fellow, attempt.id, position, packet)
        attempts.submit_attempt(fellow, attempt.id, now=NOW)
        grading.grade_attempt(attempt.id, now=NOW)
    return attempt.id


def raters(count: int) -> list[User]:
    with transaction():
        return [make_user(Role.FACULTY) for _ in range(count)]


def ledger(attempt_id: int) -> list[tuple[Any, ...]]:
    """Return all that stands in the ledger of an attempt, in the order it was written."""
    rows = db.session.execute(
        db.select(*Grade.__table__.c)
        .join(Response, Response.id == Grade.response_id)
        .where(Response.attempt_id == attempt_id)
        .order_by(Grade.response_id, Grade.number)
    ).all()
    db.session.rollback()
    return [tuple(row) for row in rows]


def check_score(attempt_id: int) -> None:
    """Compute the score from the ledger alone, and compare it with what the attempt says."""
    counting: dict[int, tuple[int, Grade]] = {}
    rows = db.session.execute(
        db.select(Response.id, Response.grade_number, Response.points, Grade)
        .join(Grade, Grade.response_id == Response.id)
        .where(Response.attempt_id == attempt_id)
        .execution_options(populate_existing=True)
    )
    for response_id, number, points, grade in rows:
        if grade.number == number:
            counting[response_id] = (points, grade)
    earned = [(points, grade.credit) for points, grade in counting.values() if grade.credit_den]
    possible = sum(points for points, _ in earned)
    total = sum((points * credit for points, credit in earned), Fraction(0))
    attempt = db.session.get_one(Attempt, attempt_id, populate_existing=True)
    assert len(counting) == 4
    assert attempt.score == (basis_points(total / possible) if possible else None)
    assert attempt.scored == len(earned)
    assert attempt.waiting == sum(grade.state is GradeState.WAITS for _, grade in counting.values())
    db.session.rollback()


@pytest.mark.again(20)
def test_every_change_of_a_score_is_one_more_grade_that_says_who_and_when() -> None:
    chance = random.Random()
    attempt_id, faculty = graded(), raters(3)
    essays = [row_of(attempt_id, position).id for position in ESSAYS]
    known: dict[tuple[int, int], int | None] = {}
    now = NOW
    for _ in range(25):
        rater, response_id = chance.choice(faculty), chance.choice(essays)
        if chance.random() < 0.6:  # the rater looks before marking
            known[rater.id, response_id] = newest(response_id)
        seen, levels = known.get((rater.id, response_id)), chance.choices((0, 1, 2), (5, 5, 1), k=2)
        before, now = ledger(attempt_id), now + timedelta(minutes=1)

        marked = try_to_mark(rater, response_id, levels, seen, now)

        after = ledger(attempt_id)
        added = [row for row in after if row not in before]
        assert [row for row in after if row in before] == before
        assert len(added) == int(marked)
        for row in added:
            grade = dict(zip(Grade.__table__.c.keys(), row, strict=True))
            assert (grade["graded_by"], grade["graded_at"]) == (rater.id, now)
            assert (grade["why"], grade["response_id"]) == (GradeCause.MARKED, response_id)
            assert grade["number"] == number_that_counts(response_id)
        check_score(attempt_id)
    assert len(ledger(attempt_id)) > 4


def number_that_counts(response_id: int) -> int:
    return db.session.scalars(
        db.select(Response.grade_number).where(Response.id == response_id)
    ).one()


def newest(response_id: int) -> int | None:
    return db.session.scalar(
        db.select(db.func.max(Marking.id)).where(Marking.response_id == response_id)
    )


def try_to_mark(
    rater: User, response_id: int, levels: Sequence[int], seen: int | None, now: Any
) -> bool:
    """Mark an answer; return whether that was let be."""
    db.session.rollback()
    try:
        with transaction():
            mark_response(rater, response_id, levels, note="", seen=seen, now=now)
    except (MarkedMeanwhile, Invalid):
        return False
    return True


def test_of_ten_who_mark_at_once_each_has_a_grade_and_the_newest_counts(app: Flask) -> None:
    attempt_id, (rater,) = graded(), raters(1)
    essays = [row_of(attempt_id, position).id for position in ESSAYS]

    def mark(number: int) -> None:
        with app.app_context(), transaction():
            levels = [number % 2, number // 2 % 2]
            mark_response(rater, essays[number % 2], levels, note="", seen=None, now=NOW)

    with ThreadPoolExecutor(10) as pool:
        list(pool.map(mark, range(10)))

    db.session.rollback()
    for position in ESSAYS:
        response = row_of(attempt_id, position)
        grades = db.session.scalars(
            db.select(Grade).where(Grade.response_id == response.id).order_by(Grade.number)
        ).all()
        assert [grade.number for grade in grades] == [1, 2, 3, 4, 5, 6]
        assert len({grade.marking_id for grade in grades}) == 6
        assert response.grade_number == 6
    check_score(attempt_id)


def test_an_attempt_that_is_graded_at_once_by_two_has_one_grade_an_answer(app: Flask) -> None:
    fellow, attempt = begin()
    with transaction():
        attempts.submit_attempt(fellow, attempt.id, now=NOW)

    def grade(_: int) -> bool:
        with app.app_context(), transaction():
            return grading.grade_attempt(attempt.id, now=NOW)

    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(grade, range(4)))

    assert done.count(True) == 1
    assert [row[1] for row in ledger(attempt.id)] == [1, 1, 1, 1]


def test_no_statement_changes_or_removes_what_stands_in_the_ledger() -> None:
    (rater,) = raters(1)
    with count_statements() as statements:
        attempt_id = graded()
        essay = row_of(attempt_id, 1).id
        for levels in ([0, 0], [1, 1]):
            assert try_to_mark(rater, essay, levels, None, NOW)
        with transaction():
            grading.grade_attempts([attempt_id], now=NOW)

    of_grades = [each for each in statements if re.search(r"\b(grade|marking)\b", each)]
    writing = [each for each in of_grades if not each.lstrip().startswith("SELECT")]
    assert len([each for each in writing if each.startswith("INSERT INTO grade")]) == 3
    assert [each for each in writing if not each.startswith("INSERT INTO")] == []


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param({"state": "earned", "credit_num": None, "credit_den": None}, id="no credit"),
        pytest.param({"state": "waits"}, id="a credit that waits"),
        pytest.param({"credit_num": 3, "credit_den": 2}, id="more than all"),
        pytest.param({"credit_num": -1}, id="less than nothing"),
        pytest.param({"number": 0}, id="before the first"),
        pytest.param({"number": 1}, id="in the place of another"),
        pytest.param({"why": "marked"}, id="marked by nobody"),
        pytest.param({"why": "guessed"}, id="for no known reason"),
    ],
)
def test_the_database_refuses_a_grade_without_sense(wrong: dict[str, Any]) -> None:
    attempt_id = graded()
    response = row_of(attempt_id, 2)
    values = {
        "response_id": response.id, "number": 2, "state": "earned", "credit_num": 1,
        "credit_den": 2, "harms": "[]", "version": response.case_version_id, "why": "graded",
        "graded_at": NOW.replace(tzinfo=None),
    }  # fmt: skip
    insert = db.text("""INSERT INTO grade
        (response_id, number, state, credit_num, credit_den, harms, case_version_id, why, graded_at)
        VALUES (:response_id, :number, :state, :credit_num, :credit_den, :harms, :version, :why,
        :graded_at)""")

    with pytest.raises(IntegrityError), transaction():
        db.session.execute(insert, values | wrong)
    with transaction():
        db.session.execute(insert, values)
