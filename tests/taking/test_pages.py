"""The pages while answering, as a browser without script and as the script use them."""

import json

import pytest

from lms.attempts.models import Confidence
from lms.core.clock import utcnow
from lms.core.db import transaction
from lms.grading import tasks
from tests.attempts.factories import ALL_KINDS, choice_item, make_assignment, make_case, shown_place
from tests.attempts.sitting import YEARS, Sitting
from tests.factories import NOW, make_fellow
from tests.reading import place_of
from tests.taking.pages import Fellow, controls_in, fields_of


@pytest.fixture
def sitting(app, signed_in) -> Sitting:
    return Sitting(app, signed_in)


def test_a_whole_quiz_is_taken_without_a_script(app, signed_in) -> None:
    with app.app_context(), transaction():
        user = make_fellow()
        cases = [make_case(*ALL_KINDS), make_case(choice_item("last"))]
        assignment = make_assignment(user, cases=cases, closes_in=YEARS, due_in=YEARS)
        begin = f"/assignments/{assignment.id}/begin"
    fellow = Fellow(signed_in(user))

    assert begin in fellow.get("/home").text
    rules = fellow.get(begin).text
    assert "5 items, 30 min." in rules
    first = fellow.post(begin)
    assert first.status_code == 303
    case_url = first.location.split("#")[0]
    page = fellow.get(case_url)
    assert "Item 1" in page.text
    attempt_id = int(case_url.split("/")[2])
    with app.app_context():
        right = shown_place(attempt_id, 1, authored=1)

    after = fellow.post(
        case_url, **fields_of(page.text), answer_1=right, answer_3="100", flag_4="1", go="next"
    )

    assert after.status_code == 303
    assert after.location == f"/attempts/{attempt_id}/cases/2#case-title"
    again = fellow.get(case_url).text
    assert f'id="answer-1-{right}" name="answer-1" value="{right}" data-letter=' in again
    overview = fellow.get(f"/attempts/{attempt_id}").text
    assert "2 of 5 answered." in overview
    assert "3 of 5 not answered" in overview
    assert "1 flagged for review" in overview
    handed_in = fellow.post(f"/attempts/{attempt_id}/submit")
    assert handed_in.status_code == 303
    assert "Being graded" in fellow.get(place_of(handed_in)).text
    with app.app_context():
        tasks.grade(attempt_id)
    result = fellow.get(place_of(handed_in)).text
    assert "2 of 5. That is too few items for a share." in result
    assert '<p class="score">2 of 5</p>' in result
    assert "5 items, too few for a share" in fellow.get("/home").text


def test_continuing_leads_to_the_first_item_without_an_answer(sitting) -> None:
    sitting.fellow.send(f"{sitting.url}/items/1", tab="a", seq=1, controls={"answer": ["0"]})

    page = sitting.fellow.post(f"/assignments/{sitting.assignment_id}/begin")

    assert page.location == f"{sitting.url}/cases/1#item-2"


def test_what_is_wrong_is_said_at_the_field_and_the_rest_is_saved(sitting) -> None:
    page = sitting.fellow.post(
        f"{sitting.url}/cases/1", answer_1="0", answer_3="many", answer_4="naloxone"
    )

    assert page.status_code == 422
    assert 'id="item-3-error"' in page.text
    assert 'value="many"' in page.text
    assert "<title>Error:" in page.text
    assert 'id="error-summary" tabindex="-1" autofocus' in page.text
    assert sitting.answer(3) is None
    assert sitting.answer(4) == {"text": "naloxone"}


def test_what_is_set_back_on_a_page_with_an_error_counts(sitting) -> None:
    url = f"{sitting.url}/cases/1"
    sitting.fellow.post(url, answer_1="0", confidence_1="sure", go="stay")
    first = sitting.answer(1)
    shown = fields_of(sitting.case())
    bad = sitting.fellow.post(url, **shown, answer_1="2", confidence_1="guessing", answer_3="many")

    again = fields_of(bad.text)
    page = sitting.fellow.post(url, **again, answer_1="0", confidence_1="sure", answer_3="100")

    assert (bad.status_code, page.status_code) == (422, 303)
    assert json.loads(again["was-1"]) == {"answer": ["2"], "confidence": ["guessing"]}
    assert sitting.answer(1) == first
    assert sitting.row(1).confidence is Confidence.SURE


def test_a_page_with_an_error_counts_and_shows_what_it_has_saved(sitting) -> None:
    page = sitting.fellow.post(f"{sitting.url}/cases/1", answer_4="naloxone", answer_3="many")

    assert 'aria-label="1 of 4 items answered"' in page.text
    assert controls_in(page.text, 4) == {"answer": ["naloxone"]}


