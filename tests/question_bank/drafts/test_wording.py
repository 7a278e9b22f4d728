"""Two texts for one place are shown word by word, and nothing of a change is left out."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from question_bank.drafts.wording import WordRun, stretches

WAS = "Cultures are taken. Telemetry shows 600 µg/day. It holds 31 mL."


def in_short(before: str, after: str) -> str:
    """Return the stretches as one text: [gone] and {new}."""
    signs = {"same": "%s", "gone": "[%s]", "new": "{%s}"}
    return "".join(signs[each.kind] % each.text for each in stretches(before, after))


@pytest.mark.parametrize(
    ("after", "said"),
    [
        pytest.param(
            WAS.replace("µg", "mcg"),
            "Cultures are taken. Telemetry shows 600 [µg]{mcg}/day. It holds 31 mL.",
            id="a word",
        ),
        pytest.param(f"{WAS} Urgent.", f"{WAS}{{ Urgent.}}", id="a sentence more"),
        pytest.param("Cultures are taken. It holds 31 mL.",
            "Cultures are taken.[ Telemetry shows 600 µg/day.] It holds 31 mL.", id="one less"),
        pytest.param("Nobody knows.", f"[{WAS}]{{Nobody knows.}}", id="something else"),
        pytest.param("", f"[{WAS}]", id="nothing"),
        pytest.param(WAS, WAS, id="the same"),
    ],
)  # fmt: skip
def test_what_is_new_and_what_is_gone_stand_in_the_text(after: str, said: str) -> None:
    assert in_short(WAS, after) == said


def test_of_what_stays_only_what_is_around_a_change_is_shown() -> None:
    long = " ".join(f"This is sentence number {n}." for n in range(60))
    found = stretches(long, long.replace("number 30.", "number thirty."))

    assert sum(len(each.text) for each in found) < 300
    assert any("…" in each.text for each in found)


@given(st.text(max_size=300), st.text(max_size=300))
def test_nothing_that_was_changed_is_left_out(before: str, after: str) -> None:
    found = stretches(before, after)

    for kind, text in (("new", after), ("gone", before)):
        assert all(each.text in text for each in found if each.kind == kind)
    if before != after:
        assert {each.kind for each in found} & {"new", "gone"}
    if len(before) + len(after) < 100:
        assert "".join(each.text for each in found if each.kind != "gone") == after
        assert "".join(each.text for each in found if each.kind != "new") == before


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a " * 10_000, "b a " * 5_000),
        ("a. " * 6_000, "b. a. " * 3_000),
        ("a b. " * 200, "b a. " * 200),
        ("x" * 20_000, "y" * 20_000),
        ("a b " * 40 + ".", "b a " * 40 + "."),
    ],
)
def test_no_texts_take_long(before: str, after: str) -> None:
    begun = time.process_time()
    stretches(before, after)

    assert time.process_time() - begun < 2


def test_a_text_that_is_too_long_to_compare_is_shown_whole() -> None:
    before, after = "a. " * 300, "b. " * 300

    assert stretches(before, after) == (WordRun("gone", before), WordRun("new", after))
