"""Every item type: answered by a form or a packet, stored as authored, shown again, reviewed."""

import json

import pytest

from tests.attempts.factories import case_body
from tests.attempts.kind_answers import ANSWERS
from tests.attempts.kinds import EVERY_KIND, POSITION, reasons_in
from tests.attempts.sitting import Sitting, sitting_at
from tests.reading import words
from tests.taking.pages import controls_in, fields_of

KEYS = list(ANSWERS)


@pytest.fixture
def sitting(app, signed_in) -> Sitting:
    return sitting_at(app, signed_in, case_body(*EVERY_KIND, slug="every-kind"), seed=5)


def controls_for(sitting: Sitting, key: str) -> dict[str, list[str]]:
    position = POSITION[key]
    return ANSWERS[key][0](lambda authored: str(sitting.place(position, authored)))


def posted(sitting: Sitting, *keys: str) -> dict[str, list[str]]:
    """Return the fields of the page's form for the answers to the items *keys*."""
    return {
        f"{name}-{POSITION[key]}": values
        for key in keys
        for name, values in controls_for(sitting, key).items()
    }


def test_the_options_of_some_are_shuffled_and_of_others_not(sitting) -> None:
    orders = {key: sitting.row(position).order for key, position in POSITION.items()}

    moved = {key for key, order in orders.items() if order != sorted(order)}
    fixed = {"which-nerve", "after-the-scan", "where-to-inject"}
    assert moved >= {"next-step", "drug-and-target", "in-which-order", "first-orders"}
    assert not moved & fixed
    assert [orders[key] for key in ("total-dose", "write-the-tests", "tell-the-patient")] == [
        []
    ] * 3


@pytest.mark.parametrize("key", KEYS)
def test_a_packet_is_stored_as_authored_and_shown_again_as_given(sitting, key) -> None:
    position, controls = POSITION[key], controls_for(sitting, key)
    url = f"{sitting.url}/items/{position}"

    page = sitting.fellow.send(url, tab="a", seq=1, controls=controls)

    assert (page.status_code, page.get_json()["revision"]) == (200, 1)
    assert sitting.answer(position) == ANSWERS[key][1]
    again = sitting.case()
    assert controls_in(again, position) == controls
    assert json.loads(fields_of(again)[f"was-{position}"]) == controls


def test_the_plain_form_keeps_all_of_them_and_sending_it_again_nothing_more(sitting) -> None:
    form = fields_of(sitting.case()) | posted(sitting, *KEYS)
    lines = form[f"answer-{POSITION['tell-the-patient']}"]
    lines[0] = lines[0].replace("\n", "\r\n")

    pages = [sitting.fellow.post(f"{sitting.url}/cases/1", **form) for _ in range(3)]

    assert {page.status_code for page in pages} == {303}
    for key, position in POSITION.items():
        assert sitting.answer(position) == ANSWERS[key][1], key
        assert controls_in(sitting.case(), position) == controls_for(sitting, key)
    assert len(sitting.events()) == len(EVERY_KIND)


def test_an_unchanged_page_undoes_nothing_that_another_saved(sitting) -> None:
    sitting.fellow.post(f"{sitting.url}/cases/1", **posted(sitting, *KEYS))
    old = sitting.case()
    for position in POSITION.values():
        sitting.save(position, tab="b")
    form = {
        f"{name}-{position}": [value.replace("\n", "\r\n") for value in values]
        for position in POSITION.values()
        for name, values in controls_in(old, position).items()
    }

    sitting.fellow.post(f"{sitting.url}/cases/1", **fields_of(old), **form)

    assert [sitting.answer(position) for position in POSITION.values()] == [None] * 12


FORGED: list[tuple[str, dict[str, list[str]]]] = [
    ("which-nerve", {"row.0": ["6"]}),
    ("which-nerve", {"row.1": ["Sciatic"]}),
    ("drug-and-target", {"row.0": ["-1"]}),
    ("in-which-order", {"rank.0": ["5"]}),
    ("in-which-order", {"rank.0": ["0"]}),
    ("in-which-order", {"rank.0": ["1", "2"]}),
    ("after-the-scan", {"answer": ["5"]}),
    ("after-the-scan", {"answer": ["0", "1"]}),
    ("first-orders", {"answer": ["6"]}),
    ("write-the-tests", {"entry.0": ["x" * 5000]}),
    ("where-to-inject", {"answer": ["3"]}),
    ("tell-the-patient", {"answer": ["word " * 2000]}),
    ("tell-the-patient", {"answer": ["a\x00b"]}),
]


@pytest.mark.parametrize(("key", "controls"), FORGED)
def test_what_a_type_does_not_offer_is_refused_at_the_field(sitting, key, controls) -> None:
    position = POSITION[key]
    form = {f"{name}-{position}": values for name, values in controls.items()}

    packet = sitting.fellow.send(
        f"{sitting.url}/items/{position}", tab="a", seq=1, controls=controls
    )
    page = sitting.fellow.post(f"{sitting.url}/cases/1", **form)

    assert (packet.status_code, page.status_code) == (422, 422)
    assert f'id="item-{position}-error"' in page.text
    assert sitting.events() == []


def test_credits_follow_the_types_rules(sitting) -> None:
    sitting.fellow.post(f"{sitting.url}/cases/1", **posted(sitting, *KEYS))
    sitting.result()

    earned = {key: sitting.credit_at(position) for key, position in POSITION.items()}
    assert earned == {key: answer[2] for key, answer in ANSWERS.items()}


@pytest.mark.parametrize("answered", [True, False], ids=["answered", "blank"])
def test_the_result_gives_the_reason_of_everything_that_could_be_answered(
    sitting, answered
) -> None:
    if answered:
        sitting.fellow.post(f"{sitting.url}/cases/1", **posted(sitting, *KEYS))

    text = words(sitting.result())

    reasons = [" ".join(each.split()) for item in EVERY_KIND for each in reasons_in(item)]
    assert len(reasons) == 47
    assert [each for each in reasons if each not in text] == []
    assert ("First I listen." in text) is answered
    assert text.count("Not answered") == (0 if answered else len(EVERY_KIND))


def test_the_result_says_the_own_answer_and_the_best_one_row_by_row(sitting) -> None:
    sitting.fellow.post(f"{sitting.url}/cases/1", **posted(sitting, *KEYS))

    text = words(sitting.result())

    assert "1 of 2 right" in text
    assert "A man with a numb sole. Your answer Median Best answer Sciatic" in text
    assert "Lidocaine Your answer Potassium Best answer Sodium" in text
    assert "2 of 3 neighboring steps in the right order" in text
    assert "Call for help Your place 3 Place 2" in text
    assert "Most frequent in the panel" in text
    assert "A choice that would harm the patient leaves the item without credit." in text
    assert "Written: mg level; potassium" in text
    assert "Waiting for a person to mark it" in text
