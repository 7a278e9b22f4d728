"""Facts and standings."""

from datetime import timedelta
from fractions import Fraction

import pytest

from lms.attempts import queries, services
from lms.attempts.models import Attempt
from lms.attempts.standings import standings
from lms.core.db import db, transaction
from lms.grading import ledger
from lms.grading import services as grading
from lms.progress import facts as progress
from lms.results.queries import result_of
from lms.taking import saving
from lms.taking.incoming_saves import Packet, ShownAnswer
from question_bank.case import parse_case
from tests.attempts.factories import (
    begin,
    case_body,
    choice_item,
    make_assignment,
    make_case,
    shown_place,
    store_case,
    words_item,
)
from tests.attempts.statements import count_statements
from tests.cases.test_editions import other_key
from tests.cases.texts import publisher, revise_case
from tests.factories import NOW, make_fellow

pytestmark = pytest.mark.usefixtures("in_app")


DAY = timedelta(days=1)


def finish(fellow, attempt, now=NOW) -> None:
    with transaction():
        place = shown_place(attempt.id, 1, authored=1)
        packet = Packet("a", 1, now, ShownAnswer({"chosen": place}))
        saving.save_response(fellow, attempt.id, 1, packet)
        services.submit_attempt(fellow, attempt.id, now=now)
        grading.grade_attempt(attempt.id, now=now + timedelta(seconds=5))


def facts(fellow, until=None):
    return progress.graded_facts([fellow.id], until=until, now=NOW + DAY)


def test_facts_say_every_credit_of_a_first_attempt() -> None:
    fellow, attempt = begin()
    finish(fellow, attempt)

    found = facts(fellow)

    assert [fact.credit for fact in found] == [Fraction(1), 0, 0, 0]
    assert {(fact.approach, fact.topic) for fact in found} == {
        ("pharmacological", "pharm-opioid-prescribing")
    }
    assert found[0].submitted_at == NOW
    assert found[0].attempt_id == attempt.id


def test_second_attempts_and_other_people_are_not_in_the_facts() -> None:
    fellow, attempt = begin(attempts_allowed=2)
    finish(fellow, attempt)
    with transaction():
        second = services.start_attempt(fellow, attempt.assignment_id, now=NOW)
    finish(fellow, second)
    other, others = begin()
    finish(other, others)

    assert {fact.attempt_id for fact in facts(fellow)} == {attempt.id}


def test_an_attempt_is_a_fact_from_its_grading_on_not_from_its_submission() -> None:
    fellow, attempt = begin()
    finish(fellow, attempt)
    graded_at = NOW + timedelta(seconds=5)

    assert facts(fellow, until=graded_at) == []


def test_what_is_not_graded_is_no_fact() -> None:
    fellow, attempt = begin()
    with transaction():
        services.submit_attempt(fellow, attempt.id, now=NOW)

    assert facts(fellow) == []


@pytest.mark.parametrize(
    ("at", "state"),
    [
        pytest.param(timedelta(), "due", id="open"),
        pytest.param(3 * DAY, "due", id="at the due moment"),
        pytest.param(3 * DAY + timedelta(seconds=1), "overdue", id="past the due moment"),
        pytest.param(5 * DAY, "missed", id="closed"),
    ],
)
def test_what_nobody_began_is_due_then_overdue_then_missed(at, state) -> None:
    with transaction():
        fellow = make_fellow()
        make_assignment(fellow)

    (standing,) = standings([fellow.id], NOW + at)

    assert standing.state == state
    assert (standing.answered, standing.items, standing.attempts) == (0, 4, 0)
    assert standing.running is False


def test_a_running_attempt_is_in_progress_until_it_is_overdue() -> None:
    fellow, attempt = begin(time_limit=None)
    with transaction():
        packet = Packet("a", 1, NOW, ShownAnswer({"text": "x"}))
        saving.save_response(fellow, attempt.id, 4, packet)

    (now,) = standings([fellow.id], NOW)
    (later,) = standings([fellow.id], NOW + 4 * DAY)

    assert (now.state, now.answered, now.items, now.running) == ("in progress", 1, 4, True)
    assert now.attempt_id == attempt.id
    assert (later.state, later.running) == ("overdue", True)


def test_what_was_handed_in_is_done_whatever_comes_after() -> None:
    fellow, attempt = begin(attempts_allowed=2)
    finish(fellow, attempt)
    with transaction():
        services.start_attempt(fellow, attempt.assignment_id, now=NOW)

    (standing,) = standings([fellow.id], NOW + timedelta(minutes=1))

    assert (standing.state, standing.attempts, standing.running) == ("done", 2, True)


def test_an_attempt_whose_time_is_up_counts_as_done_before_the_sweep_comes() -> None:
    fellow, _ = begin(time_limit=10)

    (standing,) = standings([fellow.id], NOW + timedelta(minutes=11))

    assert (standing.state, standing.running) == ("done", False)


def test_what_has_not_opened_is_not_said() -> None:
    with transaction():
        fellow = make_fellow()
        make_assignment(fellow, opens_in=timedelta(seconds=1))

    assert standings([fellow.id], NOW) == []


def test_standings_and_facts_take_as_many_statements_for_sixty_as_for_two() -> None:
    with transaction():
        few = [make_fellow()]
        many = [make_fellow() for _ in range(20)]
        cases = [make_case(words_item())]
        for _ in range(2):
            make_assignment(*few, *many, cases=cases)
        make_assignment(*many, cases=cases)

    counts = []
    for fellows in (few, many):
        db.session.expunge_all()
        with count_statements() as statements:
            found = standings([fellow.id for fellow in fellows], NOW)
            progress.graded_facts([fellow.id for fellow in fellows], until=None, now=NOW)
            assert all(each.assignment.title for each in found)
        counts.append((len(found), len(statements)))

    assert counts == [(2, 14), (60, 14)]


def test_a_newer_version_of_a_case_changes_nothing_that_was_said_of_earlier_answers() -> None:
    with transaction():
        fellow = make_fellow()
        case = store_case(
            case_body(choice_item("alpha", points=3), choice_item("beta"), slug="revised")
        )
        assignment = make_assignment(fellow, cases=[case])
        attempt = services.start_attempt(fellow, assignment.id, now=NOW)
    finish(fellow, attempt)
    said = facts(fellow)
    result = result_of(queries.attempt_of(fellow.id, attempt.id), now=NOW)

    newer = case_body(choice_item("alpha", points=1), other_key("beta"), slug="revised")
    with transaction():
        body = parse_case(newer | {"topic": "rehab-spine"})
        revise_case(publisher(), case.id, body, of=case.current_id, note="", now=NOW)

    db.session.expunge_all()
    assert len(said) == 2
    assert facts(fellow) == said
    assert result_of(queries.attempt_of(fellow.id, attempt.id), now=NOW) == result
    with transaction():
        ledger.score_again(attempt.id)
    assert db.session.get_one(Attempt, attempt.id).score == 7_500
