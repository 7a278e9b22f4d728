"""Each weekly mail of a year comes when it ought to, to whom, and says what it ought to."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date
from itertools import pairwise

import pytest

from tests.mentoring.year.plan import DAY, HANDED_OVER, HART, ITO, NOVAK, OLSEN, STOOD_IN
from tests.mentoring.year.reading import Said, read
from tests.mentoring.year.reckoning import (
    ExpectedMail,
    ExpectedOfFellow,
    Reckoning,
    by_approach,
    counted,
    day_of,
    figure,
)
from tests.mentoring.year.record import Mailed, Record

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(1800),  # all of it is reckoned where the first of these tests asks for it
    pytest.mark.xdist_group("year"),  # which one worker lets pass
]

Pair = tuple[ExpectedMail, Mailed]


@pytest.fixture(scope="module")
def pairs(year: Record) -> list[Pair]:
    """Each weekly mail that ought to come, with the one that came."""
    found = []
    for mentor in year.plan.mentors:
        due, came = Reckoning(year).mails_to(mentor), year.digests_to(mentor.name)
        assert [mail.at for mail in came] == [mail.at for mail in due], mentor.name
        found += list(zip(due, came, strict=True))
    return found


def of_each(pairs: list[Pair]) -> Iterator[tuple[ExpectedMail, ExpectedOfFellow, Said]]:
    """Yield, of each mail, what ought to be said of each fellow, and what is said."""
    for due, came in pairs:
        for expected, said in zip(
            due.about, sorted(read(came), key=lambda each: each.fellow), strict=True
        ):
            yield due, expected, said


def test_the_year_has_what_it_is_to_try(year: Record, pairs: list[Pair]) -> None:
    states = Counter(expected.state for due, _ in pairs for expected in due.every)
    why = Counter(why for due, _ in pairs for each in due.every for why in each.why)

    assert set(states) == {"talk", "fine", "too little to say"}
    assert set(why) == {"late", "unsafe", "share", "approach", "silent"}
    assert {due.for_all for due, _ in pairs} == {due.full for due, _ in pairs} == {True, False}
    assert len({mail.kind for mail in year.mails}) > 8


def test_each_mail_speaks_of_the_fellows_of_that_day_and_calls_each_what_it_ought(
    pairs: list[Pair],
) -> None:
    for due, came in pairs:
        expected = {each.fellow: each.state for each in due.about}
        assert {each.fellow: each.state for each in read(came)} == expected, (due, came.text)


def test_a_fellow_in_need_is_in_a_mail_of_each_week_whatever_the_rhythm(
    pairs: list[Pair],
) -> None:
    days = [due.day for due, _ in pairs if due.mentor == NOVAK]

    assert any(not due.for_all for due, _ in pairs)
    assert any((after - before).days == 7 for before, after in pairwise(days))


NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def test_the_subject_counts_all_fellows(pairs: list[Pair]) -> None:
    for due, came in pairs:
        states = [each.state for each in due.every]
        need, fellows = states.count("talk"), len(states)
        if fellows == 1:
            wanted = {"talk": "needs a word", "fine": "is fine"}.get(states[0], "Too little")
        elif need == fellows:
            wanted = "Both of your" if fellows == 2 else f"All {NUMBERS[fellows]} of your"
        elif need:
            wanted = f"{NUMBERS[need].capitalize()} of your {NUMBERS[fellows]} fellows need"
        else:
            wanted = "Too little" if "too little to say" in states else "fine"
        assert wanted in came.subject, (states, came.subject)


def test_news_is_counted_as_it_was_answered(pairs: list[Pair]) -> None:
    for due, expected, said in of_each(pairs):
        if due.full or expected.state != "talk":
            assert said.news == expected.news, (due.mentor, due.day, said)


def test_no_answer_is_news_twice_and_none_is_left_out(year: Record, pairs: list[Pair]) -> None:
    told: dict[tuple[str, str], int] = defaultdict(int)
    ended: dict[tuple[str, str], date] = {}
    for due, expected, said in of_each(pairs):
        if due.full or expected.state != "talk":
            told[due.mentor, expected.fellow] += said.news[0]
        ended[due.mentor, expected.fellow] = due.day
    for (mentor, fellow), count in told.items():
        if mentor == NOVAK:
            continue  # the short form of his mails has no news of those in need
        bonds = [b for b in year.plan.bonds if (b.mentor, b.fellow) == (mentor, fellow)]
        if any(bond.away for bond in bonds):
            continue  # the first mail to a deputy goes back to before the first day
        zone = year.plan.mentor(mentor).zone
        answered = [
            each
            for each in year.answers
            if each.fellow == fellow
            and any(bond.holds(day_of(each.at, zone)) for bond in bonds)
            and day_of(each.at, zone) < ended[mentor, fellow]
        ]
        assert count == len(answered), (mentor, fellow)


def test_every_figure_of_a_table_is_that_of_the_window(pairs: list[Pair]) -> None:
    tables = 0
    for due, expected, said in of_each(pairs):
        if expected.state == "talk" and due.full:
            shares = by_approach(expected.window)
            wanted = {name.capitalize(): figure(*shares[name]) for name in shares}
            assert said.bars == wanted, (due.mentor, due.day, said)
            tables += 1
    assert tables > 20


def test_the_share_that_a_verdict_rests_on_is_that_of_the_window(pairs: list[Pair]) -> None:
    for due, expected, said in of_each(pairs):
        right, items = counted(expected.window)
        if "share" in expected.why or (expected.state != "talk" and items):
            assert f"{right} of {items} right, " in said.text, (due.mentor, due.day, said)


def test_reasons_for_a_word_are_said_and_no_others(pairs: list[Pair]) -> None:
    signs = {
        "late": ("overdue", "was missed"),
        "unsafe": ("unsafe choice",),
        "silent": ("No answer since", "No answer yet"),
    }
    for due, expected, said in of_each(pairs):
        if expected.state == "talk":
            grounds = said.text.partition("What would settle it")[0].lower()
            for why, words in signs.items():
                has = any(word.lower() in grounds for word in words)
                assert has == (why in expected.why), (due.mentor, due.day, why, said)


def test_nobody_on_leave_is_called_silent(year: Record, pairs: list[Pair]) -> None:
    seen = 0
    for due, expected, said in of_each(pairs):
        away = year.plan.fellow(expected.fellow).away
        if away and away.has(due.day):
            seen += 1
            assert "No answer" not in said.text
            assert "overdue" not in said.text
    assert seen > 3


def test_own_words_are_said_once_to_each_mentor(year: Record, pairs: list[Pair]) -> None:
    quoted = Counter((due.mentor, text) for due, _, said in of_each(pairs) for text in said.quotes)
    assert quoted
    assert set(quoted.values()) == {1}
    last: dict[str, date] = {due.mentor: due.day for due, _ in pairs if due.for_all}
    for words in year.words:
        for bond in year.plan.bonds:
            day = day_of(words.at, year.plan.mentor(bond.mentor).zone)
            until = min(bond.last, last[bond.mentor])
            if bond.fellow == words.fellow and bond.holds(day) and day < until:
                later = [due for due, _ in pairs if due.mentor == bond.mentor and due.day > day]
                if any(due.for_all and due.day <= bond.last for due in later):
                    assert quoted[bond.mentor, words.text] == 1, (bond, words)


def test_a_mentor_gets_mails_about_own_fellows_alone(year: Record, pairs: list[Pair]) -> None:
    for due, came in pairs:
        own = {
            bond.fellow
            for bond in year.plan.bonds
            if bond.mentor == due.mentor and bond.holds(due.day)
        }
        others = {each.name for each in year.plan.fellows} - own
        assert not [name for name in others if name in came.text or name in came.html]


def test_who_has_handed_all_fellows_over_gets_no_mail_more(pairs: list[Pair]) -> None:
    days = {name: [due.day for due, _ in pairs if due.mentor == name] for name in (HART, OLSEN)}

    assert max(days[HART]) <= HANDED_OVER
    assert min(day for day in days[OLSEN] if not STOOD_IN.has(day)) > HANDED_OVER


def test_while_a_deputy_stands_in_the_mail_comes_to_the_deputy_alone(
    year: Record, pairs: list[Pair]
) -> None:
    days = {
        name: [due.day for due, _ in pairs if due.mentor == name and STOOD_IN.has(due.day)]
        for name in (ITO, OLSEN)
    }
    texts = [came.text for due, came in pairs if due.mentor == OLSEN and STOOD_IN.has(due.day)]

    assert days[ITO] == []
    assert days[OLSEN] == [STOOD_IN.first + number * 7 * DAY for number in range(3)]
    assert all("You stand in for Dr. Ito until Sep 25, 2027." in text for text in texts)
    fellows = {bond.fellow for bond in year.plan.bonds if bond.away}
    assert {mail.to for mail in year.of_kind("deputy_named")} == {OLSEN, ITO, *fellows}


@pytest.mark.parametrize(
    ("mentor", "night"), [(HART, date(2027, 11, 7)), (OLSEN, date(2028, 3, 12))]
)
def test_in_the_night_in_which_clocks_change_one_mail_comes(
    year: Record, pairs: list[Pair], mentor: str, night: date
) -> None:
    zone = year.plan.mentor(mentor).zone
    came = [mail for mail in year.digests_to(mentor) if day_of(mail.at, zone) == night]

    assert len(came) == 1
