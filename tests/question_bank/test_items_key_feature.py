"""Key feature: the weight of the keys chosen, and nothing for too many or for harm."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from question_bank.items import InvalidResponse
from question_bank.items.choices import Choices
from question_bank.items.key_feature import Entries
from tests.question_bank.builders import WHY
from tests.question_bank.contract import earned
from tests.question_bank.kinds import BY_KEY, changed

MENU = BY_KEY["first-hour"]
WRITTEN = BY_KEY["which-picture"]
MRI, SURGEON, BLADDER, REST, FILM, LETTER = range(6)
CHOSEN = st.frozensets(st.integers(0, 5))
TOO_MANY = "More than 3 were chosen, so the item earns no credit."
HARMFUL = "A choice that would harm the patient leaves the item without credit."


@pytest.mark.parametrize(
    ("chosen", "credit", "said"),
    [
        pytest.param({MRI, SURGEON, BLADDER}, Fraction(1), "", id="every key: 4 of 4"),
        pytest.param({MRI, SURGEON}, Fraction(3, 4), "", id="weights 2 and 1"),
        pytest.param({MRI}, Fraction(1, 2), "", id="the key of weight 2"),
        pytest.param({BLADDER}, Fraction(1, 4), "", id="a key of weight 1"),
        pytest.param({MRI, SURGEON, FILM}, Fraction(3, 4), "", id="a distractor costs nothing"),
        pytest.param({FILM, LETTER}, Fraction(0), "", id="distractors alone"),
        pytest.param({MRI, SURGEON, BLADDER, FILM}, Fraction(0), TOO_MANY, id="one too many"),
        pytest.param(set(range(6)), Fraction(0), TOO_MANY, id="everything"),
        pytest.param({MRI, SURGEON, REST}, Fraction(0), HARMFUL, id="keys and a harm"),
        pytest.param({REST}, Fraction(0), HARMFUL, id="a harm alone"),
        pytest.param(set(), Fraction(0), "", id="left blank"),
    ],
)
def test_credit_is_the_weight_of_the_keys_chosen(
    chosen: set[int], credit: Fraction, said: str
) -> None:
    """Page G, Bordage G, Allen T. Acad Med 1995;70:194-201."""
    raw = {"chosen": sorted(chosen)}

    assert earned(MENU, raw) == credit
    assert MENU.remark(MENU.parse_answer(raw)) == said


@pytest.mark.parametrize(
    ("permitted", "chosen", "credit"),
    [
        pytest.param(1, {MRI}, Fraction(1), id="the heaviest alone is the best choice of one"),
        pytest.param(1, {SURGEON}, Fraction(1, 2), id="a lighter one is half of it"),
        pytest.param(2, {MRI, SURGEON}, Fraction(1), id="3 of the best 3"),
        pytest.param(2, {SURGEON, BLADDER}, Fraction(2, 3), id="2 of the best 3"),
        pytest.param(8, {MRI, SURGEON, BLADDER}, Fraction(1), id="room for more than there are"),
        pytest.param(8, {MRI, FILM, LETTER}, Fraction(1, 2), id="spare choices cost nothing"),
    ],
)
def test_the_best_is_what_the_permitted_number_can_have(
    permitted: int, chosen: set[int], credit: Fraction
) -> None:
    assert earned(changed(MENU, permitted=permitted), {"chosen": sorted(chosen)}) == credit


@given(CHOSEN, st.sampled_from([MRI, SURGEON, BLADDER]))
def test_a_further_key_never_costs_while_it_is_permitted(chosen: frozenset[int], key: int) -> None:
    item = changed(MENU, permitted=6)

    more = earned(item, {"chosen": sorted(chosen | {key})})

    assert more >= earned(item, {"chosen": sorted(chosen)})


@given(CHOSEN)
def test_harm_or_too_many_never_earn_anything(chosen: frozenset[int]) -> None:
    refused = REST in chosen or len(chosen) > 3

    found = earned(MENU, {"chosen": sorted(chosen)})

    assert found == 0 or not refused
    assert refused is bool(MENU.remark(MENU.parse_answer({"chosen": sorted(chosen)})))


@pytest.mark.parametrize(
    ("entries", "credit"),
    [
        pytest.param(["Whole-spine MRI", "INR"], Fraction(1), id="the texts themselves"),
        pytest.param(["whole-spine  mri", "inr"], Fraction(1), id="case and spacing aside"),
        pytest.param(["MRI of the spine", "clotting"], Fraction(1), id="what is accepted"),
        pytest.param(["a spinal MRI"], Fraction(2, 3), id="one of two"),
        pytest.param(["", "coagulation tests"], Fraction(1, 3), id="in the second line"),
        pytest.param(["MRI of the spine", "spinal MRI"], Fraction(2, 3), id="the same twice"),
        pytest.param(["MRI of the spine", "a chest film"], Fraction(2, 3), id="and a stray one"),
        pytest.param(["MRI of the spine", "lumbar puncture"], Fraction(0), id="and a harm"),
        pytest.param(["MRI of the spine, a puncture"], Fraction(0), id="in one line: harm wins"),
        pytest.param(["rest"], Fraction(0), id="not thought of"),
        pytest.param(["MRI\u00a0of the spine", "IN\u00adR"], Fraction(1), id="pasted signs"),
    ],
)
def test_what_is_written_in_counts_as_the_option_it_means(
    entries: list[str], credit: Fraction
) -> None:
    assert earned(WRITTEN, {"entries": entries}) == credit


def test_of_several_meanings_the_harmful_one_wins() -> None:
    answer = Entries(("MRI of the spine after a puncture",))

    assert [line.text for line in WRITTEN.harms(answer)] == ["Lumbar puncture"]
    assert [line.text for line in WRITTEN.review(answer) if line.chosen] == ["Lumbar puncture"]
    assert WRITTEN.remark(answer) == HARMFUL


def test_a_star_in_a_text_is_a_star_and_one_in_a_pattern_is_not() -> None:
    options = list(WRITTEN.model_dump(exclude_none=True)["options"])
    options[1] |= {"text": "HLA-B*15:02", "accept": ["*hla*"]}
    item = changed(WRITTEN, options=options)
    strict = changed(WRITTEN, options=[options[0], options[1] | {"accept": []}])

    assert earned(item, {"entries": ["HLA typing"]}) == Fraction(1, 3)
    assert earned(strict, {"entries": ["hla-b*15:02"]}) == Fraction(1, 3)
    assert earned(strict, {"entries": ["HLA-B and 15:02"]}) == 0


@pytest.mark.parametrize("entries", [[], ["", ""], ["  "], None])
def test_empty_lines_are_a_blank_answer(entries: list[str] | None) -> None:
    assert WRITTEN.parse_answer({"entries": entries}) is None


@pytest.mark.parametrize(
    ("entries", "complaint"),
    [
        pytest.param(["a", "b", "c"], "at most 2 answers", id="more than there is room for"),
        pytest.param(["a" * 201], "at most 200 characters", id="too long"),
        pytest.param(["a\nb"], "plain words", id="two lines in one"),
        pytest.param([5], "plain words", id="a number"),
        pytest.param("INR", "at most 2 answers", id="text for a list"),
    ],
)
def test_what_cannot_be_written_in_is_refused(entries: object, complaint: str) -> None:
    with pytest.raises(InvalidResponse, match=complaint):
        WRITTEN.parse_answer({"entries": entries})


@pytest.mark.parametrize("item", [MENU, WRITTEN])
def test_each_mode_refuses_the_answer_of_the_other(item) -> None:
    raw = {"chosen": [0]} if item is WRITTEN else {"entries": ["INR"]}

    with pytest.raises(InvalidResponse):
        item.parse_answer(raw)


def test_a_line_left_open_keeps_its_place_on_the_page() -> None:
    shown = WRITTEN.for_fellow()

    assert shown.controls_of({"entries": ["", "INR"]}) == {"entry.1": ["INR"]}
    assert shown.read_controls({"entry.1": ["INR"]}) == {"entries": ["", "INR"]}
    assert WRITTEN.parse_answer({"entries": ["INR", ""]}) == Entries(("INR",))


@pytest.mark.parametrize("name", ["key", "harm", "weight", "why"])
def test_what_the_fellow_sees_does_not_depend_on_keys_harms_and_weights(name: str) -> None:
    options = MENU.model_dump(exclude_none=True)["options"]
    bare = [{"text": each["text"], "why": "Twelve " * 12} for each in options]
    bare[LETTER]["key"] = True

    assert changed(MENU, options=bare).for_fellow() == MENU.for_fellow()
    assert name not in repr(MENU.for_fellow().options)


def test_of_what_is_written_in_the_fellow_sees_no_options() -> None:
    shown = WRITTEN.for_fellow()

    assert (shown.options, shown.entries, shown.shuffle, shown.selected) == ((), 2, False, False)
    assert "MRI" not in repr(shown)
    assert MENU.for_fellow().entries == 0
    assert "up to 3" in MENU.for_fellow().hint


def test_the_result_names_keys_answer_and_harm() -> None:
    answer = Choices(frozenset({MRI, REST}))

    assert MENU.key_text == "Whole-spine MRI today; Call the surgeon; Measure the bladder"
    assert MENU.answer_text(answer) == "Whole-spine MRI today; Bed rest for a week"
    assert WRITTEN.answer_text(Entries(("", "INR"))) == "INR"
    assert [line.harm for line in MENU.harms(answer)] == ["Delayed decompression"]
    assert [line.index for line in MENU.review(answer) if line.chosen] == [MRI, REST]
    assert {line.index for line in WRITTEN.review(None)} == {None}


def test_what_is_written_in_is_matched_without_accents_unless_the_author_says_they_matter() -> None:
    options = [{"text": "Ménière exam", "key": True, "why": WHY}, {"text": "A film", "why": WHY}]
    accented = changed(WRITTEN, permitted=1, options=options)
    strict = changed(accented, accents_matter=True)

    assert earned(accented, {"entries": ["meniere exam"]}) == 1
    assert earned(strict, {"entries": ["meniere exam"]}) == 0
    assert earned(strict, {"entries": ["ménière exam"]}) == 1


def test_accents_count_where_what_is_accepted_differs_from_a_harm_in_nothing_else() -> None:
    options = [
        {"text": "Meloxicam", "key": True, "accept": ["pâté*"], "why": WHY},
        {"text": "Pate", "harm": "Spinal hematoma", "why": WHY},
    ]
    item = changed(WRITTEN, permitted=1, options=options)

    assert earned(item, {"entries": ["pâté"]}) == 1
    assert not item.harms(Entries(("pâté",)))
    assert [line.text for line in item.harms(Entries(("pate",)))] == ["Pate"]
