"""Figures about people count first answers, and of single items only what is released."""

from datetime import timedelta

import pytest

from lms.attempts import services
from lms.attempts.models import Attempt, Response
from lms.core.db import db, transaction
from lms.grading import services as grading
from lms.grading.models import Grade
from lms.people.models import Role
from lms.progress.facts import graded_facts
from lms.progress.queries import summaries
from lms.results.services import acknowledge
from lms.taking import saving
from lms.taking.incoming_saves import Packet, ShownAnswer
from question_bank.terms import Feedback
from tests.attempts.factories import choice_item, make_assignment, make_case, shown_place
from tests.factories import NOW, make_fellow, make_user

pytestmark = pytest.mark.usefixtures("in_app")

HOUR = timedelta(hours=1)


def sit(fellow, assignment, answers, at, *, by_clock=False):
    """Have the fellow answer items right (True), wrong or not at all (None), and be graded."""
    with transaction():
        attempt = services.start_attempt(fellow, assignment.id, now=at)
        for position, right in enumerate(answers, start=1):
            if right is not None:
                place = shown_place(attempt.id, position, authored=1 if right else 0)
                packet = Packet("a", position, at, ShownAnswer({"chosen": place}))
                saving.save_response(fellow, attempt.id, position, packet)
        if by_clock:
            assert services.close_overdue(attempt.id, now=at + HOUR)
        else:
            services.submit_attempt(fellow, attempt.id, now=at + HOUR / 4)
    with transaction():
        grading.grade_attempt(attempt.id, now=at + HOUR)
    return attempt


def facts(fellow, now):
    found = graded_facts([fellow.id], until=None, now=now)
    return [(fact.attempt_id, fact.credit) for fact in found]


def quizzes(*, count: int = 2, **terms):
    with transaction():
        fellow = make_fellow()
        cases = [make_case(choice_item("a"), choice_item("b"))]
        return fellow, [make_assignment(fellow, cases=cases, **terms) for _ in range(count)]


def test_an_item_that_another_quiz_asks_again_counts_once() -> None:
    fellow, (first, second) = quizzes()

    one = sit(fellow, first, [True, False], NOW)
    sit(fellow, second, [False, True], NOW + 3 * HOUR)

    assert facts(fellow, NOW + 9 * HOUR) == [(one.id, 1), (one.id, 0)]


def test_what_was_not_reached_counts_nowhere_until_it_is_answered() -> None:
    fellow, (first, second) = quizzes(feedback=Feedback.CLOSED)

    one = sit(fellow, first, [True, None], NOW, by_clock=True)
    before = facts(fellow, NOW + 2 * HOUR)
    two = sit(fellow, second, [True, False], NOW + 3 * HOUR)

    assert before == [(one.id, 1)]
    assert facts(fellow, NOW + 9 * HOUR) == [(one.id, 1), (two.id, 0)]


def test_a_blank_that_a_fellow_hands_in_is_an_answer_without_credit() -> None:
    fellow, (first, _) = quizzes()

    one = sit(fellow, first, [True, None], NOW)

    assert facts(fellow, NOW + 2 * HOUR) == [(one.id, 1), (one.id, 0)]


def test_a_mentor_hears_of_the_share_at_once_and_of_what_was_missed_when_it_is_released() -> None:
    fellow, (first,) = quizzes(feedback=Feedback.CLOSED, count=1)
    with transaction():
        mentor = make_user(Role.MENTOR)
    sit(fellow, first, [True, False], NOW)

    def told(now):
        found = summaries([fellow.id], since=NOW, until=now, now=now, reader=mentor)[fellow.id]
        return found.total.items, len(found.points)

    assert told(NOW + 2 * HOUR) == (2, 0)
    assert told(first.closes_at + HOUR) == (2, 1)


@pytest.mark.parametrize("weeks", [1, 30])
def test_an_unsafe_choice_is_counted_at_once_told_when_it_can_be_read_and_ends_when_talked_about(
    weeks: int,
) -> None:
    waits = timedelta(weeks=weeks)
    fellow, (running, first) = quizzes(closes_in=2 * waits, due_in=2 * waits, time_limit=None)
    with transaction():
        mentor = make_user(Role.MENTOR)
        other = services.start_attempt(fellow, running.id, now=NOW)
    sit(fellow, first, [True, False], NOW + HOUR)
    with transaction():
        db.session.execute(db.update(Grade).values(harms=["unnamed"]))

    def unsafe(until):
        found = summaries([fellow.id], since=NOW, until=until, now=until, reader=mentor)
        return [(each.told, each.settled) for each in found[fellow.id].unsafe]

    before = unsafe(NOW + waits)
    with transaction():
        services.submit_attempt(fellow, other.id, now=NOW + waits + HOUR)
    after = unsafe(NOW + waits + 2 * HOUR)
    responses = db.session.scalars(
        db.select(Response.id)
        .join(Response.attempt)
        .where(Attempt.assignment_id == first.id)
        .order_by(Response.position)
    ).all()
    with transaction():
        acknowledge(fellow, responses[0], now=NOW)
        acknowledge(mentor, responses[1], now=NOW)

    assert before == [(False, False)] * 2
    assert after == [(True, False)] * 2
    assert unsafe(NOW + waits + 2 * HOUR) == [(True, False), (True, True)]


def test_what_was_missed_waits_while_the_fellow_may_be_asked_it_elsewhere() -> None:
    fellow, (first, second) = quizzes()
    with transaction():
        mentor = make_user(Role.MENTOR)
    sit(fellow, first, [True, False], NOW)

    def points(now):
        found = summaries([fellow.id], since=NOW, until=now, now=now, reader=mentor)
        return len(found[fellow.id].points)

    assert points(NOW + 2 * HOUR) == 0
    assert points(second.closes_at + HOUR) == 1