@pytest.mark.parametrize("forged", ["9", "-1", "x", "0' OR 1", "⁵"])
def test_a_forged_choice_is_refused_at_the_field(sitting, forged) -> None:
    page = sitting.fellow.post(f"{sitting.url}/cases/1", answer_1=forged)

    assert page.status_code == 422
    assert 'id="item-1-error"' in page.text
    assert sitting.answer(1) is None


def test_a_page_that_stood_open_does_not_undo_what_another_saved(sitting) -> None:
    old = sitting.fellow.get(f"{sitting.url}/cases/1").text
    sitting.fellow.send(f"{sitting.url}/items/4", tab="b", seq=1, controls={"answer": ["newer"]})

    page = sitting.fellow.post(f"{sitting.url}/cases/1", **fields_of(old), answer_3="100")

    assert page.status_code == 303
    assert sitting.answer(4) == {"text": "newer"}
    assert sitting.answer(3)["value"] == "100"


def test_sending_a_page_again_saves_nothing_twice(sitting) -> None:
    for _ in range(3):
        sitting.fellow.post(f"{sitting.url}/cases/1", answer_4="naloxone")

    assert sitting.events() == [({"text": "naloxone"}, False)]


def test_clearing_an_answer_and_a_flag_is_a_change(sitting) -> None:
    sitting.fellow.post(f"{sitting.url}/cases/1", answer_4="naloxone", flag_4="1")
    shown = fields_of(sitting.fellow.get(f"{sitting.url}/cases/1").text)

    sitting.fellow.post(f"{sitting.url}/cases/1", **shown, answer_4="")

    assert json.loads(shown["was-4"]) == {"answer": ["naloxone"], "flag": ["1"]}
    assert sitting.answer(4) is None
    assert "flagged for review" not in sitting.fellow.get(sitting.url).text


@pytest.mark.parametrize(
    ("go", "target"),
    [
        ("next", "#top"),
        ("back", "#top"),
        ("all", "#top"),
        ("leave", "/home#top"),
        ("3", "/cases/1#item-3"),
        ("99", "#top"),
        pytest.param("9" * 5000, "#top", id="more digits than a number may have"),
        ("²", "#top"),
    ],
)
def test_each_button_leads_where_it_says(sitting, go, target) -> None:
    page = sitting.fellow.post(f"{sitting.url}/cases/1", go=go)

    wanted = target if target == "/home#top" else sitting.url + target
    assert (page.status_code, page.location) == (303, wanted)


def test_one_item_can_be_posted_as_a_form(sitting) -> None:
    page = sitting.fellow.post(f"{sitting.url}/items/4", answer_4="naloxone")

    assert page.location == f"{sitting.url}/cases/1#item-4"
    assert sitting.answer(4) == {"text": "naloxone"}
    assert sitting.fellow.post(f"{sitting.url}/items/1", answer_1="77").status_code == 422
    assert sitting.fellow.post(f"{sitting.url}/items/0", answer_1="1").status_code == 404
    assert sitting.fellow.get(f"{sitting.url}/cases/9").status_code == 404


def test_a_typed_unit_is_shown_again_and_not_lost(sitting) -> None:
    sitting.fellow.send(
        f"{sitting.url}/items/3", tab="a", seq=1, controls={"answer": ["0.1 g/day"]}
    )
    page = sitting.fellow.get(f"{sitting.url}/cases/1").text

    sitting.fellow.post(
        f"{sitting.url}/cases/1",
        **fields_of(page),
        answer_3="0.1",
        unit_3="g/day",
        answer_4="naloxone",
    )

    assert controls_in(page, 3) == {"answer": ["0.1"], "unit": ["g/day"]}
    assert sitting.answer(3) == {"value": "0.1", "unit": "g/day"}
    assert len(sitting.events()) == 2


def test_a_packet_is_answered_with_when_it_was_saved_and_the_time_left(sitting) -> None:
    page = sitting.fellow.send(
        f"{sitting.url}/items/1", tab="a", seq=7, controls={"answer": ["2"], "flag": ["1"]}
    )

    reply = page.get_json()
    assert page.status_code == 200
    assert (reply["revision"], reply["other_tab"], reply["seq"]) == (1, False, 7)
    assert len(reply["saved_at"].split(":")) == 3
    left = (NOW + YEARS - utcnow()).total_seconds()
    assert reply["deadline_in"] == pytest.approx(left, abs=30)


