"""What becomes of an attempt whose time ends before it is handed in, as its quiz says."""

from dataclasses import fields
from datetime import datetime, timedelta

import pytest

from lms.attempts import queries, services
from lms.attempts.answer_kinds import kinds_of
from lms.attempts.models import Attempt, AttemptState, Response, SubmittedBy
from lms.attempts.queries import GRACE
from lms.attempts.standings import standings
from lms.core.audit import AuditEvent
from lms.core.db import db, transaction
from lms.exposure.models import Exposure, KeyOpening
from lms.grading import services as grading
from lms.grading import tasks
from lms.grading.models import Grade
from lms.people.models import Role, User
from lms.progress.facts import graded_facts
from lms.quizzes.models import Assignment
from lms.supervision import services as acts
from question_bank.first_answers import AnswerKind
from question_bank.terms import Feedback, Grant, Unfinished
from tests.attempts.factories import begin, row_of
from tests.factories import NOW, make_user

pytestmark = pytest.mark.usefixtures("in_app")

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
ENDS = NOW + 30 * MINUTE
BELL = ENDS + GRACE + timedelta(seconds=1)
"""The first moment at which the clock closes it."""

ABANDON, WITH_GRACE = {"unfinished": Unfinished.ABANDON}, {"unfinished": Unfinished.GRACE}
"""With grace, it can be handed in for an hour."""

LATER = BELL + 60 * MINUTE


def answer(attempt: Attempt, position: int = 1) -> None:
    with transaction():
        row = row_of(attempt.id, position)
        row.answer, row.saved_at, row.given_at = {"chosen": 0}, NOW + MINUTE, NOW + MINUTE


def close(attempt: Attempt, now: datetime) -> AttemptState:
    with transaction():
        services.close_overdue(attempt.id, now=now)
    return state_of(attempt)


def hand_in(fellow: User, attempt: Attempt, now: datetime) -> AttemptState:
    with transaction():
        services.submit_attempt(fellow, attempt.id, now=now)
    return state_of(attempt)


def state_of(attempt: Attempt) -> AttemptState:
    db.session.expire_all()
    return db.session.get_one(Attempt, attempt.id).state


def standing(fellow: User, now: datetime):
    (found,) = standings([fellow.id], now)
    return found


def exposures(attempt: Attempt) -> list[tuple[int | None, datetime | None]]:
    opened = db.select(Exposure.response_id, KeyOpening.key_at).outerjoin(
        KeyOpening, KeyOpening.attempt_id == Exposure.key_in_id
    )
    rows = db.session.execute(opened.where(Exposure.fellow_id == attempt.fellow_id))
    return [tuple(row) for row in rows]


@pytest.mark.parametrize(
    ("terms", "at_bell", "later"),
    [
        pytest.param({}, AttemptState.SUBMITTED, AttemptState.SUBMITTED, id="hand in"),
        pytest.param(WITH_GRACE, AttemptState.IN_PROGRESS, AttemptState.ABANDONED, id="grace"),
        pytest.param(ABANDON, AttemptState.ABANDONED, AttemptState.ABANDONED, id="abandon"),
    ],
)
def test_the_clock_closes_it_as_the_quiz_says(terms, at_bell, later) -> None:
    _, attempt = begin(**terms)

    assert close(attempt, ENDS + GRACE) is AttemptState.IN_PROGRESS
    assert close(attempt, BELL) is at_bell
    assert close(attempt, LATER) is later


@pytest.mark.parametrize("terms", [{}, WITH_GRACE, ABANDON])
def test_what_is_handed_in_in_time_is_handed_in_by_the_fellow(terms) -> None:
    fellow, attempt = begin(**terms)

    assert hand_in(fellow, attempt, ENDS + GRACE) is AttemptState.SUBMITTED
    assert attempt.submitted_by is SubmittedBy.FELLOW


def test_in_the_grace_it_can_be_handed_in_and_what_was_not_reached_stays_so() -> None:
    fellow, attempt = begin(**WITH_GRACE)
    answer(attempt)

    assert hand_in(fellow, attempt, LATER - timedelta(seconds=1)) is AttemptState.SUBMITTED
    assert attempt.submitted_by is SubmittedBy.CLOCK
    kinds = list(kinds_of([attempt.id]).values())
    assert kinds.count(AnswerKind.FIRST) == 1
    assert kinds.count(AnswerKind.NOT_REACHED) == len(kinds) - 1


