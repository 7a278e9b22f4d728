"""What cases rest on, counted."""

from question_bank.case import parse_case
from question_bank.counting import NO_ARTICLE, UNSAID, count_bank
from question_bank.knowledge import ClinicalFact
from tests.question_bank.lint.drafts import data, essay, single


def fact(name: str, *sources: str, status: str = "solid") -> ClinicalFact:
    return ClinicalFact(id=name, status=status, read="all", statement="So.", sources=sources)


FACTS = {
    "R01": fact("R01", "Roe 2020"),
    "R02": fact("R02"),
    "R03": fact("R03", "Roe 2021", status="check"),
}


def cited(source: str, **more: object) -> dict[str, object]:
    return (
        {"authors": "Roe J", "title": "Moving", "source": source, "supports": "Moving."}
        | {"year": 2020}
        | more
    )


def test_an_item_rests_on_a_fact_without_a_source_if_its_case_names_one() -> None:
    cases = [
        parse_case(data(single(), essay(), slug="sourced", facts=["R01", "R03"])),
        parse_case(data(single(), essay(), slug="bare", facts=["R01", "R02"])),
        parse_case(data(single(), slug="unknown", facts=["R09"])),
    ]

    count = count_bank(cases, FACTS)

    assert (count.cases, count.facts, count.unsourced, count.unchecked) == (3, 5, 3, 1)


def test_a_reference_without_doi_and_pmid_has_its_reason() -> None:
    waiver = {"rule": "L36", "at": "references[2].doi", "why": "The journal gives none."}
    references = [
        cited("J Mov 2024;1(1)", doi="10.1000/182", year=2024),
        cited("J Mov 2020;1(1), PMID 14996778"),
        cited("J Mov 2020;1(2)"),
        cited("J Mov 2020;1(3)"),
        cited("Mosby"),
    ]

    count = count_bank([parse_case(data(references=references, waivers=[waiver]))], FACTS)

    assert (count.references, count.new) == (5, 1)
    assert [each.why for each in count.loose] == ["The journal gives none.", UNSAID, NO_ARTICLE]


def test_options_marked_levels_and_pairs_of_siblings_are_counted() -> None:
    marked = single()
    marked["options"][1]["harm"] = "our-act"
    cases = [
        parse_case(data(marked, essay(), slug="one", level="recall", sibling_of="two")),
        parse_case(data(slug="two", sibling_of="one")),
        parse_case(data(slug="three")),
    ]

    count = count_bank(cases, FACTS)

    assert (count.wrong, dict(count.harmful)) == (9, {"our-act": 1})
    assert count.levels == {"recall": 2, "application": 2}
    assert count.siblings == 1
