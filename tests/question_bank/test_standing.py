"""Where a fellow stands: what was handed in counts most, then the dates."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from question_bank.standing import AssignedQuiz, AttemptFacts, GivenQuiz, standing_of
from question_bank.terms import PublishedTerms, terms_for

DUE = datetime(2026, 11, 23, 22, tzinfo=UTC)


CLOSES = DUE + timedelta(days=2)


QUIZ = AssignedQuiz(
    id=1,
    title="Quiz 4",
    terms=terms_for(
        PublishedTerms(DUE - timedelta(days=7), DUE, CLOSES, CLOSES, attempts_allowed=2), zone="UTC"
    ),
)


TAKEN_BACK = replace(QUIZ, terms=replace(QUIZ.terms, withdrawn=DUE - timedelta(days=3)))


BEFORE, LATE, OVER = DUE, DUE + timedelta(seconds=1), CLOSES


def given(
    quiz: AssignedQuiz = QUIZ, member_now: bool = True, member_when_due: bool = True
) -> GivenQuiz:
    return GivenQuiz(1, quiz, member_now, member_when_due)


def sitting(
    number: int = 1,
    *,
    handed_in: bool = False,
    deadline_at: datetime | None = OVER,
    first_closed_at: datetime | None = None,
    submitted_at: datetime | None = None,
    answered: int = 3,
) -> AttemptFacts:
    return AttemptFacts(
        attempt_id=number,
        number=number,
        deadline_at=deadline_at,
        answered=answered,
        items=4,
        handed_in=handed_in,
        graded=handed_in,
        submitted_at=submitted_at,
        first_closed_at=first_closed_at,
    )


HOUR = timedelta(hours=1)
AFTER = CLOSES + HOUR
IN_TIME = sitting(deadline_at=AFTER, first_closed_at=DUE)
TOO_LATE = sitting(deadline_at=AFTER, first_closed_at=LATE)


@pytest.mark.parametrize(
    ("sittings", "now", "owed", "state"),
    [
        pytest.param([], BEFORE, True, "due", id="not begun"),
        pytest.param([], LATE, True, "overdue", id="not begun, late"),
        pytest.param([], LATE, False, "due", id="late, but not asked of the fellow when due"),
        pytest.param([], OVER, True, "missed", id="not begun, closed"),
        pytest.param([sitting()], BEFORE, True, "in progress", id="runs"),
        pytest.param([sitting()], LATE, True, "overdue", id="runs, late"),
        pytest.param([sitting(deadline_at=DUE)], LATE, True, "done", id="its time is up"),
        pytest.param([sitting(deadline_at=None)], BEFORE, True, "in progress", id="frozen"),
        pytest.param([sitting(handed_in=True)], OVER, True, "done", id="handed in"),
        pytest.param(
            [sitting(deadline_at=AFTER)], OVER, True, "overdue", id="outlives the closing"
        ),
        pytest.param([sitting(deadline_at=AFTER)], AFTER, False, "in progress", id="so, not owed"),
        pytest.param([sitting(deadline_at=None)], AFTER, True, "overdue", id="frozen, closed"),
        pytest.param([IN_TIME], LATE, True, "in progress", id="handed in when due, reopened"),
        pytest.param([IN_TIME], AFTER, True, "in progress", id="so, and closed meanwhile"),
        pytest.param([TOO_LATE], AFTER, True, "overdue", id="handed in when late, reopened"),
        pytest.param([IN_TIME], AFTER + HOUR, True, "done", id="reopened, and its time is up"),
        pytest.param(
            [sitting(handed_in=True), sitting(2)], LATE, True, "done", id="handed in, and again"
        ),
    ],
)
def test_the_state_of_a_standing(sittings, now, owed: bool, state: str) -> None:
    standing = standing_of(given(member_when_due=owed), sittings, size=4, now=now)

    assert standing.state == state


@pytest.mark.parametrize(
    ("away_now", "away_when_due", "now", "state"),
    [
        pytest.param(True, False, LATE, "due", id="late, and away since"),
        pytest.param(False, True, LATE, "due", id="away when it was due, and back"),
        pytest.param(True, True, LATE, "due", id="away when it was due, and still"),
        pytest.param(False, False, LATE, "overdue", id="never away"),
    ],
)
def test_nothing_is_overdue_for_who_is_on_leave(
    away_now: bool, away_when_due: bool, now: datetime, state: str
) -> None:
    away = replace(given(), away_now=away_now, away_when_due=away_when_due)

    assert standing_of(away, [], size=4, now=now).state == state


def test_what_was_due_in_a_leave_is_missed_by_nobody() -> None:
    assert not replace(given(), away_when_due=True).concerns(OVER)
    assert replace(given(), away_when_due=True).concerns(LATE), "it can still be taken"
    assert replace(given(), away_now=True).concerns(OVER), "it was late before"


def test_what_was_taken_back_is_never_overdue_for_who_has_begun_it() -> None:
    standing = standing_of(given(TAKEN_BACK), [sitting()], size=4, now=LATE)

    assert standing.state == "in progress"


def test_a_standing_tells_of_the_newest_attempt() -> None:
    sittings = [sitting(handed_in=True), sitting(2)]

    standing = standing_of(given(), sittings, size=9, now=BEFORE)

    assert (standing.attempt_id, standing.attempts, standing.running) == (2, 2, True)
    assert (standing.answered, standing.items) == (3, 4)
    assert standing.runs_until == OVER


def test_what_has_not_been_begun_is_said_of_the_next_attempt() -> None:
    standing = standing_of(given(), [], size=9, now=BEFORE)

    assert (standing.answered, standing.items, standing.attempt_id) == (0, 9, None)


@pytest.mark.parametrize(
    ("quiz", "now", "member_now", "member_when_due", "concerned"),
    [
        pytest.param(QUIZ, LATE, True, False, True, id="open, in the cohort today"),
        pytest.param(QUIZ, LATE, False, True, False, id="open, in the cohort no more"),
        pytest.param(QUIZ, OVER, False, True, True, id="closed, in the cohort when it was due"),
        pytest.param(QUIZ, OVER, True, False, False, id="closed, in the cohort since"),
        pytest.param(TAKEN_BACK, LATE, True, True, False, id="taken back"),
    ],
)
def test_whom_it_concerns(
    quiz: AssignedQuiz, now: datetime, member_now: bool, member_when_due: bool, concerned: bool
) -> None:
    assert given(quiz, member_now, member_when_due).concerns(now) is concerned


def test_none_is_begun_again_before_it_opens() -> None:
    standing = standing_of(given(), [sitting(handed_in=True)], size=4, now=BEFORE)

    assert standing.may_begin(BEFORE)
    assert standing.may_begin(QUIZ.terms.opens)
    assert not standing.may_begin(QUIZ.terms.opens - timedelta(seconds=1))


BLANK = sitting(handed_in=True, submitted_at=BEFORE, answered=0)


@pytest.mark.parametrize(
    ("sittings", "until"),
    [
        pytest.param([], CLOSES, id="not begun"),
        pytest.param([sitting(deadline_at=AFTER)], CLOSES, id="runs, with answers"),
        pytest.param([sitting(handed_in=True)], None, id="handed in with answers"),
        pytest.param([BLANK], BEFORE, id="handed in without one"),
        pytest.param([sitting(deadline_at=DUE, answered=0)], DUE, id="its time is up, blank"),
        pytest.param([BLANK, sitting(2)], None, id="blank, and answered in a second attempt"),
        pytest.param([sitting(handed_in=True), replace(BLANK, number=2)], None, id="then blank"),
        pytest.param([replace(BLANK, submitted_at=AFTER)], CLOSES, id="blank past the closing"),
    ],
)
def test_answers_are_waited_for_until_some_are_handed_in_or_none_can_be(sittings, until) -> None:
    standing = standing_of(given(), sittings, size=4, now=LATE)

    assert standing.open_until == until