@pytest.mark.parametrize(("terms", "now"), [(WITH_GRACE, LATER), (ABANDON, BELL)])
def test_who_hands_in_too_late_has_abandoned_it_and_the_audit_does_not_say_otherwise(
    terms, now
) -> None:
    fellow, attempt = begin(**terms)

    assert hand_in(fellow, attempt, now) is AttemptState.ABANDONED
    assert hand_in(fellow, attempt, now) is AttemptState.ABANDONED
    told = db.session.scalars(db.select(AuditEvent.action).order_by(AuditEvent.id)).all()
    assert told == ["attempt.start", "attempt.abandon"]


def test_grace_does_not_last_beyond_the_results() -> None:
    ten = timedelta(minutes=10)
    _, attempt = begin(**WITH_GRACE, closes_in=30 * MINUTE, due_in=MINUTE, results_in=40 * MINUTE)

    assert close(attempt, ENDS + ten + GRACE) is AttemptState.IN_PROGRESS
    assert close(attempt, BELL + ten) is AttemptState.ABANDONED


def test_nothing_of_what_is_abandoned_counts_and_everything_is_kept() -> None:
    fellow, attempt = begin(**ABANDON)
    answer(attempt)
    close(attempt, BELL)

    tasks.grade(attempt.id)
    tasks.sweep()

    assert state_of(attempt) is AttemptState.ABANDONED
    assert (attempt.submitted_at, attempt.score, attempt.graded_at) == (None, None, None)
    assert db.session.scalars(db.select(Grade)).all() == []
    assert set(kinds_of([attempt.id]).values()) == {AnswerKind.NOT_REACHED}
    assert graded_facts([fellow.id], until=LATER, now=LATER) == []
    assert row_of(attempt.id, 1).answer == {"chosen": 0}
    assert {first for first, _ in exposures(attempt)} == {None}


@pytest.mark.parametrize("feedback", list(Feedback))
def test_who_lets_the_time_run_out_reads_no_key_before_the_results(feedback) -> None:
    _, attempt = begin(**ABANDON, feedback=feedback, results_in=timedelta(days=6))
    close(attempt, BELL)

    assert {key_at for _, key_at in exposures(attempt)} == {NOW + timedelta(days=6)}


def test_the_next_attempt_is_the_first_answer_and_its_grading_opens_the_keys() -> None:
    fellow, first = begin(**ABANDON, attempts_allowed=2)
    answer(first)
    close(first, BELL)
    assert standing(fellow, BELL).state == "due"
    assert standing(fellow, BELL).abandoned

    with transaction():
        second = services.start_attempt(fellow, first.assignment_id, now=BELL)
    answer(second)
    hand_in(fellow, second, BELL + MINUTE)
    with transaction():
        grading.grade_attempt(second.id, now=BELL + 2 * MINUTE)

    assert second.number == 2
    assert {opens for _, opens in exposures(second)} == {BELL + 2 * MINUTE}
    own = db.session.scalars(db.select(Response.id).where(Response.attempt_id == second.id))
    assert {row for row, _ in exposures(second)} == set(own)
    assert standing(fellow, LATER).state == "done"


def test_it_stands_as_abandoned_once_no_attempt_is_left() -> None:
    fellow, attempt = begin(**WITH_GRACE)
    assert standing(fellow, ENDS).state == "in progress"

    in_grace = standing(fellow, BELL)
    assert (in_grace.state, in_grace.hand_in_until) == ("in progress", ENDS + 60 * MINUTE)
    assert (in_grace.running, in_grace.open) == (False, True)

    assert standing(fellow, LATER).state == "abandoned"  # before the sweep as after it
    close(attempt, LATER)
    assert standing(fellow, LATER).state == "abandoned"
    assert not standing(fellow, LATER).open


def test_who_begins_anew_in_the_grace_is_led_to_what_is_to_be_handed_in() -> None:
    fellow, attempt = begin(**WITH_GRACE, attempts_allowed=2)

    with transaction():
        assert services.start_attempt(fellow, attempt.assignment_id, now=BELL).id == attempt.id
    with transaction():
        assert services.start_attempt(fellow, attempt.assignment_id, now=LATER).number == 2
    assert state_of(attempt) is AttemptState.ABANDONED


