"""The public face: rules, waivers, findings, and cases of every kind."""

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from question_bank.case import InvalidCase, case_to_json, parse_case
from question_bank.lint import RULES, check_case
from question_bank.rules.reading import CaseReading
from tests.question_bank.kinds import CASE
from tests.question_bank.lint.drafts import (
    blueprint,
    broken,
    case,
    check,
    data,
    places,
    shipped,
    single,
)

WORDS = "Graded walking", "Often rest", "Lift"
"""Options with a flaw of level I."""


def waiver(rule: str) -> dict[str, str]:
    return {"rule": rule, "why": "It is meant to be so here."}


def test_there_are_rules_one_to_forty_and_each_says_where_it_comes_from() -> None:
    assert [rule for rule in RULES if rule[0] == "L"] == [f"L{n:02}" for n in range(1, 41)]
    for rule in RULES.values():
        check = rule.check or rule.check_bank
        assert check is not None
        assert (check.__doc__ or "").startswith(f"{rule.id}: ")


def test_a_finding_says_rule_place_and_mend() -> None:
    (found,) = check(case(single(*WORDS)))

    assert (found.rule, found.level, found.case) == ("L10", "I", "a-sore-calf")
    assert found.field == "items[0].options[1].text"
    assert found.message == "“Often” means something else to everyone"
    assert found.mend == "give a number, or leave it out"


def test_a_waiver_silences_its_rule_alone() -> None:
    item = single("Graded walking", "Often rest", "Never lift")

    assert broken(case(item)) == {"L09", "L10"}
    assert broken(case(item, waivers=[waiver("L10")])) == {"L09"}
    assert broken(case(item, waivers=[waiver("L09"), waiver("L10")])) == set()


def test_a_waiver_that_silences_nothing_is_found() -> None:
    (found,) = check(case(waivers=[waiver("L10")]))

    assert (found.rule, found.level, found.field) == ("L10", "W", "waivers[0]")
    assert "silences nothing" in found.message


def test_a_rule_that_keeps_a_case_back_cannot_be_waived() -> None:
    found = check(case(takeaway="Take .5 mg.", waivers=[waiver("L21")]))

    assert [(each.level, each.field) for each in found] == [("E", "takeaway"), ("W", "waivers[0]")]
    assert found[1].message == "L21 cannot be waived"


def test_a_waiver_silences_the_milder_findings_of_a_rule() -> None:
    assert broken(case(facts=["P52", "P53"], waivers=[waiver("L26")])) == set()
    assert {each.level for each in check(case(facts=["P53"], waivers=[waiver("L26")]))} == {
        "E",
        "W",
    }


@pytest.mark.parametrize("rule", ["L00", "L99", "L31"])
def test_a_waiver_of_what_no_case_can_break_is_found(rule: str) -> None:
    assert places(case(waivers=[waiver(rule)]), rule) == ["waivers[0]"]


def test_the_shipped_bank_may_be_published() -> None:
    errors = [
        (each.case, each.rule, each.field, each.message)
        for one in shipped()
        for each in check(one)
        if each.level == "E"
    ]

    assert len(shipped()) >= 20
    assert errors == []


def leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the path of every text in *value*."""
    inner = value.items() if isinstance(value, dict) else enumerate(value)
    for name, each in inner:
        if isinstance(each, dict | list):
            yield from leaves(each, (*path, name))
        elif isinstance(each, str):
            yield (*path, name)


NO_PROSE = {
    "level",
    "harm",
    *("key", "type", "mode", "scale", "image", "credit", "unit", "answer", "value", "absolute"),
    *("relative", "accept", "covered_answer"),
}
"""Fields of items that nobody reads as prose; beside them, the texts of known mistakes."""


def field_of(path: tuple[Any, ...]) -> str:
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)[1:]


def test_the_rules_read_all_prose_of_every_item_type() -> None:
    read = {place.field for place in CaseReading(CASE, None, None, None, blueprint()).texts}

    unread = {
        [part for part in path if isinstance(part, str)][-1]
        for path in leaves(case_to_json(CASE))
        if "items" in path and "mistakes" not in path and field_of(path) not in read
    }

    assert unread <= NO_PROSE


def put(value: Any, path: tuple[Any, ...], text: str) -> None:
    for name in path[:-1]:
        value = value[name]
    value[path[-1]] = text


BODIES = [case_to_json(one) for one in shipped()]


HOOKS = """
A 93-year-old .5 mg 10 U (TENS) TENS as above all never 40 mg 30 to 40 % ? “ ” Dr. X – µg start
and then stop 1/2/2020 which not who does not ² ٣ ß İ 12 of the option A MS
"""
"""What the rules look for, and what is easily mistaken for a digit or a letter."""


PIECES = st.sampled_from([*HOOKS.split(), "\x1c"])


TEXTS = st.text(max_size=60) | st.lists(PIECES, max_size=12).map(" ".join)


@given(st.data())
def test_no_case_that_can_be_read_breaks_the_rules_themselves(draw: st.DataObject) -> None:
    body = deepcopy(draw.draw(st.sampled_from(BODIES)))
    paths = draw.draw(st.lists(st.sampled_from(list(leaves(body))), min_size=1, max_size=6))
    for path in paths:
        text = draw.draw(TEXTS)
        put(body, path, text + {"lead_in": "?", "why": f" {'so ' * 12}"}.get(path[-1], ""))
    try:
        one = parse_case(body)
    except InvalidCase:
        return

    for finding in check(one):
        assert finding.rule in RULES or finding.field.startswith("waivers")
        assert finding.message
        assert finding.mend


@given(
    vignette=TEXTS.filter(str.strip),
    texts=st.lists(TEXTS.filter(str.strip), min_size=3, max_size=5),
    lead_in=TEXTS,
)
def test_no_wording_breaks_the_rules_themselves(vignette, texts, lead_in) -> None:
    item = single(*texts, lead_in=f"{lead_in}?")
    try:
        one = parse_case(data(item, vignette=vignette))
    except InvalidCase:
        return

    check_case(one, facts=None, acts=None, slugs=None, blueprint=blueprint())
