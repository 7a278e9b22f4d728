"""One press mends advice, or keeps it with a reason; nothing else of the draft changes."""

from typing import Any

import pytest

from question_bank.advice.acts import NotDone, kept, let_go, mended
from question_bank.advice.listing import advise
from tests.question_bank.advice.bodies import KNOWN, STORY, draft, option

TEXT = "stages/s1/text"
OPTIONS = "stages/s1/items/i1/options"


def telling(text: str) -> dict[str, Any]:
    body = draft(option("o1", "Rest"))
    body["stages"][0]["text"] = f"{STORY} {text}"
    return body


def press(body: dict[str, Any], path: str, rule: str) -> dict[str, Any]:
    return mended(body, path, rule, advise(body, KNOWN))


@pytest.mark.parametrize(
    ("rule", "written", "after"),
    [
        ("L21", "He takes .5 mg, then .25 mg.", "He takes 0.5 mg, then 0.25 mg."),
        ("L21", "He takes 5.0 mg and 10.0 mg of 1.05.", "He takes 5 mg and 10 mg of 1.05."),
        ("L21", "He takes 30 µg and 7.5 μg and 20ug.", "He takes 30 mcg and 7.5 mcg and 20mcg."),
        ("L21", "He takes 10 U of insulin.", "He takes 10 units of insulin."),
        ("L21", "He takes it QD, not QOD.", "He takes it QD, not every other day."),
        ("L22", "He takes Lyrica daily.", "He takes pregabalin daily."),
        ("L23", "He complains of pain.", "He reports pain."),
        ("L23", "He suffers from pain.", "He has pain."),
    ],
)
def test_a_text_is_written_anew(rule: str, written: str, after: str) -> None:
    body = telling(written)

    done = press(body, TEXT, rule)

    assert done["stages"][0]["text"] == f"{STORY} {after}"
    assert done["stages"][0]["items"] == body["stages"][0]["items"]
    assert body == telling(written), "what was given is not changed"


@pytest.mark.parametrize(
    "written", ["He takes MSO4.", "She is drug-seeking.", "He takes Percocet."]
)
def test_what_only_the_author_can_say_otherwise_has_no_button(written: str) -> None:
    found = advise(telling(written), KNOWN)

    assert [each.cure for each in found.at(TEXT) if each.rule in ("L21", "L22", "L23")] == [None]


def test_numbers_are_sorted_with_all_that_belongs_to_them() -> None:
    rows = [option("a", "30 mg", key=True), option("x"), option("b", "10 mg"), option("c", "20 mg")]

    done = press(draft(*rows), OPTIONS, "L15")

    assert done["stages"][0]["items"][0]["options"] == [rows[2], rows[3], rows[0], rows[1]]


def test_an_option_that_stands_there_twice_goes_unless_it_is_the_key() -> None:
    twice = [option("a", "Rest"), option("b", "rest ")]
    key = [option("a", "Rest"), option("b", "rest ", key=True)]

    done = press(draft(*twice), f"{OPTIONS}/b/text", "L16")

    assert [each["#"] for each in done["stages"][0]["items"][0]["options"]] == ["a"]
    with pytest.raises(NotDone):
        press(draft(*key), f"{OPTIONS}/b/text", "L16")


def test_of_two_findings_of_a_rule_each_has_its_own_button() -> None:
    body = telling("He takes .5 mg and 30 µg.")
    found = advise(body, KNOWN)

    dose, unit = (each for each in found.at(TEXT) if each.rule == "L21")
    done = mended(body, TEXT, "L21", found, unit.nth)

    assert (dose.button, unit.button) == (f"{TEXT}:L21:0", f"{TEXT}:L21:1")
    assert done["stages"][0]["text"].endswith("He takes .5 mg and 30 mcg.")


def test_a_press_on_what_reads_otherwise_now_changes_nothing() -> None:
    with pytest.raises(NotDone, match="reads otherwise"):
        press(telling("He takes 5 mg."), TEXT, "L21")


def test_kept_advice_is_silent_at_its_place_alone() -> None:
    body = draft(option("a", "Always rest"), option("b", "Never rest"))
    found = advise(body, KNOWN)
    one, other = (f"{OPTIONS}/{each}/text" for each in "ab")
    assert [each.rule for each in found.at(one)] == ["L09"]

    done = kept(body, one, "L09", "The guideline's own words.", found, handle="w1")

    after = advise(done, KNOWN)
    assert after.at(one) == ()
    assert [each.rule for each in after.at(other)] == ["L09"]
    assert [(each.why, each.handle) for each in after.kept_at(one)] == [
        ("The guideline's own words.", "w1")
    ]
    assert advise(let_go(done, "w1"), KNOWN).entries == found.entries


@pytest.mark.parametrize(
    ("rule", "why", "said"),
    [
        ("L09", "because", "12 characters"),
        ("L24", "A reason that is long enough.", "reads otherwise"),
        ("L16", "A reason that is long enough.", "blocks approval"),
    ],
)
def test_not_everything_can_be_kept(rule: str, why: str, said: str) -> None:
    body = draft(option("a", "Always rest"), option("b", "Always rest"))

    with pytest.raises(NotDone, match=said):
        kept(body, f"{OPTIONS}/b/text", rule, why, advise(body, KNOWN), handle="w1")


def test_a_waiver_that_keeps_nothing_any_more_is_said() -> None:
    body = telling("") | {
        "waivers": [{"#": "w1", "rule": "L22", "at": TEXT, "why": "The name of the trial."}]
    }

    assert [each.rule for each in advise(body, KNOWN).at("waivers/w1")] == ["L22"]
