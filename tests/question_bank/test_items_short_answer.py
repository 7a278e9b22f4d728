"""Short answer: a few words against the patterns that are accepted."""

import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from pydantic import ValidationError

from question_bank.items import InvalidResponse
from question_bank.items.short_answer import LONGEST, ShortText, matches
from tests.question_bank.builders import WHY, facts, near_answers, rows, words
from tests.question_bank.contract import (
    check_any_json,
    earned,
    mistake_in,
    round_trip,
    shown_besides_options,
)

ITEM = words("opioid rotation", "rotat* to another opioid", "switch*opioid*")
MOODLE = facts("short_answer.json")
PARTS = {
    "*": ".*", " * ": "(?: | .* )", r"\*": r"\*", "a": "a", "b": "b", "[": r"\[", ".": r"\.",
}  # fmt: skip
"""Parts of patterns, and what each is as a regular expression."""

PIECES = st.lists(st.sampled_from([*PARTS, "*", "*", "a", "b"]), min_size=1, max_size=8)
PATTERN = PIECES.map("".join)
LETTERS = st.lists(st.sampled_from([*"ab*[.", "a b", "b a", ". ."]), max_size=8).map("".join)
WORDS = st.text(
    st.characters(max_codepoint=0x36F, exclude_characters="*\\\u0345"), min_size=1, max_size=40
)
"""Latin letters, signs and loose accents, without what is special in a pattern."""


@pytest.mark.parametrize(
    ("text", "credit"),
    [
        pytest.param("opioid rotation", 1, id="as accepted"),
        pytest.param("  Opioid   ROTATION ", 1, id="case and spacing aside"),
        pytest.param("rotating to another opioid", 1, id="a star for an ending"),
        pytest.param("rotat to another opioid", 1, id="a star for nothing"),
        pytest.param("switch opioids", 1, id="two stars"),
        pytest.param("opioid rotations", 0, id="the whole has to match"),
        pytest.param("an opioid rotation", 0, id="from the beginning"),
        pytest.param("opioidrotation", 0, id="a space is a space"),
        pytest.param("*", 0, id="a star in an answer is a star"),
        pytest.param("", 0, id="left blank"),
        pytest.param("opioid\u00a0rotation", 1, id="a no-break space"),
        pytest.param("\u202fopi\u00adoid\u2009rotation\u200b", 1, id="signs of print"),
    ],
)
def test_an_answer_that_matches_earns_all(text: str, credit: int) -> None:
    assert earned(ITEM, {"text": text}) == credit


@pytest.mark.parametrize("raw", [None, {}, {"text": None}, {"text": ""}, {"text": "   "}])
def test_a_blank_answer_is_none_and_earns_nothing_even_where_all_is_accepted(raw: object) -> None:
    assert words("*").parse_answer(raw) is None
    assert earned(words("*"), raw) == 0


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param({"text": "a" * (LONGEST + 1)}, id="too long"),
        pytest.param({"text": "a\nb"}, id="two lines"),
        pytest.param({"text": "a\0"}, id="a control character"),
        pytest.param({"text": "\ud800"}, id="half a character"),
        pytest.param({"text": "\u202eab"}, id="written backwards"),
        pytest.param({"text": 5}, id="a number"),
        pytest.param({"text": ["opioid"]}, id="a list"),
        pytest.param({"text": "a", "why": "b"}, id="more than an answer"),
        pytest.param("opioid rotation", id="bare text"),
    ],
)
def test_what_the_item_does_not_take_is_refused(raw: object) -> None:
    with pytest.raises(InvalidResponse):
        ITEM.parse_answer(raw)


def test_the_longest_answer_is_taken() -> None:
    assert ITEM.parse_answer({"text": "a" * LONGEST}) == ShortText("a" * LONGEST)


@given(near_answers("text", st.text(max_size=LONGEST + 9)))
def test_any_json_is_an_answer_or_is_refused(raw: object) -> None:
    check_any_json(ITEM, raw)


@given(st.text("aé ß*", min_size=1, max_size=20))
def test_an_answer_is_read_back_as_it_was_stored(text: str) -> None:
    assert ITEM.parse_answer({"text": text}) == (ShortText(text.strip()) if text.strip() else None)
    assert round_trip(ITEM, {"text": text})


@pytest.mark.parametrize(
    "row", [pytest.param(row, id=row["case"]) for row in rows("short_answer_match.csv")]
)
def test_matching_is_that_of_moodle(row: dict[str, str]) -> None:
    fold_case = row["ignore_case"] == "yes"

    found = matches(row["response"], row["pattern"], fold_case=fold_case)

    assert found is (row["match"] == "yes")


@pytest.mark.parametrize("row", MOODLE["answered"], ids=repr)
def test_what_counts_as_an_answer_is_as_in_moodle(row: dict) -> None:
    assert (ITEM.parse_answer({"text": row["response"]}) is not None) is row["answered"]


