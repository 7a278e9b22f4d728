"""Patterns are looked for only where one of their signs stands, and lose nothing by it."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from question_bank.knowledge import HarmfulAct, any_told
from question_bank.rules import notation, sources, vignette
from question_bank.rules.words import Sought, one_case
from tests.question_bank.lint.drafts import acts, case, places, shipped

SOUGHT = [
    *(row[0] for row in (*notation.DOSES, *notation.PERSON_FIRST, *vignette.IDENTIFIERS)),
    notation.TRAILING_ZERO,
    notation.BRANDS,
    vignette.ORIGIN,
    sources.PLACES,
    sources.LETTERS,
]


@pytest.mark.parametrize("sought", SOUGHT, ids=lambda each: each.pattern.pattern[:40])
@given(data=st.data())
def test_where_a_pattern_is_found_a_sign_of_it_stands(sought: Sought, data: st.DataObject) -> None:
    text = data.draw(st.from_regex(sought.pattern))

    assert sought.search(text) is not None
    assert sought.may_stand_in(one_case(text) if sought.of_any_case else text)


@pytest.mark.parametrize("sign", ["i", "I", "ı", "İ", "s", "ſ", "k", "K"])
def test_letters_that_are_one_where_case_is_ignored_are_one(sign: str) -> None:
    (letter,) = one_case(sign)

    assert re.fullmatch(letter, sign, re.IGNORECASE)
    assert letter in "isk"


PLAINLY = {
    "has no zero before the point": re.compile(r"(?<![\d.\w])(\.\d+)"),
    "a long number, like that of a record": re.compile(r"(?<![\d.,/])\d{6,}(?![\d.,])"),
}
"""Two patterns in other words, which are slower."""


@pytest.mark.parametrize("what", PLAINLY)
@given(text=st.text("0159٣.,/x \n", max_size=20))
def test_a_quick_pattern_finds_what_the_plain_one_finds(what: str, text: str) -> None:
    rows = (*notation.DOSES, *vignette.IDENTIFIERS)
    quick = next(row[0] for row in rows if row[1] == what).pattern

    assert _spans(quick, text) == _spans(PLAINLY[what], text)


def _spans(pattern: re.Pattern[str], text: str) -> list[tuple[int, int]]:
    return [found.span() for found in pattern.finditer(text)]


def test_a_flaw_is_found_in_whichever_text_of_the_case_it_stands() -> None:
    for place in ("takeaway", "title", "vignette"):
        assert places(case(**{place: "Give .5 mg."}), "L21") == [place]


def test_an_option_that_tells_an_act_is_told_by_all_acts_together() -> None:
    known = [act for act in acts().values() if act.tells]
    says_one = any_told(known)

    items = (item for each in shipped() for item in each.questions)
    options = [option.text for item in items for option in getattr(item, "options", ())]
    told = [any(_tells(act, option) for act in known) for option in options]
    assert [says_one(option) for option in options] == told
    assert any(told)


def _tells(act: HarmfulAct, option: str) -> bool:
    return any(re.search(each.option, option, re.IGNORECASE) for each in act.tells)
