"""What an attempt that was reopened, and handed in again, leaves of first answers."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lms.attempts import services
from lms.attempts.answer_kinds import kinds_of
from lms.attempts.exposing import choose_firsts, expose
from lms.attempts.models import Attempt, AttemptState, Response, SubmittedBy
from lms.core.db import db, transaction
from lms.grading import services as grading
from lms.people.models import Role, User
from lms.progress.facts import graded_facts
from lms.quizzes.models import Assignment
from lms.supervision import services as acts
from lms.taking import saving
from lms.taking.incoming_saves import Packet, ShownAnswer
from question_bank.first_answers import AnswerKind, moments_of, precedes_key
from question_bank.terms import Feedback
from tests.attempts.factories import choice_item, make_assignment, make_case
from tests.exposure.histories import exposures, grade, hand_in, hand_in_anew, hours, sat
from tests.factories import make_fellow, make_user
from tests.overlap import while_open

pytestmark = pytest.mark.usefixtures("in_app")

ITEMS = 3


class Story:
    """A fellow whom several quizzes ask the same items, and a director who reopens attempts."""

    def __init__(self, *, quizzes: int = 2, **terms) -> None:
        with transaction():
            self.director = make_user(Role.DIRECTOR)
            self.fellow = make_fellow()
            cases = [make_case(*(choice_item(f"item-{n}") for n in range(ITEMS)))]
            self.quizzes = [
                make_assignment(self.fellow, cases=cases, time_limit=None, **terms)
                for _ in range(quizzes)
            ]

    def begin(self, quiz: Assignment, hour: float) -> Attempt:
        with transaction():
            return services.start_attempt(self.fellow, quiz.id, now=hours(hour))

    def answer(
        self, attempt: Attempt, hour: float, place: int, *, seq: int = 1, only: int | None = None
    ) -> None:
        """Answer all items, or *only* the one at a position, with the option at a place."""
        with transaction():
            for position in [only] if only else range(1, ITEMS + 1):
                packet = Packet("a", seq, hours(hour), ShownAnswer({"chosen": place}))
                saving.save_response(self.fellow, attempt.id, position, packet)

    def hand_in(self, attempt: Attempt, hour: float) -> None:
        with transaction():
            services.submit_attempt(self.fellow, attempt.id, now=hours(hour))
            assert grading.grade_attempt(attempt.id, now=hours(hour))

    def reopen(self, attempt: Attempt, hour: float, until: float) -> None:
        with transaction():
            acts.reopen(
                self.director, attempt.id, until=hours(until), reason="Cut", now=hours(hour)
            )

    def kinds(self, attempt: Attempt) -> list[AnswerKind]:
        db.session.expire_all()
        return [kind for _, kind in sorted(kinds_of([attempt.id]).items())]


def test_an_answer_given_in_time_meanwhile_is_first_if_the_reopened_one_was_changed_too_late() -> (
    None
):
    story = Story()
    with transaction():
        db.session.merge(story.quizzes[0]).feedback = Feedback.CLOSED
    reopened = story.begin(story.quizzes[0], 1)
    story.answer(reopened, 1.1, 1)
    story.hand_in(reopened, 1.2)
    story.reopen(reopened, 2, 50)
    other = story.begin(story.quizzes[1], 3)
    story.answer(other, 3.1, 0)
    story.hand_in(other, 3.2)  # which opens the keys

    story.answer(reopened, 4, 2, seq=2)
    story.hand_in(reopened, 4.1)

    assert story.kinds(other) == [AnswerKind.FIRST] * ITEMS
    assert story.kinds(reopened) == [AnswerKind.AGAIN] * ITEMS


def test_the_earlier_of_two_answers_is_first_if_the_reopened_one_was_changed_in_time() -> None:
    story = Story(feedback=Feedback.CLOSED)
    reopened, other = (story.begin(quiz, 1) for quiz in story.quizzes)
    for attempt, hour in ((reopened, 1.1), (other, 3)):
        story.answer(attempt, hour, 1)
        story.hand_in(attempt, hour + 0.1)
    assert story.kinds(reopened) == [AnswerKind.FIRST] * ITEMS

    story.reopen(reopened, 4, 50)
    story.answer(reopened, 5, 2, seq=2)
    story.hand_in(reopened, 6)

    assert story.kinds(other) == [AnswerKind.FIRST] * ITEMS
    assert story.kinds(reopened) == [AnswerKind.AGAIN] * ITEMS


def test_blanks_that_the_clock_closed_after_a_reopening_were_not_reached_and_count_nowhere() -> (
    None
):
    story = Story(quizzes=1, feedback=Feedback.CLOSED)
    attempt = story.begin(story.quizzes[0], 0)
    story.hand_in(attempt, 0.1)
    assert story.kinds(attempt) == [AnswerKind.FIRST] * ITEMS

    story.reopen(attempt, 1, 2)
    with transaction():
        assert services.close_overdue(attempt.id, now=hours(3))
        assert grading.grade_attempt(attempt.id, now=hours(3))

    assert story.kinds(attempt) == [AnswerKind.NOT_REACHED] * ITEMS
    assert graded_facts([story.fellow.id], until=None, now=hours(4)) == []


ANSWERED = st.sets(st.integers(1, ITEMS))


@given(before=ANSWERED, after=ANSWERED, by_clock=st.booleans(), graded=st.booleans())
@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_answer_counts_as_first_that_was_given_once_its_key_could_be_read(
    before, after, by_clock, graded
) -> None:
    """The keys open as the attempt is graded, and it is reopened after that, or before."""
    story = Story(quizzes=1, feedback=Feedback.GRADED, results_in=timedelta(days=9))
    attempt = story.begin(story.quizzes[0], 0)
    for place in before:
        story.answer(attempt, 1, 0, only=place)
    with transaction():
        services.submit_attempt(story.fellow, attempt.id, now=hours(2))
        assert not graded or grading.grade_attempt(attempt.id, now=hours(2))
    opened = hours(2) if graded else hours(7)

    story.reopen(attempt, 3, 5)
    for place in after:
        story.answer(attempt, 4, 2, seq=2, only=place)
    with transaction():
        if by_clock:
            assert services.close_overdue(attempt.id, now=hours(6))
        else:
            services.submit_attempt(story.fellow, attempt.id, now=hours(4.5))
        assert grading.grade_attempt(attempt.id, now=hours(7))

    firsts = [row.answered_at for row in exposures(story.fellow)]
    assert all(moment < opened for moment in firsts if moment)
    if graded:
        kept = before - after
        assert [place for place, moment in enumerate(firsts, 1) if moment] == sorted(kept)
        counted = graded_facts([story.fellow.id], until=None, now=hours(8))
        assert len(counted) == len(kept)


SAVES = st.tuples(*[st.none() | st.integers(0, 40)] * ITEMS)
ENDS = st.tuples(SAVES, st.sampled_from(SubmittedBy))


@given(
    histories=st.lists(st.tuples(ENDS, st.none() | ENDS), min_size=1, max_size=4),
    opened=st.integers(0, 90),
    order=st.randoms(use_true_random=False),
)
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_rows_say_what_the_definitions_say_of_what_is_handed_in_at_last(
    histories, opened, order
) -> None:
    """A first attempt, of which the clock let nothing be reached, opens the keys at some hour."""
    story = Story(quizzes=len(histories) + 1)
    key, *quizzes = story.quizzes
    with transaction():
        opening = sat(story.fellow, key, [None] * ITEMS, handed_in=-2, by=SubmittedBy.CLOCK)
    hand_in(opening)
    grade(opening, opened)
    ends = {}
    for number, ((saved, by), _) in enumerate(histories):
        shift = number / 8
        at = shifted(saved, shift)
        with transaction():
            made = sat(story.fellow, quizzes[number], at, handed_in=41 + shift, by=by)
        hand_in(made)
        ends[made.id] = ended(at, 41 + shift, by)
    again = [
        (attempt_id, shift / 8, last)
        for shift, (attempt_id, (_, last)) in enumerate(zip(ends, histories, strict=True))
        if last is not None
    ]
    order.shuffle(again)
    for attempt_id, shift, (saved, by) in again:
        at = shifted(saved, 42 + shift)
        made = db.session.get_one(Attempt, attempt_id)
        hand_in_anew(made, at, handed_in=83 + shift, by=by)
        ends[attempt_id] = ended(at, 83 + shift, by)
        assert noted(story.fellow) == [
            min(
                (
                    (moments[place], attempt_id)
                    for attempt_id, moments in ends.items()
                    if moments[place] and precedes_key(moments[place], hours(opened))
                ),
                default=(None, None),
            )
            for place in range(ITEMS)
        ]


def shifted(saved, shift: float) -> list[float | None]:
    return [None if hour is None else hour + shift for hour in saved]


def ended(at, handed_in: float, by: SubmittedBy) -> tuple[datetime | None, ...]:
    saves = [None if hour is None else hours(hour) for hour in at]
    return moments_of(saves, hours(handed_in), by_clock=by is SubmittedBy.CLOCK)


def noted(fellow: User) -> list[tuple[datetime | None, int | None]]:
    """Return of each first answer when it was given, and in which attempt."""
    return [
        (
            row.answered_at,
            row.response_id and db.session.get_one(Response, row.response_id).attempt_id,
        )
        for row in exposures(fellow)
    ]


def test_what_is_handed_in_elsewhere_at_the_same_moment_is_not_overlooked(app: Flask) -> None:
    story = Story()
    with transaction():
        reopened = sat(story.fellow, story.quizzes[0], [1] * ITEMS, handed_in=2)
        other = sat(story.fellow, story.quizzes[1], [3] * ITEMS, handed_in=4)
    hand_in(reopened)
    with transaction():
        changed = db.update(Response).where(Response.attempt_id == reopened.id)
        db.session.execute(changed.values(saved_at=hours(5)))
        moved = db.update(Attempt).where(Attempt.id == reopened.id)
        db.session.execute(moved.values(submitted_at=hours(6)))
    ids, fellow_id = (reopened.id, other.id), story.fellow.id
    hand_back(ids[1])
    db.session.remove()

    while_open(app, lambda: (close(ids[1]), expose(ids[1])), lambda: choose_firsts(ids[0]))

    assert noted(db.session.get_one(User, fellow_id)) == [(hours(3), ids[1])] * ITEMS


def hand_back(attempt_id: int) -> None:
    """Let an attempt be one that was not handed in yet."""
    with transaction():
        attempt = db.session.get_one(Attempt, attempt_id)
        attempt.state = AttemptState.IN_PROGRESS
        attempt.submitted_at = attempt.submitted_by = None


def close(attempt_id: int) -> None:
    attempt = db.session.get_one(Attempt, attempt_id)
    attempt.state, attempt.submitted_at = AttemptState.SUBMITTED, hours(4)
    attempt.submitted_by = SubmittedBy.FELLOW
    db.session.flush()


def test_an_exposure_is_as_it_was_after_a_reopening_that_changed_nothing() -> None:
    story = Story(quizzes=1, feedback=Feedback.CLOSED)
    attempt = story.begin(story.quizzes[0], 1)
    story.answer(attempt, 1.5, 1)
    story.hand_in(attempt, 2)
    before = noted(story.fellow)

    story.reopen(attempt, 3, 9)
    story.hand_in(attempt, 4)

    assert noted(story.fellow) == before == [(hours(1.5), attempt.id)] * ITEMS
    assert exposures(story.fellow)[0].asked_at == hours(1)