def test_the_second_tab_is_told(sitting) -> None:
    url = f"{sitting.url}/items/4"
    sitting.fellow.send(url, tab="a", seq=1, controls={"answer": ["one"]})

    second = sitting.fellow.send(url, tab="b", seq=1, controls={"answer": ["two"]}).get_json()
    first = sitting.fellow.send(url, tab="a", seq=2, controls={"answer": ["three"]}).get_json()

    assert (second["other_tab"], second["revision"]) == (True, 2)
    assert (first["other_tab"], first["revision"]) == (True, 3)


@pytest.mark.parametrize(
    "packet",
    [
        {},
        {"tab": "a", "seq": 1},
        {"tab": "a", "seq": "1", "controls": {}},
        {"tab": "a", "seq": True, "controls": {}},
        {"tab": 1, "seq": 1, "controls": {}},
        {"tab": "a", "seq": 1.5, "controls": {}},
        {"tab": "a", "seq": 2**70, "controls": {}},
        {"tab": "a", "seq": 1, "age": -1, "controls": {}},
        {"tab": "a", "seq": 1, "age": "1", "controls": {}},
        {"tab": "", "seq": 1, "controls": {}},
        {"tab": "a", "seq": 1, "controls": None},
        {"tab": "a", "seq": 1, "controls": 3},
        {"tab": "a", "seq": 1, "controls": [["answer", "0"]]},
        {"tab": "a", "seq": 1, "controls": {"answer": "0"}},
        {"tab": "a", "seq": 1, "controls": {"answer": [0]}},
        {"tab": "a", "seq": 1, "controls": {"answer": ["99"]}},
        {"tab": "a", "seq": 1, "controls": {"answer": ["-1"]}},
        {"tab": "a", "seq": 1, "controls": {"answer": ["0", "1"]}},
        {"tab": "a", "seq": 1, "controls": {"answer": ["second"]}},
        {"tab": "a", "seq": 1, "controls": {"answer": ["9" * 5000]}},
        {"tab": "a", "seq": 1, "answer": {"chosen": 0}},
    ],
)
def test_a_packet_that_makes_no_sense_is_422(sitting, packet) -> None:
    page = sitting.fellow.send(f"{sitting.url}/items/1", **packet)

    assert page.status_code == 422
    assert page.get_json()["error"]
    assert sitting.events() == []


@pytest.mark.parametrize("data", [b"{", b"[" * 200_000], ids=["cut off", "without end"])
def test_a_packet_that_is_no_json_is_422(sitting, data) -> None:
    page = sitting.fellow.client.post(
        f"{sitting.url}/items/1",
        data=data,
        content_type="application/json",
        headers={"Accept": "application/json", "X-CSRFToken": sitting.fellow.token},
    )

    assert page.status_code == 422


def test_a_packet_after_handing_in_is_409_with_what_counts_and_kept_apart(sitting) -> None:
    url = f"{sitting.url}/items/4"
    sitting.fellow.send(url, tab="a", seq=1, controls={"answer": ["in time"]})
    sitting.fellow.post(f"{sitting.url}/submit")

    page = sitting.fellow.send(url, tab="a", seq=2, controls={"answer": ["late"]})

    assert page.status_code == 409
    assert page.get_json()["stored"] == {"answer": ["in time"]}
    assert page.get_json()["seq"] == 2
    assert sitting.events() == [({"text": "in time"}, False), ({"text": "late"}, True)]


def test_a_form_after_handing_in_is_kept_apart_and_leads_to_the_result(sitting) -> None:
    sitting.fellow.post(f"{sitting.url}/submit")

    page = sitting.fellow.post(f"{sitting.url}/cases/1", answer_4="late", answer_3="junk")

    assert place_of(page) == f"{sitting.url}/result"
    assert sitting.events() == [({"text": "late"}, True)]
    assert "too late" in sitting.fellow.get(place_of(page)).text


def test_a_packet_without_a_session_is_not_a_save(sitting) -> None:
    sitting.fellow.client.delete_cookie("session")

    page = sitting.fellow.send(f"{sitting.url}/items/4", tab="a", seq=1, controls={"answer": ["x"]})

    assert page.status_code in (401, 403)
    assert page.content_type == "application/json"
    assert sitting.answer(4) is None


def test_a_packet_with_a_stale_token_is_403(sitting) -> None:
    sitting.fellow.token = "stale"

    page = sitting.fellow.send(f"{sitting.url}/items/4", tab="a", seq=1, controls={"answer": ["x"]})

    assert page.status_code == 403
    assert page.content_type == "application/json"
    assert sitting.answer(4) is None
