"""What is said of fellows: what came in a period, who may count what, and who needs a word."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest

from lms.program.blueprint import blueprint
from question_bank.analysis.progress import WINDOW, Fact
from question_bank.analysis.recorded import FellowRecord, Reader, Records
from question_bank.analysis.summary import Summary, summarize
from question_bank.analysis.unsafe import ChoiceRecord
from question_bank.scoring import Tally
from question_bank.standing import AssignedQuiz, Standing
from question_bank.terms import PublishedTerms, terms_for
from question_bank.verdict import Reason, VerdictPolicy
from tests.progress.factories import PHARM

UNTIL = datetime(2026, 11, 23, 5, tzinfo=UTC)


SINCE = UNTIL - timedelta(weeks=1)


MENTOR = Reader(99)


LATELY = UNTIL - timedelta(days=2)


EARLIER = UNTIL - timedelta(weeks=3)


def fact(credit: Fraction | int = 1, at: datetime = LATELY, fellow: int = 1, item: int = 1) -> Fact:
    return Fact(
        fellow_id=fellow,
        attempt_id=fellow,
        response_id=item,
        item_id=item,
        case_version_id=item,
        approach=blueprint().approach_of(PHARM),
        topic=PHARM,
        level="application",
        credit=Fraction(credit),
        submitted_at=at,
        handed_in_at=at,
        news_at=at,
        stands_since=at,
        key_at=at,
    )


def standing(state: str, closes_at: datetime, fellow: int = 1, quiz: int = 1) -> Standing:
    due_at = closes_at - timedelta(days=2)
    dates = PublishedTerms(due_at - timedelta(days=7), due_at, closes_at, closes_at)
    given = AssignedQuiz(quiz, "Quiz 4", terms_for(dates, zone="UTC"))
    return Standing(fellow, given, state, 0, 4, 0, None, running=False)


MENTORED = {1: FellowRecord(mentored=UNTIL - timedelta(weeks=20))}


def records(*facts: Fact, standings=(), first_graded=None, choices=None, people=None) -> Records:
    lessons = {each.case_version_id: f"Lesson {each.case_version_id}." for each in facts}
    return Records(facts, standings, first_graded or {}, lessons, choices or {}, people or {})


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
    assert summary_of(records()).total == Tally(Fraction(0), 0)


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
    answer = fact(at=handed_in)._replace(news_at=news_at, stands_since=stands_since)

    summary = summary_of(records(answer))

    assert (summary.fresh.items, summary.corrected) == said


@pytest.mark.parametrize(
    ("handed_in", "items"),
    [(UNTIL - WINDOW, 41), (UNTIL - WINDOW - timedelta(seconds=1), 40), (LATELY, 41), (UNTIL, 40)],
)
def test_shares_go_by_the_handing_in_whenever_the_grade_came(
    handed_in: datetime, items: int
) -> None:
    late = fact(at=handed_in)._replace(news_at=LATELY, stands_since=LATELY)
    others = [fact(item=number) for number in range(2, 42)]

    assert summary_of(records(late, *others)).total.items == items


def test_what_fellows_may_not_know_yet_does_not_count_where_they_read() -> None:
    hidden = fact()._replace(key_at=UNTIL + timedelta(days=1))
    waiting = fact(item=3)._replace(key_at=None)
    open_by_now = fact(item=2)._replace(key_at=UNTIL)

    assert summary_of(records(hidden, waiting, open_by_now), Reader(1)).total.items == 1
    assert summary_of(records(hidden, waiting, open_by_now), Reader(2)).total.items == 3


HARM = ("long-term-opioid-stopped-abruptly",)

NAMED = ChoiceRecord("A dose that climbs", "stopping an opioid abruptly")


def unsafe_fact(**changes: object) -> Fact:
    return fact(0)._replace(harms=HARM, **changes)


@pytest.mark.parametrize("key_at", [None, UNTIL + timedelta(days=1)])
def test_an_unsafe_choice_is_counted_and_not_named_before_its_key_is_released(key_at) -> None:
    known = records(unsafe_fact(key_at=key_at), choices={1: NAMED}, people=MENTORED)

    summary = summary_of(known)

    (choice,) = summary.unsafe
    assert (summary.points, choice.told, choice.record) == ((), False, None)
    assert (summary.total.items, summary.fresh.items) == (1, 1)
    assert summary.verdict.reasons == (Reason.UNSAFE,)


@pytest.mark.parametrize(
    ("reader", "people", "named"),
    [
        pytest.param(MENTOR, True, True, id="the mentor"),
        pytest.param(MENTOR, False, False, id="a director"),
        pytest.param(
            Reader(99, takes_quizzes=True), True, False, id="a mentor who may be asked it"
        ),
    ],
)
def test_an_unsafe_choice_is_named_to_the_mentor_alone(reader, people, named: bool) -> None:
    bonds = MENTORED if people else {}
    known = records(unsafe_fact(), choices={1: NAMED}, people=bonds)

    (choice,) = summary_of(known, reader).unsafe

    assert (choice.told, choice.record) == (True, NAMED if named else None)


@pytest.mark.parametrize(
    ("key_at", "reader", "kept"),
    [
        pytest.param(LATELY, MENTOR, True, id="the mentor"),
        pytest.param(None, MENTOR, False, id="before the fellow is told"),
        pytest.param(LATELY, Reader(99, takes_quizzes=True), False, id="who may be asked it"),
    ],
)
def test_an_unsafe_choice_is_kept_from_who_is_to_answer_its_case_blind(
    key_at, reader, kept: bool
) -> None:
    hidden = ChoiceRecord("", "", kept=True)
    known = records(unsafe_fact(key_at=key_at), choices={1: hidden}, people=MENTORED)

    (choice,) = summary_of(known, reader).unsafe

    assert (choice.record, choice.kept, choice.settled) == (None, kept, False)


@pytest.mark.parametrize(
    ("record", "state"),
    [
        pytest.param(NAMED, "talk", id="nobody"),
        pytest.param(replace(NAMED, read_at=LATELY), "talk", id="the fellow"),
        pytest.param(
            replace(NAMED, talked_at=LATELY, talked_by="Dr. M"), "too little to say", id="a mentor"
        ),
    ],
)
def test_only_a_mentors_acknowledgement_ends_an_unsafe_choice_as_a_reason(record, state) -> None:
    known = records(unsafe_fact(), choices={1: record}, people=MENTORED)

    assert summary_of(known).verdict.state == state


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


@pytest.mark.parametrize(
    ("state", "closes_at", "late"),
    [
        pytest.param("overdue", UNTIL + timedelta(days=1), True, id="overdue"),
        pytest.param("overdue", UNTIL + timedelta(days=2), False, id="due as the period ends"),
        pytest.param("missed", UNTIL + timedelta(days=1), True, id="overdue then, closed since"),
        pytest.param("missed", LATELY, True, id="missed in the period"),
        pytest.param("missed", EARLIER, False, id="missed before it"),
        pytest.param("due", UNTIL + timedelta(days=1), False, id="due"),
    ],
)
def test_what_was_late_at_the_end_needs_a_word(state: str, closes_at: datetime, late: bool) -> None:
    known = records(standings=[standing(state, closes_at)])

    assert summary_of(known).needs_word is late
    assert summary_of(known, fellow=2).needs_word is False


JOINED = UNTIL - timedelta(days=3)


@pytest.mark.parametrize("bound", ["joined", "mentored"])
def test_news_is_told_from_membership_and_mentorship_on(bound: str) -> None:
    before, since = (
        fact(item=n)._replace(news_at=at, submitted_at=at)
        for n, at in enumerate((JOINED - timedelta(hours=1), JOINED), start=1)
    )
    known = records(before, since, people={1: FellowRecord(**{bound: JOINED})})

    summary = summary_of(known)

    assert (summary.fresh.items, summary.fresh_since) == (1, JOINED)
    assert summary.total.items == (1 if bound == "joined" else 2)


def test_shares_count_nothing_from_before_the_membership() -> None:
    known = records(fact(0, at=EARLIER), fact(1, item=2), people={1: FellowRecord(joined=JOINED)})

    summary = summary_of(known)

    assert (summary.total, summary.since) == (Tally(Fraction(1), 1), JOINED)
    assert sum(line.before.items for line in summary.lines) == 0


@pytest.mark.parametrize(("answered", "needs_word"), [(20, False), (22, True)])
def test_silence_while_something_is_open_needs_a_word(answered: int, needs_word: bool) -> None:
    given = standing("due", UNTIL + timedelta(days=40))
    opens = UNTIL - timedelta(days=60)
    terms = replace(given.assignment.terms, opens=opens)
    open_long = replace(given, assignment=replace(given.assignment, terms=terms))
    last = UNTIL - timedelta(days=answered)

    known = records(standings=[open_long], people={1: FellowRecord(answered=last)})

    assert summary_of(known).needs_word is needs_word


def test_a_quiz_is_finished_in_the_period_in_which_its_first_attempt_was_graded_first() -> None:
    graded = {(1, 1): EARLIER, (2, 1): LATELY, (3, 1): UNTIL, (1, 2): LATELY}
    known = records(
        standings=[standing("done", UNTIL + timedelta(days=1), quiz=quiz) for quiz in range(1, 5)],
        first_graded=graded,
    )

    assert [each.assignment.id for each in summary_of(known).finished] == [2]
