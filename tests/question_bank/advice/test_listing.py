"""Advice says what is missing and what is wrong, where, and whether it blocks publishing."""

from question_bank.advice.listing import advise
from tests.question_bank.advice.bodies import KNOWN, draft, option

ITEM = "stages/s1/items/i1"


def test_there_is_nothing_to_say_of_a_draft_that_is_not_begun() -> None:
    assert advise({}, KNOWN).entries == ()
    assert advise({"stages": [{"#": "s1", "text": "", "items": []}]}, KNOWN).entries == ()


def test_an_option_without_a_reason_is_told_by_its_letter() -> None:
    found = advise(draft(option("o1", "Rest", why="x"), option("o2", "Walk")), KNOWN)

    (advice,) = found.at(f"{ITEM}/options/o2/why")

    assert (advice.kind, advice.place) == ("bad", "Item 1, option B, reason")
    assert advice.sentence == "No reason yet. A fellow who chooses B would learn nothing."


def test_the_letter_counts_the_rows_of_the_page_that_are_still_empty() -> None:
    found = advise(draft(option("o1"), option("o2", "Walk")), KNOWN)

    assert [each.place for each in found.at(f"{ITEM}/options/o2/why")] == [
        "Item 1, option B, reason"
    ]


def test_options_are_compared_once_all_have_a_text() -> None:
    twice = [option("o1", "Rest"), option("o2", "Rest")]
    open_too = [*twice, option("o3", "", why="It would be tempting.")]

    assert "L16" in {each.rule for each in advise(draft(*twice), KNOWN).entries}
    assert "L16" not in {each.rule for each in advise(draft(*open_too), KNOWN).entries}


def test_of_a_blank_field_it_is_said_once_that_it_is_blank() -> None:
    found = advise(draft(option("o1", "Rest"), lead_in=""), KNOWN)

    assert [each.rule for each in found.at(f"{ITEM}/lead_in")] == [""]


def test_an_article_without_its_doi_is_told_at_the_source() -> None:
    source = {"#": "r1", "authors": "Roe J", "title": "Moving", "source": "J Mov 2020;1(1)"}

    (advice,) = advise({"references": [source]}, KNOWN).at("references/r1/doi")

    assert (advice.rule, advice.level, advice.place) == ("L36", "W", "Source 1, DOI")


def test_what_blocks_comes_first_and_is_counted() -> None:
    found = advise(draft(option("o1", "Take .5 mg of Lyrica")), KNOWN)

    levels = [each.level for each in found.entries]

    assert levels == sorted(levels, key="EWI".index)
    assert found.blocking == levels.count("E") > 0


def test_items_are_counted_over_all_stages() -> None:
    body = draft(option("o1", "Rest"))
    second = {"#": "s2", "text": "He takes .5 mg.", "items": [{"#": "i2", "lead_in": "Why ?"}]}
    body["stages"].append(second)

    found = advise(body, KNOWN)

    assert {each.place for each in found.at("stages/s2/text")} == {"Stage 2, story"}
    assert {each.place for each in found.at("stages/s2/items/i2/lead_in")} == {
        "Stage 2, item 2, lead-in"
    }
