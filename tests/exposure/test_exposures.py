"""Who was asked what, first when, and since when the key can be read."""

from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lms.attempts.models import Attempt, Response, SubmittedBy
from lms.core.db import db, transaction
from lms.people.models import User
from lms.quizzes.models import Assignment, Feedback
from question_bank.first_answers import moments_of, precedes_key
from tests.attempts.factories import choice_item, make_assignment, make_case, number_item
from tests.exposure.histories import exposures, grade, hand_in, hours, openings, sat
from tests.factories import make_fellow

pytestmark = pytest.mark.usefixtures("in_app")


def given_twice(**terms) -> tuple[User, Assignment, Assignment]:
    """Return a fellow with two assignments that ask the same two items."""
    with transaction():
        fellow = make_fellow()
        cases = [make_case(choice_item(), number_item())]
        first, second = (make_assignment(fellow, cases=cases, **terms) for _ in range(2))
    return fellow, first, second


def firsts(fellow: User) -> list[int | None]:
    """Return of which attempt each first answer is."""
    ids = [row.response_id for row in exposures(fellow)]
    return [None if one is None else db.session.get_one(Response, one).attempt_id for one in ids]


def move(assignment: Assignment, closing: datetime) -> None:
    row = db.session.merge(assignment)
    row.closes_at = row.results_at = closing
    db.session.flush()


def taken(*given, **kwargs) -> Attempt:
    with transaction():
        return sat(*given, **kwargs)


def test_handing_in_exposes_the_fellow_to_all_that_was_asked() -> None:
    fellow, assignment, _ = given_twice()
    attempt = taken(fellow, assignment, [1, None], handed_in=2)

    hand_in(attempt)

    rows = exposures(fellow)
    assert [row.edition for row in rows] == [1, 1]
    assert [row.asked_at for row in rows] == [hours(1)] * 2
    assert [row.answered_at for row in rows] == [hours(1), hours(2)]
    assert firsts(fellow) == [attempt.id] * 2
    assert openings(fellow) == [None, None]


def test_what_the_clock_did_not_let_a_fellow_reach_is_no_first_answer_until_it_is_asked_again() -> (
    None
):
    fellow, first, second = given_twice()
    one = taken(fellow, first, [1, None], handed_in=2, by=SubmittedBy.CLOCK)
    hand_in(one)
    before = firsts(fellow)

    two = taken(fellow, second, [3, 3], handed_in=4)
    hand_in(two)

    assert before == [one.id, None]
    assert firsts(fellow) == [one.id, two.id]


def test_a_key_opens_when_graded_and_what_is_answered_then_is_no_first_answer() -> None:
    fellow, first, second = given_twice()
    one = taken(fellow, first, [1, None], handed_in=2, by=SubmittedBy.CLOCK)
    hand_in(one)
    grade(one, 3)

    hand_in(taken(fellow, second, [4, 4], handed_in=5))

    assert openings(fellow) == [hours(3)] * 2
    assert [row.key_in_id for row in exposures(fellow)] == [one.id] * 2
    assert firsts(fellow) == [one.id, None]


def test_the_earlier_save_is_first_whichever_attempt_is_handed_in_first() -> None:
    fellow, first, second = given_twice()
    later = taken(fellow, second, [3, 3], handed_in=4)
    earlier = taken(fellow, first, [1, 5], handed_in=6)

    hand_in(later)
    hand_in(earlier)

    assert firsts(fellow) == [earlier.id, later.id]


def test_a_key_that_waits_for_the_closing_opens_then_and_is_known_ahead() -> None:
    fellow, first, _ = given_twice(feedback=Feedback.CLOSED)
    attempt = taken(fellow, first, [1, 1], handed_in=2)
    hand_in(attempt)

    grade(attempt, 3)

    assert set(openings(fellow)) == {first.closes_at}


def test_of_two_assignments_the_key_that_opens_first_counts_until_it_is_past() -> None:
    fellow, first, second = given_twice(feedback=Feedback.CLOSED)
    one = taken(fellow, first, [1, 1], handed_in=2)
    hand_in(one)
    grade(one, 3)
    with transaction():
        move(second, first.closes_at - timedelta(days=1))

    two = taken(fellow, second, [4, 4], handed_in=5)
    hand_in(two)
    grade(two, 6)

    assert set(openings(fellow)) == {first.closes_at - timedelta(days=1)}
    assert {row.key_in_id for row in exposures(fellow)} == {two.id}
    with transaction():
        move(second, first.closes_at + timedelta(days=9))
    grade(two, 7)
    assert {row.key_in_id for row in exposures(fellow)} == {one.id}
    grade(two, 24 * 30)
    assert set(openings(fellow)) == {first.closes_at}


def test_another_fellows_answers_change_nothing() -> None:
    with transaction():
        fellow, other = make_fellow(), make_fellow()
        assignment = make_assignment(fellow, other, cases=[make_case(choice_item())])
        own, another = (sat(who, assignment, [1], handed_in=2) for who in (fellow, other))
    hand_in(own)
    hand_in(another)

    grade(another, 3)

    assert firsts(fellow) == [own.id]
    assert openings(fellow) == [None]


SAVES = st.tuples(*[st.none() | st.integers(0, 40)] * 3)
SITTINGS = st.lists(st.tuples(SAVES, st.booleans()), min_size=1, max_size=4)


@given(sittings=SITTINGS, graded=st.integers(0, 40), order=st.randoms(use_true_random=False))
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_rows_say_what_the_definitions_say_in_whichever_order_attempts_are_handed_in(
    sittings, graded, order
) -> None:
    """The first attempt is graded at some hour; the others answer before and after it."""
    with transaction():
        fellow = make_fellow()
        cases = [make_case(choice_item("a"), choice_item("b"), choice_item("c"))]
        attempts = [
            attempt_of(fellow, make_assignment(fellow, cases=cases), saved, by_clock, number)
            for number, (saved, by_clock) in enumerate(sittings)
        ]
    first, *others = [made for made, _ in attempts]
    order.shuffle(others)

    hand_in(first)
    grade(first, graded)
    for made in others:
        hand_in(made)

    for place, row in enumerate(exposures(fellow)):
        moments = [(found[place], made.id) for made, found in attempts]
        before = [one for one in moments if one[0] and precedes_key(one[0], hours(graded))]
        assert openings(fellow)[place] == hours(graded)
        assert (row.answered_at, firsts(fellow)[place]) == min(before, default=(None, None))


def attempt_of(fellow, assignment, saved, by_clock, number):
    """Return the attempt of a number, and when its items were answered; the first long before."""
    shift = number / 8 if number else -50
    by = SubmittedBy.CLOCK if by_clock else SubmittedBy.FELLOW
    at = [None if hour is None else hour + shift for hour in saved]
    made = sat(fellow, assignment, at, handed_in=41 + shift, by=by)
    saves = [None if hour is None else hours(hour) for hour in at]
    return made, moments_of(saves, hours(41 + shift), by_clock=by_clock)