def test_more_minutes_in_the_grace_let_it_take_answers_again() -> None:
    fellow, attempt = begin(**WITH_GRACE)
    with transaction():
        acts.extend(
            make_user(Role.DIRECTOR), attempt.assignment_id, fellow.id,
            grant=Grant(minutes=30), reason="Called away", now=BELL,
        )  # fmt: skip

    db.session.refresh(attempt)
    assert queries.is_running(attempt, BELL)
    assert attempt.deadline_at == ENDS + 30 * MINUTE


class TestReopened:
    """A director lets an abandoned attempt go on."""

    def reopen(self, attempt: Attempt, now: datetime) -> None:
        with transaction():
            acts.reopen(
                make_user(Role.DIRECTOR), attempt.id, until=now + 20 * MINUTE,
                reason="The network was down", now=now,
            )  # fmt: skip

    def test_what_is_handed_in_then_counts(self) -> None:
        fellow, attempt = begin(**ABANDON)
        answer(attempt)
        close(attempt, BELL)

        self.reopen(attempt, LATER)
        assert hand_in(fellow, attempt, LATER + MINUTE) is AttemptState.SUBMITTED

        own = db.session.scalars(db.select(Response.id).where(Response.attempt_id == attempt.id))
        assert {first for first, _ in exposures(attempt)} == set(own)
        assert set(kinds_of([attempt.id]).values()) == {AnswerKind.FIRST}

    def test_it_is_abandoned_again_if_it_is_not(self) -> None:
        _, attempt = begin(**ABANDON)
        close(attempt, BELL)

        self.reopen(attempt, LATER)

        assert close(attempt, LATER + 21 * MINUTE) is AttemptState.ABANDONED

    @pytest.mark.parametrize("terms", [ABANDON, WITH_GRACE])
    def test_what_was_handed_in_before_is_handed_in_again_by_the_clock(self, terms) -> None:
        fellow, attempt = begin(**terms)
        answer(attempt)
        hand_in(fellow, attempt, NOW + 2 * MINUTE)
        tasks.grade(attempt.id)

        self.reopen(attempt, LATER)

        assert close(attempt, LATER + 21 * MINUTE) is AttemptState.SUBMITTED
        assert AnswerKind.FIRST in kinds_of([attempt.id]).values()


def change(attempt: Attempt, *, now: datetime, **changes: object) -> None:
    """Have a director change what the assignment says for all."""
    given = db.session.get_one(Assignment, attempt.assignment_id)
    names = (each.name for each in fields(acts.AssignmentTerms))
    said = {name: getattr(given, name) for name in names}
    terms = acts.AssignmentTerms(**said | changes)
    with transaction():
        acts.change_dates(make_user(Role.DIRECTOR), given.id, terms=terms, now=now)


def test_the_rule_cannot_become_worse_while_somebody_is_answering() -> None:
    _, attempt = begin(time_limit=30)

    with pytest.raises(acts.LeavesLess):
        change(attempt, unfinished=Unfinished.ABANDON, now=NOW + MINUTE)
    close(attempt, BELL)
    change(attempt, unfinished=Unfinished.ABANDON, now=LATER)

    given = db.session.get_one(Assignment, attempt.assignment_id)
    assert given.unfinished is Unfinished.ABANDON


LAST = ENDS + 60 * MINUTE
"""Up to then, with grace, it can be handed in."""


@pytest.mark.parametrize(
    ("now", "changes"),
    [
        pytest.param(NOW + MINUTE, {"results_at": LAST - MINUTE}, id="results, as it runs"),
        pytest.param(BELL, {"results_at": LAST - MINUTE}, id="results, in the grace"),
        pytest.param(BELL, {"time_limit": 20}, id="the limit, in the grace"),
    ],
)
def test_no_change_cuts_short_the_time_to_hand_in(now: datetime, changes) -> None:
    fellow, attempt = begin(**WITH_GRACE, due_in=MINUTE, closes_in=40 * MINUTE, results_in=DAY)

    with pytest.raises(acts.LeavesLess):
        change(attempt, **changes, now=now)

    assert standing(fellow, BELL).hand_in_until == LAST
    assert hand_in(fellow, attempt, LAST) is AttemptState.SUBMITTED


def test_dates_can_be_moved_that_leave_the_time_to_hand_in() -> None:
    _, attempt = begin(**WITH_GRACE, due_in=MINUTE, closes_in=40 * MINUTE, results_in=DAY)

    change(attempt, results_at=LAST, now=NOW + MINUTE)
    change(attempt, unfinished=Unfinished.HAND_IN, now=BELL)

    assert close(attempt, BELL) is AttemptState.SUBMITTED
