"""What each stored response is, by the definitions of first answers."""

from datetime import timedelta

import pytest

from lms.attempts.answer_kinds import kinds_of
from lms.attempts.models import Attempt, SubmittedBy
from lms.core.db import db, transaction
from question_bank.first_answers import RESTED, AnswerKind
from tests.attempts.factories import choice_item, make_assignment, make_case
from tests.exposure.histories import grade, hand_in, sat
from tests.factories import make_fellow

pytestmark = pytest.mark.usefixtures("in_app")

LONG = RESTED / timedelta(hours=1)


def kinds(attempt: Attempt) -> list[AnswerKind]:
    """Return the kinds of an attempt's responses, in their order."""
    db.session.expire_all()
    return [kind for _, kind in sorted(kinds_of([attempt.id]).items())]


class Story:
    """A fellow who is asked the same two items by one quiz after the other."""

    def __init__(self) -> None:
        with transaction():
            self.fellow = make_fellow()
            self.cases = [make_case(choice_item("a"), choice_item("b"))]

    def sit(self, saved, at: float, *, by: SubmittedBy = SubmittedBy.FELLOW) -> Attempt:
        """Answer at hours *saved*, hand in at an hour, and have it graded at the next."""
        with transaction():
            given = make_assignment(self.fellow, cases=self.cases)
            attempt = sat(self.fellow, given, saved, handed_in=at, by=by)
        hand_in(attempt)
        grade(attempt, at + 1)
        return attempt


def test_a_repeat_is_one_and_after_a_long_rest_says_what_has_stayed() -> None:
    story = Story()
    first = story.sit([1, 1], 2)
    soon = story.sit([50, 50], 51)
    late = story.sit([52 + LONG, 51.5 + LONG], 60 + LONG)

    assert kinds(first) == [AnswerKind.FIRST] * 2
    assert kinds(soon) == [AnswerKind.AGAIN] * 2
    assert kinds(late) == [AnswerKind.RETENTION] * 2


def test_the_rest_begins_with_the_last_asking_and_not_before_the_key_opens() -> None:
    story = Story()
    story.sit([1, 1], 2)  # the key opens at hour 3

    late = story.sit([2.5 + LONG, 3 + LONG], 10 + LONG)

    assert kinds(late) == [AnswerKind.AGAIN, AnswerKind.RETENTION]


def test_what_was_not_reached_is_no_answer_of_any_kind() -> None:
    story = Story()
    attempt = story.sit([1, None], 2, by=SubmittedBy.CLOCK)

    assert kinds(attempt) == [AnswerKind.FIRST, AnswerKind.NOT_REACHED]


def test_an_answer_after_the_key_is_a_repeat_though_nothing_was_answered_before() -> None:
    story = Story()
    story.sit([1, None], 2, by=SubmittedBy.CLOCK)

    assert kinds(story.sit([5, 5], 6)) == [AnswerKind.AGAIN] * 2
