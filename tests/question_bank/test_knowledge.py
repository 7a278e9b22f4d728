"""The lists of facts and of acts that harm: how they are read."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from question_bank.knowledge import InvalidList, address_of, parse_acts, parse_facts

FACT = "{id: X01, status: solid, read: part, statement: A statement, sources: [Roe 2020]}"
ACT = "{id: a-harm, name: Doing it, harm: A wound, why: It cuts, facts: [X01]}"


def test_a_fact_is_read_with_its_sources() -> None:
    fact = parse_facts(f"facts:\n  - {FACT}\n")["X01"]

    assert (fact.status, fact.read, fact.sources) == ("solid", "part", ("Roe 2020",))


def test_a_fact_says_when_its_sources_were_looked_up_and_when_again() -> None:
    days = "looked_up: 2026-11-30, next_look: 2028-11-30}"
    fact = parse_facts("facts:\n  - " + FACT.replace("[Roe 2020]}", f"[Roe 2020], {days}"))["X01"]

    assert (fact.looked_up, fact.next_look) == (date(2026, 11, 30), date(2028, 11, 30))


@pytest.mark.parametrize(
    ("source", "address"),
    [
        ("Roe, Pain 2020. doi:10.1000/a(b)1.", "https://doi.org/10.1000/a(b)1"),
        ("Roe, Pain 2020. https://doi.org/10.1000/182", "https://doi.org/10.1000/182"),
        ("Roe, Pain 2020. PMID 12345678", "https://pubmed.ncbi.nlm.nih.gov/12345678/"),
        ("Roe. PMID: 12345678. doi:10.1000/182", "https://doi.org/10.1000/182"),
        ("FDA, 2020, https://www.fda.gov/x?a=1.", "https://www.fda.gov/x?a=1"),
        ("FDA, 2020, javascript:alert(1)", None),
        ("Roe, Pain 2020", None),
    ],
)
def test_a_source_is_opened_by_its_doi_its_number_or_its_address(source, address) -> None:
    assert address_of(source) == address


def test_an_act_is_read_with_what_it_rests_on() -> None:
    act = parse_acts(f"acts:\n  - {ACT}\n")["a-harm"]

    assert (act.harm, act.facts, act.exceptions) == ("A wound", ("X01",), None)


def test_an_act_says_what_gives_it_away() -> None:
    tells = ACT.replace("}", ", tells: [{option: 'knives?', patient: 'h[ae]mophili'}]}")
    act = parse_acts(f"acts:\n  - {tells}\n")["a-harm"]

    assert act.told_by("Two knives", "A man with Hemophilia")
    assert not act.told_by("Two knives", "A man")


def test_an_expression_that_is_none_is_refused() -> None:
    with pytest.raises(InvalidList, match=r"line 2: .*tells\[0\].option: is no regular expression"):
        parse_acts("acts:\n  - " + ACT.replace("}", ", tells: [{option: 'knive)'}]}"))


@pytest.mark.parametrize("expression", ["(knives|forks)", "(?i)knives", r"(?P<a>k)nives(?P=a)"])
def test_an_expression_that_cannot_stand_beside_others_is_refused(expression: str) -> None:
    with pytest.raises(InvalidList, match=r"line 2: .*tells\[0\].option: has groups that are kept"):
        parse_acts("acts:\n  - " + ACT.replace("}", f", tells: [{{option: '{expression}'}}]}}"))


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
        pytest.param(
            "facts:\n  - " + FACT.replace("[Roe 2020]}", "[Roe 2020], next_look: 2028-11-30}"),
            "“next_look” is a day after “looked_up”",
            id="to be looked up again and never looked up",
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
