"""What an answer rests on: reasons, facts and tags."""

import pytest

from question_bank.knowledge import ClinicalFact
from question_bank.lint import check_case
from question_bank.rules.reading import CaseReading
from tests.question_bank.lint.drafts import (
    WHY,
    blueprint,
    broken,
    case,
    check,
    check_read,
    facts,
    places,
    single,
    unparsed,
)


def with_reason(why: str):
    item = single()
    item["options"][1]["why"] = f"{why} {WHY}"
    return case(item)


@pytest.mark.parametrize(
    "why",
    [
        "As described above, it is wrong.",
        "See below.",
        "The former option is better.",
        "It is wrong for the above-mentioned reason.",
        "Options 1 and 2 are better.",
    ],
)
def test_l25_a_reason_that_points_at_a_place_is_found(why: str) -> None:
    assert places(with_reason(why), "L25") == ["items[0].options[1].why"]


@pytest.mark.parametrize(
    "why",
    [
        "Pain above the knee and below 50 mg a day is another matter.",
        "It is the first choice of drug in a child.",
        "An answer a person gives at the desk is a screen.",
        "She can try this and keep the other choice.",
        "Surgery is an option for adults.",
    ],
)
def test_l25_places_on_the_body_and_choices_of_people_are_fair(why: str) -> None:
    assert "L25" not in broken(with_reason(why))


def test_l25_a_short_reason_is_found() -> None:
    short, *others = case().items[0].options
    options = (short.model_copy(update={"why": "It is wrong."}), *others)

    assert places(unparsed(options=options), "L25") == ["items[0].options[0].why"]


@pytest.mark.parametrize(
    ("reviewed_on", "review_by"),
    [("2020-01-01", "2022-01-01"), ("2126-01-01", "2128-01-01"), ("2026-01-01", "2026-01-02")],
)
def test_no_day_of_a_review_is_found_in_a_text(reviewed_on: str, review_by: str) -> None:
    assert broken(case(reviewed_on=reviewed_on, review_by=review_by)) == set()


def test_l26_a_fact_that_nobody_knows_is_found() -> None:
    assert places(case(facts=["R01", "R999"]), "L26") == ["facts[1]"]


def test_l26_facts_are_not_looked_up_without_a_list() -> None:
    found = check_case(
        case(facts=["R999"], sibling_of="nowhere"),
        facts=None, acts=None, slugs=None, blueprint=blueprint(),
    )  # fmt: skip

    assert found == ()


@pytest.mark.parametrize(
    ("given", "levels"),
    [
        pytest.param(["P53"], ["E"], id="nothing but a fact to check"),
        pytest.param(["P53", "P111"], ["E", "E"], id="two of them"),
        pytest.param(["P52", "P53"], ["I"], id="beside a solid one"),
        pytest.param(["P52"], [], id="solid"),
    ],
)
def test_l26_a_key_does_not_rest_on_a_fact_to_check(given: list[str], levels: list[str]) -> None:
    found = [each for each in check(case(facts=given)) if each.rule == "L26"]

    assert [each.level for each in found] == levels


@pytest.mark.parametrize(
    ("given", "levels"),
    [
        pytest.param(["P01", "P02"], [], id="all have one"),
        pytest.param(["P01", "P03"], ["W"], id="one has none"),
        pytest.param(["P03"], ["E"], id="the only one has none"),
        pytest.param(["P03", "P04"], ["E", "E"], id="none has one"),
        pytest.param(["P03", "P99"], ["W"], id="beside one that nobody knows"),
    ],
)
def test_l37_a_fact_that_names_no_source_is_found(given: list[str], levels: list[str]) -> None:
    bare = {"status": "solid", "read": "none", "statement": "So."}
    known = {
        each: ClinicalFact(id=each, sources=("Roe 2020",) if each < "P03" else (), **bare)
        for each in ("P01", "P02", "P03", "P04")
    }

    found = check_read(CaseReading(case(facts=given), known, {}, None, blueprint()))

    assert [each.level for each in found if each.rule == "L37"] == levels