@pytest.mark.parametrize("row", MOODLE["shown_correct_answer"], ids=repr)
def test_the_key_is_shown_as_in_moodle(row: dict) -> None:
    assert words(row["pattern"]).key_text == row["shown"]


@pytest.mark.parametrize(
    ("text", "pattern", "found"),
    [
        pytest.param("ketamine infusion", "ketamine *", True, id="a word more"),
        pytest.param("ketamine", "ketamine *", False, id="no word more"),
        pytest.param("ketamines", "ketamine *", False, id="an ending is no word"),
        pytest.param("low dose ketamine", "* ketamine", True, id="a word before"),
        pytest.param("ketamine", "* ketamine", False, id="no word before"),
        pytest.param("a b c", "a * c", True, id="a word between"),
        pytest.param("a c", "a * c", True, id="no word between, and one space"),
        pytest.param("ac", "a * c", False, id="not without a space"),
        pytest.param("ab c", "a * c", False, id="nor with letters on"),
        pytest.param("a d", "a * b * d", False, id="one space is no word"),
        pytest.param("a b d", "a * b * d", True, id="twice"),
        pytest.param("a b", "a * * b", True, id="two stars for one space"),
        pytest.param("a b", "a ** b", True, id="side by side"),
        pytest.param("a", "a * a", False, id="the ends do not share"),
        pytest.param("a\u00a0b", "a b", True, id="a no-break space"),
        pytest.param("a c", "a*c", True, id="a space is any run too"),
        pytest.param("a   b", "a b", True, id="spacing of the answer"),
        pytest.param("a b", "  a \t b ", True, id="spacing of the pattern"),
        pytest.param("aba", "ab*ba", False, id="no sign serves twice"),
        pytest.param("abba", "ab*ba", True, id="side by side"),
        pytest.param("a", "*a*a*", False, id="between stars neither"),
        pytest.param("ab", "*b*a*", False, id="in the order of the pattern"),
        pytest.param("a*b", r"a\*b", True, id="a star that is meant"),
        pytest.param("axb", r"a\*b", False, id="and nothing else"),
        pytest.param("a\\b", "a\\b", True, id="a backslash is a backslash"),
        pytest.param("a\\", "a\\", True, id="at the end as well"),
        pytest.param("STRASSE", "straße", True, id="letters that fold to two"),
        pytest.param("e\u0301tude", "étude", True, id="accents coded apart"),
        pytest.param("étude", "E\u0301*", True, id="in the pattern too"),
        pytest.param("etude", "étude", False, id="an accent counts"),
        pytest.param("a.b", "a?b", False, id="no other wildcards"),
        pytest.param("Opioid rotation.", "opioid rotation", True, id="ended like a sentence"),
        pytest.param("opioid rotation .", "opioid *", True, id="with a space before"),
        pytest.param("q.i.d", "q.i.d.", True, id="a period less than in the pattern"),
        pytest.param("qid", "q.i.d.", False, id="a period within counts"),
        pytest.param("0.5", "05", False, id="so does one in a number"),
        pytest.param("Crohn’s disease", "Crohn's disease", True, id="an apostrophe made curly"),
        pytest.param("Crohn's disease", "Crohn’s disease", True, id="in the pattern too"),
        pytest.param("“wind‑up”", '"wind-up"', True, id="quotes and a hyphen of print"),
        pytest.param("C5–C6", "c5-c6", True, id="a dash made of a hyphen"),
        pytest.param("wind up", "wind-up", False, id="a space is no hyphen"),
        pytest.param(".", ".*", True, id="a period that the pattern begins with"),
    ],
)
def test_a_pattern_matches_the_whole_answer(text: str, pattern: str, found: bool) -> None:
    assert matches(text, pattern) is found


@given(PIECES, LETTERS)
def test_matching_agrees_with_a_regular_expression(pieces: list[str], text: str) -> None:
    """Neither has a space at its ends, nor two side by side, nor ends with a period."""
    assume(not pieces[-1].endswith(".") and not text.endswith("."))
    assume(pieces[0] != " * " and pieces[-1] != " * ")
    assume("  " not in "".join(pieces))
    expression = "".join(PARTS[piece] for piece in pieces)

    assert matches(text, "".join(pieces)) is (re.fullmatch(expression, text) is not None)


@given(PIECES, st.data())
def test_what_a_pattern_was_filled_in_to_matches_it(pieces: list[str], data: st.DataObject) -> None:
    """Each star by anything; a space at an end, but for stars, asks for a word more."""
    ends = [each for each in pieces if each != "*"]
    assume(not ends or (ends[0] != " * " and ends[-1] != " * "))
    filled = [
        each.replace("*", data.draw(LETTERS)) if each in ("*", " * ") else each.removeprefix("\\")
        for each in pieces
    ]

    assert matches("".join(filled), "".join(pieces))


