"""What is said of fellows: what came in a period, who may count what, and who needs a word."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest

from lms.program.blueprint import blueprint
from question_bank.analysis.progress import WINDOW, Fact
from question_bank.analysis.summary import Reader, Records, Summary, summarize
from question_bank.scoring import Tally
from question_bank.standing import AssignedQuiz, Standing
from question_bank.terms import PublishedTerms, terms_for
from question_bank.verdict import VerdictPolicy
from tests.progress.factories import INTV, PHARM

UNTIL = datetime(2026, 11, 23, 5, tzinfo=UTC)


SINCE = UNTIL - timedelta(weeks=1)


MENTOR = Reader(99)


LATELY = UNTIL - timedelta(days=2)


EARLIER = UNTIL - timedelta(weeks=3)


def fact(credit: Fraction | int = 1, at: datetime = LATELY, fellow: int = 1, item: int = 1) -> Fact:
    return Fact(
        fellow_id=fellow,
        attempt_id=fellow,
        item_id=item,
        case_version_id=item,
        approach=blueprint().approach_of(PHARM),
        topic=PHARM,
        credit=Fraction(credit),
        submitted_at=at,
        news_at=at,
        stands_since=at,
        key_at=at,
    )


def standing(state: str, closes_at: datetime, fellow: int = 1, quiz: int = 1) -> Standing:
    due_at = closes_at - timedelta(days=2)
    dates = PublishedTerms(due_at - timedelta(days=7), due_at, closes_at, closes_at)
    given = AssignedQuiz(quiz, "Quiz 4", terms_for(dates, zone="UTC"))
    return Standing(fellow, given, state, 0, 4, 0, None, running=False)


def records(*facts: Fact, standings=(), first_graded=None) -> Records:
    lessons = {each.case_version_id: f"Lesson {each.case_version_id}." for each in facts}
    return Records(facts, standings, first_graded or {}, lessons)


def summary_of(known: Records, reader: Reader = MENTOR, fellow: int = 1) -> Summary:
    summaries = summarize(
        [1, 2],
        known,
        blueprint(),
        policy=VerdictPolicy(),
        reader=reader,
        since=SINCE,
        until=UNTIL,
        now=UNTIL,
    )
    return summaries[fellow]


def test_each_fellow_has_a_summary_of_the_own_facts() -> None:
    known = records(fact(1), fact(0, fellow=2, item=2), fact(1, fellow=2, item=3))

    assert summary_of(known).total == Tally(Fraction(1), 1)
    assert summary_of(known, fellow=2).total == Tally(Fraction(1), 2)
    assert summary_of(records()).last_at is None


def test_fresh_is_what_became_news_in_the_period() -> None:
    known = records(fact(at=EARLIER), fact(at=SINCE, item=2), fact(0, item=3))

    assert summary_of(known).fresh == Tally(Fraction(1), 2)
    assert summary_of(known).total == Tally(Fraction(2), 3)


@pytest.mark.parametrize(
    ("handed_in", "news_at", "stands_since", "said"),
    [
        pytest.param(EARLIER, LATELY, LATELY, (1, 0), id="handed in before, news in it"),
        pytest.param(LATELY, LATELY, LATELY, (1, 0), id="handed in and news in it"),
        pytest.param(LATELY, UNTIL, UNTIL, (0, 0), id="news after it"),
        pytest.param(EARLIER, EARLIER, EARLIER, (0, 0), id="news before it"),
        pytest.param(EARLIER, EARLIER, LATELY, (0, 1), id="news before it, corrected in it"),
        pytest.param(EARLIER, EARLIER, UNTIL, (0, 0), id="corrected after it"),
        pytest.param(LATELY, LATELY, LATELY + timedelta(hours=1), (1, 0), id="both in it"),
        pytest.param(UNTIL - 3 * WINDOW, LATELY, LATELY, (1, 0), id="handed in long ago"),
        pytest.param(
            UNTIL - 3 * WINDOW, EARLIER, LATELY, (0, 1), id="handed in long ago, corrected in it"
        ),
    ],
)
def test_a_first_credit_is_news_once_and_what_follows_is_a_correction(
    handed_in: datetime, news_at: datetime, stands_since: datetime, said: tuple[int, int]
) -> None:
    answer = replace(fact(at=handed_in), news_at=news_at, stands_since=stands_since)

    summary = summary_of(records(answer))

    assert (summary.fresh.items, summary.corrected) == said


@pytest.mark.parametrize(
    ("handed_in", "items"),
    [(UNTIL - WINDOW, 1), (UNTIL - WINDOW - timedelta(seconds=1), 0), (LATELY, 1), (UNTIL, 0)],
)
def test_shares_go_by_the_handing_in_whenever_the_grade_came(
    handed_in: datetime, items: int
) -> None:
    late = replace(fact(at=handed_in), news_at=LATELY, stands_since=LATELY)

    assert summary_of(records(late)).total.items == items


def test_what_fellows_may_not_know_yet_does_not_count_where_they_read() -> None:
    hidden = replace(fact(), key_at=UNTIL + timedelta(days=1))
    waiting = replace(fact(item=3), key_at=None)
    open_by_now = replace(fact(item=2), key_at=UNTIL)

    assert summary_of(records(hidden, waiting, open_by_now), Reader(1)).total.items == 1
    assert summary_of(records(hidden, waiting, open_by_now), Reader(2)).total.items == 3


@pytest.mark.parametrize("key_at", [None, UNTIL + timedelta(days=1)])
def test_nobody_is_told_of_single_items_before_their_key_is_released(key_at) -> None:
    shut = replace(fact(0), key_at=key_at, harmful=True)

    summary = summary_of(records(shut))

    assert (summary.points, summary.unsafe, summary.unsafe_topics) == ((), 0, ())
    assert (summary.total.items, summary.fresh.items) == (1, 1)


def test_a_choice_that_hurts_is_told_in_the_period_in_which_its_key_opens() -> None:
    late = replace(fact(0, at=EARLIER), key_at=LATELY, harmful=True)

    summary = summary_of(records(late))

    assert (summary.unsafe, summary.fresh.items, len(summary.points)) == (1, 0, 1)


@pytest.mark.parametrize(
    ("reader", "lesson"),
    [
        pytest.param(Reader(9), "Lesson 1.", id="a mentor"),
        pytest.param(Reader(9, takes_quizzes=True), "", id="one who may be asked it"),
        pytest.param(Reader(1, takes_quizzes=True), "Lesson 1.", id="the fellow"),
    ],
)
def test_who_takes_quizzes_is_not_told_what_a_case_taught_others(reader, lesson) -> None:
    ((point, told),) = summary_of(records(fact(0)), reader).points

    assert (point.topic, told) == (PHARM, lesson)


def test_choices_that_hurt_are_counted_in_the_period_and_placed_in_the_eight_weeks() -> None:
    harmful = [replace(fact(at=at, item=n), harmful=True) for n, at in enumerate((LATELY, EARLIER))]

    summary = summary_of(records(*harmful))

    assert summary.unsafe == 1
    assert [(line.topic, line.tally.correct) for line in summary.unsafe_topics] == [(PHARM, 2)]


@pytest.mark.parametrize(
    ("state", "closes_at", "needs_word"),
    [
        pytest.param("overdue", UNTIL + timedelta(days=1), True, id="overdue"),
        pytest.param("missed", LATELY, True, id="missed in the period"),
        pytest.param("missed", EARLIER, False, id="missed before it"),
        pytest.param("due", UNTIL + timedelta(days=1), False, id="due"),
    ],
)
def test_what_is_late_needs_a_word(state: str, closes_at: datetime, needs_word: bool) -> None:
    known = records(standings=[standing(state, closes_at)])

    assert summary_of(known).needs_word is needs_word
    assert summary_of(known, fellow=2).needs_word is False


def test_an_approach_that_is_surely_weak_needs_a_word() -> None:
    weak = [
        replace(fact(int(n < 3), item=n), topic=INTV, approach=blueprint().approach_of(INTV))
        for n in range(10)
    ]

    summary = summary_of(records(*weak))

    assert [line.approach for line in summary.weak] == ["interventional"]
    assert summary.needs_word


def test_a_quiz_is_finished_in_the_period_in_which_its_first_attempt_was_graded_first() -> None:
    graded = {(1, 1): EARLIER, (2, 1): LATELY, (3, 1): UNTIL, (1, 2): LATELY}
    known = records(
        standings=[standing("done", UNTIL + timedelta(days=1), quiz=quiz) for quiz in range(1, 5)],
        first_graded=graded,
    )

    assert [each.assignment.id for each in summary_of(known).finished] == [2]
