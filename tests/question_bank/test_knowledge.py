"""The lists of facts and of acts that harm: how they are read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from question_bank.knowledge import InvalidList, parse_acts, parse_facts

FACT = "{id: X01, status: solid, read: part, statement: A statement, sources: [Roe 2020]}"
ACT = "{id: a-harm, name: Doing it, harm: A wound, why: It cuts, facts: [X01]}"


def test_a_fact_is_read_with_its_sources() -> None:
    fact = parse_facts(f"facts:\n  - {FACT}\n")["X01"]

    assert (fact.status, fact.read, fact.sources) == ("solid", "part", ("Roe 2020",))


def test_an_act_is_read_with_what_it_rests_on() -> None:
    act = parse_acts(f"acts:\n  - {ACT}\n")["a-harm"]

    assert (act.harm, act.facts, act.exceptions) == ("A wound", ("X01",), None)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param("", "is empty", id="empty"),
        pytest.param("facts: seven", "line 1: facts: is not a list", id="no list"),
        pytest.param("fact: []", "facts: is missing", id="another name"),
        pytest.param(
            "facts:\n  - " + FACT.replace("solid", "sure"),
            r"line 2: facts\[0\].status: is not one of solid, check",
            id="no status",
        ),
        pytest.param(
            "facts:\n  - " + FACT.replace("X01", "x1"), "is not the id of a fact", id="no id"
        ),
        pytest.param(
            f"facts:\n  - {FACT}\n  - {FACT}\n", "“X01” stands there twice", id="an id twice"
        ),
        pytest.param("facts: &f [*f]", "write it out", id="itself"),
        pytest.param("facts: " + "[" * 20, "12 levels", id="too deep"),
        pytest.param("facts: []" + " " * 1_000_000, "longer than 1,000,000", id="too long"),
        pytest.param(
            "facts: [" + FACT.replace("A statement", "a" * 2001) + "]",
            "is too long; write at most 2000",
            id="a long statement",
        ),
    ],
)
def test_a_list_that_cannot_be_used_is_refused_with_the_place(text: str, message: str) -> None:
    with pytest.raises(InvalidList, match=message):
        parse_facts(text)


@given(st.text(max_size=80), st.sampled_from(["{}", "facts: {}", "acts:\n  - {}", "- {}"]))
def test_any_text_is_a_list_or_is_refused(text: str, around: str) -> None:
    for parse in (parse_facts, parse_acts):
        try:
            found = parse(around.replace("{}", text))
        except InvalidList as refusal:
            found = {str(refusal): None}
        assert isinstance(found, dict)