@given(WORDS)
def test_words_match_themselves_in_any_case_and_spacing(text: str) -> None:
    assert matches(text, text)
    assert matches(f" \t{text}  ", text)
    assert matches(text.casefold(), text)


@given(WORDS, WORDS)
def test_a_star_alone_takes_anything_and_a_run_between_its_ends(one: str, other: str) -> None:
    assert matches(one, "*")
    assert matches(f"{one.strip()} x {other.strip()}", f"{one.strip()}*x*{other.strip()}")


def test_many_stars_take_no_long_search() -> None:
    assert not matches("a" * LONGEST, "*a" * (LONGEST // 2 - 1) + "*b")
    assert matches("a" * LONGEST, "*a" * (LONGEST // 2))


@given(st.lists(PATTERN, min_size=1, max_size=4), PATTERN, LETTERS, st.data())
def test_more_that_is_accepted_never_costs_and_its_order_does_not_count(
    accept: list[str], further: str, text: str, data: st.DataObject
) -> None:
    shuffled = data.draw(st.permutations(accept))
    credit = earned(words(*accept), {"text": text})

    assert earned(words(*shuffled), {"text": text}) == credit
    assert earned(words(*accept, further), {"text": text}) >= credit


def test_a_known_mistake_is_recognised_in_wrong_answers_only() -> None:
    item = words("opioid rotation", mistakes=("opioid taper*", "*opioid*"))
    found = {
        text: mistake_in(item, ShortText(text))
        for text in ("opioid tapering", "More opioids", "Opioid rotation", "rest")
    }

    assert {text: each.text if each else None for text, each in found.items()} == {
        "opioid tapering": "opioid taper",
        "More opioids": "opioid",
        "Opioid rotation": None,
        "rest": None,
    }
    assert mistake_in(item, None) is None


def test_the_result_names_key_answer_and_mistakes() -> None:
    item = words("rotat* to another opioid", "b", mistakes=("taper*",))

    assert item.key_text == "rotat to another opioid"
    assert item.answer_text(ShortText("Rotation")) == "Rotation"
    assert [(each.text, each.is_key, each.chosen) for each in item.review(ShortText("B"))] == [
        ("rotat to another opioid", True, True),
        ("taper", False, False),
    ]


def test_what_the_fellow_sees_does_not_depend_on_what_is_accepted() -> None:
    item = words("zanzibar", mistakes=("timbuktu",), covered_answer="Zanzibar it is")
    shown = shown_besides_options(item).casefold()

    assert item.for_fellow() == words("something else").for_fellow()
    assert not any(secret in shown for secret in ("zanzibar", "timbuktu", WHY.casefold()))


@pytest.mark.parametrize(
    ("accept", "more", "complaint"),
    [
        pytest.param((), {}, "at least 1", id="nothing accepted"),
        pytest.param(("",), {}, "at least 1 character", id="an empty pattern"),
        pytest.param(("a" * 201,), {}, "at most 200", id="too long a pattern"),
        pytest.param(("a",) * 41, {}, "at most 40", id="too many patterns"),
        pytest.param(("opioid*",), {"mistakes": ("Opioids",)}, "accepted", id="a right mistake"),
    ],
)
def test_a_flawed_item_is_refused(accept: tuple[str, ...], more: dict, complaint: str) -> None:
    with pytest.raises(ValidationError, match=complaint):
        words(*accept, **more)


ACCENTED = "Guillain-Barré*"


@pytest.mark.parametrize(
    "text", ["Guillain–Barré", "guillain-barre", "GUILLAIN-BARRE\u0301 syndrome"]
)
def test_an_accent_that_is_left_out_does_not_count(text: str) -> None:
    assert earned(words(ACCENTED), {"text": text}) == 1


def test_an_accent_counts_where_the_author_says_so() -> None:
    item = words("résumé", accents_matter=True)

    assert [earned(item, {"text": text}) for text in ("résumé", "resume")] == [1, 0]
    assert item.gist != words("résumé").gist


def test_a_mistake_that_differs_by_an_accent_says_that_accents_count() -> None:
    """A case of before said so in no other way, and is read and graded as it was."""
    item = words("résumé", mistakes=("resume",))

    assert [earned(item, {"text": text}) for text in ("résumé", "resume")] == [1, 0]


@given(PATTERN.map(lambda pattern: pattern.replace("a", "é")), LETTERS)
def test_folding_accents_takes_nothing_away(pattern: str, text: str) -> None:
    assume(text.strip())

    assert earned(words(pattern), {"text": text}) >= matches(text, pattern)


@pytest.mark.parametrize("said", [{}, {"accents_matter": False}])
def test_what_holds_anyway_is_not_stored(said: dict[str, bool]) -> None:
    """So that no case of before gets another hash, and no item another edition."""
    item = words("étude", **said)

    assert "accents_matter" not in item.model_dump(exclude_none=True)
    assert item.gist == ["étude"]
