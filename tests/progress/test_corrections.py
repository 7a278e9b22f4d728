"""What a digest tells as corrected, and as finished, of attempts that were reopened."""

from datetime import timedelta

import pytest

from lms.attempts import services
from lms.attempts.models import Response
from lms.core.db import db, transaction
from lms.grading import ledger
from lms.grading import services as grading
from lms.grading.models import GradeCause, GradeState
from lms.people.models import Role
from lms.progress.facts import graded_facts
from lms.progress.queries import summaries
from lms.supervision import services as acts
from lms.taking import saving
from lms.taking.incoming_saves import Packet, ShownAnswer
from question_bank.analysis.summary import Summary
from question_bank.terms import Feedback
from tests.attempts.factories import choice_item, make_assignment, make_case, shown_place
from tests.factories import NOW, make_fellow, make_user

pytestmark = pytest.mark.usefixtures("in_app")

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
WEEK = 7 * DAY

ITEMS = 2


class Story:
    """A fellow at a quiz whose keys open after three weeks, and a mentor who hears of it."""

    def __init__(self) -> None:
        with transaction():
            self.director, self.mentor = make_user(Role.DIRECTOR), make_user(Role.MENTOR)
            self.fellow = make_fellow()
            self.quiz = make_assignment(
                self.fellow,
                cases=[make_case(*(choice_item(f"item-{n}") for n in range(ITEMS)))],
                due_in=2 * WEEK,
                closes_in=2 * WEEK,
                results_in=3 * WEEK,
                time_limit=None,
                feedback=Feedback.CLOSED,
            )
            self.attempt = services.start_attempt(self.fellow, self.quiz.id, now=NOW)
        self.packets = 0

    def answer(self, position: int, after: timedelta, *, right: bool) -> None:
        self.packets += 1
        place = shown_place(self.attempt.id, position, authored=1 if right else 0)
        packet = Packet("a", self.packets, NOW + after, ShownAnswer({"chosen": place}))
        with transaction():
            saving.save_response(self.fellow, self.attempt.id, position, packet)

    def hand_in(self, after: timedelta) -> None:
        with transaction():
            services.submit_attempt(self.fellow, self.attempt.id, now=NOW + after)
            assert grading.grade_attempt(self.attempt.id, now=NOW + after)

    def reopen(self, after: timedelta) -> None:
        with transaction():
            acts.reopen(
                self.director, self.attempt.id,
                until=NOW + after + DAY, reason="Cut", now=NOW + after,
            )  # fmt: skip

    def week(self, number: int) -> Summary:
        """Return what the digest of a week says, as soon as it is over."""
        since, until = NOW + (number - 1) * WEEK, NOW + number * WEEK
        found = summaries([self.fellow.id], since=since, until=until, now=until, reader=self.mentor)
        return found[self.fellow.id]


def test_what_a_reopening_did_not_change_is_no_correction() -> None:
    story = Story()
    story.answer(1, HOUR, right=True)
    story.hand_in(DAY)

    story.reopen(8 * DAY)
    story.hand_in(8 * DAY + HOUR)

    assert (story.week(1).fresh.items, story.week(1).corrected) == (ITEMS, 0)
    assert (story.week(2).fresh.items, story.week(2).corrected) == (0, 0)


def test_what_was_answered_otherwise_is_a_correction_in_the_week_of_its_grade_alone() -> None:
    story = Story()
    story.answer(1, HOUR, right=True)
    story.hand_in(DAY)

    story.reopen(8 * DAY)
    story.answer(2, 8 * DAY + HOUR, right=True)
    story.hand_in(9 * DAY)
    story.reopen(13 * DAY + 2 * HOUR)
    story.hand_in(14 * DAY + HOUR)

    assert [story.week(number).corrected for number in (1, 2, 3)] == [0, 1, 0]


def test_a_quiz_is_told_as_finished_once_however_often_it_is_graded() -> None:
    story = Story()
    story.hand_in(DAY)

    story.reopen(8 * DAY)
    while_it_runs = story.week(1)
    story.answer(1, 8 * DAY + HOUR, right=True)
    story.hand_in(9 * DAY)

    assert len(while_it_runs.finished) == 1
    assert [len(story.week(number).finished) for number in (1, 2, 3)] == [1, 0, 0]


def test_of_a_quiz_taken_twice_the_first_attempt_says_when_it_was_finished() -> None:
    story = Story()
    with transaction():
        db.session.merge(story.quiz).attempts_allowed = 2
    story.hand_in(DAY)
    with transaction():
        story.attempt = services.start_attempt(story.fellow, story.quiz.id, now=NOW + 8 * DAY)
    story.hand_in(9 * DAY)

    assert [len(story.week(number).finished) for number in (1, 2)] == [1, 0]


EARNED = {"state": GradeState.EARNED, "credit_num": 0, "credit_den": 1, "harms": []}
RIGHT = {**EARNED, "credit_num": 1}
HALF = {**EARNED, "credit_num": 1, "credit_den": 2}
HARMFUL = {**EARNED, "harms": ["unnamed"]}
WAITS = {"state": GradeState.WAITS, "credit_num": None, "credit_den": None, "harms": []}


@pytest.mark.parametrize(
    ("grades", "since"),
    [
        pytest.param([], 0, id="no other"),
        pytest.param([EARNED, EARNED], 0, id="the same twice"),
        pytest.param([RIGHT], 1, id="another credit"),
        pytest.param([HALF, RIGHT], 2, id="of the same numerator"),
        pytest.param([HARMFUL], 1, id="the same credit with a harm"),
        pytest.param([HARMFUL, HARMFUL], 1, id="so, and the same again"),
        pytest.param([RIGHT, EARNED], 2, id="there and back"),
        pytest.param([WAITS, EARNED], 0, id="the same after a wait"),
        pytest.param([WAITS, RIGHT], 2, id="another after a wait"),
    ],
)
def test_a_grade_stands_since_the_first_one_in_a_row_that_says_the_same(
    grades: list[dict[str, object]], since: int
) -> None:
    story = Story()
    story.hand_in(HOUR)
    response = db.session.scalars(
        db.select(Response).where(Response.attempt_id == story.attempt.id, Response.position == 1)
    ).one()
    for number, grade in enumerate(grades, start=1):
        with transaction():
            rest = {
                "case_version_id": response.case_version_id,
                "why": GradeCause.GRADED,
                "graded_at": NOW + HOUR + number * DAY,
            }
            ledger.correct(response.id, number, {**grade, **rest})
    db.session.expire_all()

    first, other = graded_facts([story.fellow.id], until=None, now=NOW + WEEK)

    assert first.stands_since == NOW + HOUR + since * DAY
    assert first.news_at == other.stands_since == NOW + HOUR
