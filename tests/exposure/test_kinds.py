"""What each stored response is, by the definitions of first answers."""

from datetime import timedelta

import pytest

from lms.attempts.answer_kinds import kinds_of
from lms.attempts.models import Attempt, SubmittedBy
from lms.cases.models import StoredCase
from lms.core.db import db, transaction
from question_bank.first_answers import RESTED, AnswerKind
from tests.attempts.factories import (
    case_body,
    choice_item,
    make_assignment,
    make_case,
    store_case,
)
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


class Twins:
    """A fellow, and cases of one item each that may ask for the same decision."""

    def __init__(self) -> None:
        with transaction():
            self.fellow = make_fellow()

    def case(self, slug: str, *, sibling_of: str | None = None) -> StoredCase:
        with transaction():
            return store_case(case_body(choice_item(), slug=slug) | {"sibling_of": sibling_of})

    def sit(
        self, *cases: StoredCase, at: float, by: SubmittedBy = SubmittedBy.FELLOW, blank: int = 0
    ) -> Attempt:
        """Answer all items but the last *blank* at an hour, and hand in half an hour later."""
        saved = [at] * (len(cases) - blank) + [None] * blank
        with transaction():
            given = make_assignment(self.fellow, cases=list(cases))
            attempt = sat(self.fellow, given, saved, handed_in=at + 0.5, by=by)
        hand_in(attempt)
        return attempt


@pytest.mark.parametrize(
    ("of_first", "of_then"),
    [
        pytest.param(None, "first", id="it names its twin"),
        pytest.param("then", None, id="its twin names it"),
        pytest.param("third", "third", id="both name the same"),
    ],
)
def test_a_first_answer_after_one_to_the_twin_says_what_carries_over(of_first, of_then) -> None:
    twins = Twins()
    first = twins.sit(twins.case("first", sibling_of=of_first), at=1)
    then = twins.sit(twins.case("then", sibling_of=of_then), twins.case("other"), at=5)

    assert kinds(first) == [AnswerKind.FIRST]
    assert kinds(then) == [AnswerKind.TRANSFER, AnswerKind.FIRST]


def test_a_twin_in_the_same_attempt_is_no_earlier_one() -> None:
    twins = Twins()
    one, other = twins.case("one"), twins.case("other", sibling_of="one")

    assert kinds(twins.sit(one, other, at=1, blank=1)) == [AnswerKind.FIRST] * 2


def test_a_twin_that_was_not_reached_was_not_met() -> None:
    twins = Twins()
    other, twin = twins.case("other"), twins.case("twin")
    twins.sit(other, twin, at=1, by=SubmittedBy.CLOCK, blank=1)

    assert kinds(twins.sit(twins.case("then", sibling_of="twin"), at=5)) == [AnswerKind.FIRST]


def test_a_twin_that_is_handed_in_later_was_not_met_yet() -> None:
    twins = Twins()
    twin, case = twins.case("twin"), twins.case("case", sibling_of="twin")
    attempt = twins.sit(case, at=1)
    twins.sit(twin, at=1.25)

    assert kinds(attempt) == [AnswerKind.FIRST]


def test_the_twin_of_another_fellow_carries_nothing_over() -> None:
    twins, others = Twins(), Twins()
    others.sit(twins.case("twin"), at=1)

    assert kinds(twins.sit(twins.case("case", sibling_of="twin"), at=5)) == [AnswerKind.FIRST]


def test_a_repeat_after_the_twin_stays_a_repeat() -> None:
    twins = Twins()
    case = twins.case("case", sibling_of="twin")
    twins.sit(case, at=1)
    twins.sit(twins.case("twin"), at=3)

    assert kinds(twins.sit(case, at=5)) == [AnswerKind.AGAIN]
