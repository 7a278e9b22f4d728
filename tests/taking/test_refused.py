"""What a page sends and cannot be taken is kept as it was typed, and said until it is mended."""

import pytest
from sqlalchemy import inspect, text

from lms.core.db import db
from tests.attempts.kinds import unfolding
from tests.attempts.sitting import Sitting, sitting_at
from tests.reading import words
from tests.taking.pages import fields_of

NUMBER, WORDS = 3, 4
"""Where the number and the few words are in a quiz of all kinds."""


@pytest.fixture
def sitting(app, signed_in) -> Sitting:
    return Sitting(app, signed_in)


def overview(sitting: Sitting) -> str:
    return words(sitting.fellow.get(sitting.url))


def kept(sitting: Sitting) -> list[tuple[str, str]]:
    """Return the tabs of what was refused, with what was typed."""
    with sitting.app.app_context():
        if "refused_answer" not in inspect(db.engine).get_table_names():
            return []
        rows = db.session.execute(text("SELECT tab, typed FROM refused_answer ORDER BY tab"))
        return [(row[0], row[1]) for row in rows]


def test_what_was_typed_and_refused_is_shown_until_an_answer_is_saved(sitting) -> None:
    sitting.save(NUMBER, 1, answer="100")

    refused = sitting.save(NUMBER, 2, answer="60 bananas")

    assert refused.status_code == 422
    page = words(sitting.fellow.get(f"{sitting.url}/cases/1"))
    assert "What was typed: “ 60 bananas ”" in page
    assert "What stands here now is what counts." in page
    assert sitting.answer(NUMBER)["value"] == "100"
    assert "Not saved What was typed last for this item could not be taken." in overview(sitting)

    sitting.save(NUMBER, 3, answer="60")

    assert "60 bananas" not in words(sitting.fellow.get(f"{sitting.url}/cases/1"))
    assert "Not saved" not in overview(sitting)


def test_all_items_and_the_handing_in_say_that_the_last_entry_was_not_taken(sitting) -> None:
    for position, control in ((1, "0"), (2, "0"), (NUMBER, "100"), (WORDS, "naloxone")):
        sitting.save(position, answer=control)
    assert "Every item is answered" in overview(sitting)

    sitting.save(NUMBER, 2, answer="60 bananas")

    page = overview(sitting)
    assert "Every item is answered" not in page
    assert "“ 60 bananas ”" in page
    assert "What was saved before counts." in page
    assert "answered, last entry not saved" in page
    assert "Not saved, and not handed in: what was typed last for item 3 ." in page


def test_a_form_without_a_script_leaves_the_same_trace(sitting) -> None:
    sitting.fellow.post(f"{sitting.url}/cases/1", answer_3="60 bananas")

    assert "“ 60 bananas ”" in overview(sitting)
    assert "It is still without an answer." in overview(sitting)


@pytest.mark.parametrize("by", ["the page of the case", "the form of the item"])
def test_an_entry_that_is_set_back_to_what_is_saved_was_not_refused_last(sitting, by: str) -> None:
    sitting.save(NUMBER, answer="100")
    page = f"{sitting.url}/cases/1"
    url = f"{sitting.url}/items/{NUMBER}" if by == "the form of the item" else page
    refused = sitting.fellow.post(page, **fields_of(sitting.case()), answer_3="60 bananas")

    set_back = sitting.fellow.post(url, **fields_of(refused.text), answer_3="100")

    assert set_back.status_code == 303
    assert "60 bananas" not in overview(sitting)
    assert sitting.answer(NUMBER)["value"] == "100"


def test_of_a_response_the_newest_of_each_of_three_pages_is_kept(sitting) -> None:
    for seq, tab in enumerate("aabcdd", start=1):
        sitting.save(NUMBER, seq, tab=tab, answer=f"{seq} bananas")

    assert kept(sitting) == [("b", "3 bananas"), ("c", "4 bananas"), ("d", "6 bananas")]
    assert "“ 6 bananas ”" in overview(sitting)


@pytest.mark.parametrize("ending", ["\0", "\ud800", "é" * 9000])
def test_what_is_kept_is_what_a_database_can_hold(sitting, ending: str) -> None:
    refused = sitting.save(WORDS, answer=f"1 {ending}")

    assert refused.status_code == 422
    ((_, typed),) = kept(sitting)
    assert typed.startswith("1 ")
    assert len(typed.encode()) <= 8192
    assert "could not be taken" in overview(sitting)


@pytest.mark.parametrize("typed", ["60\0 mg", "60\ud800"])
def test_a_number_with_a_broken_character_is_kept_with_the_reason(sitting, typed: str) -> None:
    refused = sitting.save(NUMBER, answer=typed)

    assert refused.status_code == 422
    assert [entry[:2] for _, entry in kept(sitting)] == ["60"]
    assert "could not be taken" in overview(sitting)


def test_what_comes_too_late_and_cannot_be_taken_is_kept_too(sitting) -> None:
    sitting.fellow.post(f"{sitting.url}/submit")

    sitting.save(NUMBER, answer="60 bananas")

    assert kept(sitting) == [("a", "60 bananas")]


@pytest.fixture
def at_the_second_stage(app, signed_in) -> Sitting:
    """A fellow who has locked items 1 and 2 of a case, sees 3 and 4, and will see 5."""
    sitting = sitting_at(app, signed_in, unfolding())
    sitting.save(1, answer="0")
    sitting.save(2, answer="100")
    sitting.lock(1)
    return sitting


def test_an_answer_to_a_locked_stage_is_kept_and_one_to_a_stage_that_has_not_come_is_not(
    at_the_second_stage,
) -> None:
    at_the_second_stage.save(2, tab="b", answer="120")
    at_the_second_stage.save(5, tab="b", answer="1")

    assert kept(at_the_second_stage) == [("b", "120")]
    assert "its stage is locked. What was saved before counts." in overview(at_the_second_stage)


def test_an_answer_to_a_locked_stage_that_comes_after_the_handing_in_is_kept_as_the_page_is_told(
    at_the_second_stage,
) -> None:
    at_the_second_stage.fellow.post(f"{at_the_second_stage.url}/submit")

    told = at_the_second_stage.save(2, tab="b", answer="120")
    at_the_second_stage.save(5, tab="b", answer="1")

    assert told.status_code == 409
    assert "is kept apart" in told.json["error"]
    assert told.json["stored"] == {"answer": ["100"]}
    assert kept(at_the_second_stage) == [("b", "120")]


def test_what_a_form_sends_of_a_locked_stage_after_the_handing_in_is_kept_too(
    at_the_second_stage,
) -> None:
    at_the_second_stage.fellow.post(f"{at_the_second_stage.url}/submit")

    at_the_second_stage.fellow.post(f"{at_the_second_stage.url}/cases/1", answer_2="120")

    assert [typed for _, typed in kept(at_the_second_stage)] == ["120"]


def test_a_locked_stage_that_is_sent_what_it_has_keeps_nothing_beside(at_the_second_stage) -> None:
    at_the_second_stage.save(2, tab="b", answer="100")

    assert kept(at_the_second_stage) == []