def test_l37_every_fact_of_the_starter_bank_has_a_source() -> None:
    assert [fact.id for fact in facts().values() if not fact.sources] == []


def test_the_list_of_facts_has_every_id_with_its_status() -> None:
    assert len(facts()) > 200
    assert {fact.status for fact in facts().values()} == {"solid", "check"}


@pytest.mark.parametrize(
    ("more", "fields"),
    [
        ({"topic": "rehab-astrology"}, ["topic"]),
        ({"level": "wisdom"}, ["items[0].level"]),
        ({"focus": ["focus-treatment", "focus-luck"]}, ["focus"]),
        ({"population": ["pop-older-adult"], "setting": "setting-clinic"}, []),
    ],
)
def test_l27_tags_outside_the_blueprint_are_found(more: dict, fields: list[str]) -> None:
    assert places(case(**more), "L27") == fields


def harmful(words: str):
    item = single()
    item["options"][1]["harm"] = words
    return item


def test_l33_a_harm_in_words_is_found() -> None:
    assert places(case(harmful("A torn tendon")), "L33") == ["items[0].options[1].harm"]


def test_l33_a_harm_in_words_keeps_no_case_of_the_first_format_back() -> None:
    found = check_case(
        case(harmful("A torn tendon")),
        facts=None, acts={}, slugs=None, blueprint=blueprint(), first=True,
    )  # fmt: skip

    assert [(each.rule, each.level) for each in found] == [("L33", "W")]


def test_l33_an_act_of_the_list_is_fair_in_several_options() -> None:
    item = harmful("morphine-in-kidney-failure")
    item["options"][2]["harm"] = "morphine-in-kidney-failure"

    assert places(case(item), "L33") == []


@pytest.mark.parametrize(
    ("sibling", "fields"), [("no-such-case", ["sibling_of"]), ("off-the-ladder", []), (None, [])]
)
def test_l34_a_sibling_is_a_case_of_the_bank(sibling: str | None, fields: list[str]) -> None:
    assert places(case(sibling_of=sibling), "L34") == fields


def cited(source: str, doi: str | None = None, **more: object):
    reference = {"authors": "Roe J", "title": "Moving", "year": 2020, "supports": "Moving."}
    return case(references=[reference | {"source": source, "doi": doi}], **more)


@pytest.mark.parametrize(
    "source",
    [
        "J Mov 2020;1(1)",
        "Spine 1980;5",
        "Pain 2010; 150(2)",
        "J Mov 2020;1, with erratum",
        "Cochrane Database of Systematic Reviews 2020",
        "Journal of Moving (American) 2019",
        "European Journal of Moving, clinical letter",
        "Moving Physician, volume 18, issue 1",
        "Clinical Moving 2008, author manuscript",
    ],
)
def test_l36_an_article_without_its_doi_is_found(source: str) -> None:
    assert places(cited(source), "L36") == ["references[0].doi"]


@pytest.mark.parametrize(
    "source",
    [
        "Mosby",
        "Drug Safety Communication, April 2017",
        "NICE guideline NG234",
        "JAMA 2004;291(9), PMID 14996778",
        "British Journal of Moving 2011, PMC3169333",
        "Butterworth-Heinemann, 2nd edition",
        "Boxed warning; revised 2023",
    ],
)
def test_l36_what_is_no_article_or_has_a_number_in_pubmed_needs_no_doi(source: str) -> None:
    assert "L36" not in broken(cited(source))


def test_l36_an_article_with_its_doi_is_fair() -> None:
    assert "L36" not in broken(cited("J Mov 2020;1(1)", doi="10.1000/182"))


def test_l36_is_waived_with_a_reason_for_one_article() -> None:
    waiver = {"rule": "L36", "at": "references[0].doi", "why": "The journal gives no DOI."}

    assert broken(cited("J Mov 2020;1(1)")) == {"L36"}
    assert broken(cited("J Mov 2020;1(1)", waivers=[waiver])) == set()
