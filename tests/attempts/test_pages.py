"""The pages, as a browser without script and as the script use them."""

import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from lms.attempts import services, tasks
from lms.attempts.models import Attempt, AttemptState, Response, ResponseEvent
from lms.core.clock import utcnow
from lms.core.db import db, transaction
from lms.quizzes.models import Assignment, Feedback
from tests.attempts.factories import (
    ALL_KINDS,
    answer_of,
    choice_item,
    make_assignment,
    make_case,
    shown_place,
)
from tests.attempts.pages import Fellow, fields_of
from tests.factories import NOW, make_fellow

SignIn = Callable[..., FlaskClient]

YEARS = timedelta(days=20000)


class Sitting:
    """A fellow with a running attempt that lasts for years, since pages ask the real clock."""

    def __init__(self, app: Flask, signed_in: SignIn, **terms) -> None:
        self.app = app
        with app.app_context(), transaction():
            self.user = make_fellow()
            terms = {"closes_in": YEARS, "due_in": YEARS, "time_limit": None} | terms
            assignment = make_assignment(self.user, **terms)
            attempt = services.start_attempt(self.user, assignment.id, now=NOW, seed=4)
            self.id, self.assignment_id = attempt.id, assignment.id
        self.fellow = Fellow(signed_in(self.user))
        self.url = f"/attempts/{self.id}"

    def place(self, position: int, authored: int) -> int:
        with self.app.app_context():
            return shown_place(self.id, position, authored)

    def answer(self, position: int):
        with self.app.app_context():
            return answer_of(self.id, position)

    def change(self, table, **values) -> None:
        ids = {Attempt: self.id, Assignment: self.assignment_id}
        with self.app.app_context(), transaction():
            db.session.execute(db.update(table).where(table.id == ids[table]).values(**values))

    def grade(self) -> None:
        with self.app.app_context():
            tasks.grade(self.id)

    def state(self) -> AttemptState:
        with self.app.app_context():
            return db.session.get_one(Attempt, self.id).state

    def events(self) -> list[tuple[object, bool]]:
        with self.app.app_context():
            rows = db.session.execute(
                db.select(ResponseEvent.answer, ResponseEvent.late)
                .join(Response, Response.id == ResponseEvent.response_id)
                .where(Response.attempt_id == self.id)
                .order_by(ResponseEvent.received_at)
            )
            return [tuple(row) for row in rows]


@pytest.fixture
def sitting(app: Flask, signed_in: SignIn) -> Sitting:
    return Sitting(app, signed_in)


# Without a script


def test_a_whole_quiz_is_taken_without_a_script(app, signed_in) -> None:
    with app.app_context(), transaction():
        user = make_fellow()
        cases = [make_case(*ALL_KINDS), make_case(choice_item("last"))]
        assignment = make_assignment(user, cases=cases, closes_in=YEARS, due_in=YEARS)
        begin = f"/assignments/{assignment.id}/begin"
    fellow = Fellow(signed_in(user))

    assert begin in fellow.get("/home").text
    rules = fellow.get(begin).text
    assert "5 items, 30 minutes." in rules
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
    assert after.location == f"/attempts/{attempt_id}/cases/2"
    again = fellow.get(case_url).text
    assert f'id="answer-1-{right}" name="answer-1" value="{right}" data-letter=' in again
    overview = fellow.get(f"/attempts/{attempt_id}").text
    assert "2 of 5 answered." in overview
    assert "3 of 5 not answered" in overview
    assert "1 flagged for review" in overview
    handed_in = fellow.post(f"/attempts/{attempt_id}/submit")
    assert handed_in.status_code == 303
    assert "Being graded" in fellow.get(handed_in.location).text
    with app.app_context():
        tasks.grade(attempt_id)
    result = fellow.get(handed_in.location).text
    assert "2 of 5 (40%, likely range 12 to 77%)" in result
    assert "40%" in fellow.get("/home").text


def test_continuing_leads_to_the_first_item_without_an_answer(sitting) -> None:
    sitting.fellow.send(f"{sitting.url}/items/1", tab="a", seq=1, answer={"chosen": 0})

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
    assert sitting.answer(3) is None
    assert sitting.answer(4) == {"text": "naloxone"}


@pytest.mark.parametrize("forged", ["9", "-1", "x", "0' OR 1", "⁵"])
def test_a_forged_choice_is_refused_at_the_field(sitting, forged) -> None:
    page = sitting.fellow.post(f"{sitting.url}/cases/1", answer_1=forged)

    assert page.status_code == 422
    assert 'id="item-1-error"' in page.text
    assert sitting.answer(1) is None


def test_a_page_that_stood_open_does_not_undo_what_another_saved(sitting) -> None:
    old = sitting.fellow.get(f"{sitting.url}/cases/1").text
    sitting.fellow.send(f"{sitting.url}/items/4", tab="b", seq=1, answer={"text": "newer"})

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

    assert json.loads(shown["was-4"]) == {"answer": {"text": "naloxone"}, "flagged": True}
    assert sitting.answer(4) is None
    assert "flagged for review" not in sitting.fellow.get(sitting.url).text


@pytest.mark.parametrize(
    ("go", "target"),
    [
        ("next", ""),
        ("back", ""),
        ("all", ""),
        ("leave", "/home"),
        ("3", "/cases/1#item-3"),
        ("99", ""),
        ("²", ""),
    ],
)
def test_each_button_leads_where_it_says(sitting, go, target) -> None:
    page = sitting.fellow.post(f"{sitting.url}/cases/1", go=go)

    wanted = target if target == "/home" else sitting.url + target
    assert (page.status_code, page.location) == (303, wanted)


def test_one_item_can_be_posted_as_a_form(sitting) -> None:
    page = sitting.fellow.post(f"{sitting.url}/items/4", answer_4="naloxone")

    assert page.location == f"{sitting.url}/cases/1#item-4"
    assert sitting.answer(4) == {"text": "naloxone"}
    assert sitting.fellow.post(f"{sitting.url}/items/1", answer_1="77").status_code == 422
    assert sitting.fellow.post(f"{sitting.url}/items/0", answer_1="1").status_code == 404
    assert sitting.fellow.get(f"{sitting.url}/cases/9").status_code == 404


# The script's packets


def test_a_packet_is_answered_with_when_it_was_saved_and_the_time_left(sitting) -> None:
    page = sitting.fellow.send(
        f"{sitting.url}/items/1", tab="a", seq=7, answer={"chosen": 2}, flagged=True
    )

    reply = page.get_json()
    assert page.status_code == 200
    assert (reply["revision"], reply["other_tab"], reply["seq"]) == (1, False, 7)
    assert len(reply["saved_at"].split(":")) == 3
    left = (NOW + YEARS - utcnow()).total_seconds()
    assert reply["deadline_in"] == pytest.approx(left, abs=30)


def test_the_second_tab_is_told(sitting) -> None:
    url = f"{sitting.url}/items/4"
    sitting.fellow.send(url, tab="a", seq=1, answer={"text": "one"})

    second = sitting.fellow.send(url, tab="b", seq=1, answer={"text": "two"}).get_json()
    first = sitting.fellow.send(url, tab="a", seq=2, answer={"text": "three"}).get_json()

    assert (second["other_tab"], second["revision"]) == (True, 2)
    assert (first["other_tab"], first["revision"]) == (True, 3)


@pytest.mark.parametrize(
    "packet",
    [
        {},
        {"tab": "a", "seq": 1},
        {"tab": "a", "seq": "1", "answer": None},
        {"tab": "a", "seq": True, "answer": None},
        {"tab": 1, "seq": 1, "answer": None},
        {"tab": "a", "seq": 1.5, "answer": None},
        {"tab": "a", "seq": 2**70, "answer": None},
        {"tab": "", "seq": 1, "answer": None},
        {"tab": "a", "seq": 1, "answer": {"chosen": 99}},
        {"tab": "a", "seq": 1, "answer": {"chosen": None}},
        {"tab": "a", "seq": 1, "answer": {"chosen": {}}},
        {"tab": "a", "seq": 1, "answer": 3},
    ],
)
def test_a_packet_that_makes_no_sense_is_422(sitting, packet) -> None:
    page = sitting.fellow.send(f"{sitting.url}/items/1", **packet)

    assert page.status_code == 422
    assert page.get_json()["error"]
    assert sitting.events() == []


def test_a_packet_that_is_no_json_is_422(sitting) -> None:
    page = sitting.fellow.client.post(
        f"{sitting.url}/items/1",
        data=b"{",
        content_type="application/json",
        headers={"Accept": "application/json", "X-CSRFToken": sitting.fellow.token},
    )

    assert page.status_code == 422


def test_a_packet_after_handing_in_is_409_with_what_counts_and_kept_apart(sitting) -> None:
    url = f"{sitting.url}/items/4"
    sitting.fellow.send(url, tab="a", seq=1, answer={"text": "in time"})
    sitting.fellow.post(f"{sitting.url}/submit")

    page = sitting.fellow.send(url, tab="a", seq=2, answer={"text": "late"})

    assert page.status_code == 409
    assert page.get_json()["stored"] == {"text": "in time"}
    assert page.get_json()["seq"] == 2
    assert sitting.events() == [({"text": "in time"}, False), ({"text": "late"}, True)]


def test_a_form_after_handing_in_is_kept_apart_and_leads_to_the_result(sitting) -> None:
    sitting.fellow.post(f"{sitting.url}/submit")

    page = sitting.fellow.post(f"{sitting.url}/cases/1", answer_4="late", answer_3="junk")

    assert page.location == f"{sitting.url}/result"
    assert sitting.events() == [({"text": "late"}, True)]
    assert "too late" in sitting.fellow.get(page.location).text


def test_a_packet_without_a_session_is_not_a_save(sitting) -> None:
    sitting.fellow.client.delete_cookie("session")

    page = sitting.fellow.send(f"{sitting.url}/items/4", tab="a", seq=1, answer={"text": "x"})

    assert page.status_code in (401, 403)
    assert page.content_type == "application/json"
    assert sitting.answer(4) is None


def test_a_packet_with_a_stale_token_is_403(sitting) -> None:
    sitting.fellow.token = "stale"

    page = sitting.fellow.send(f"{sitting.url}/items/4", tab="a", seq=1, answer={"text": "x"})

    assert page.status_code == 403
    assert page.content_type == "application/json"
    assert sitting.answer(4) is None


# Time


def test_when_the_time_is_up_the_case_is_closed_and_nothing_changes_by_looking(sitting) -> None:
    sitting.change(Attempt, deadline_at=utcnow() - timedelta(seconds=1))

    case = sitting.fellow.get(f"{sitting.url}/cases/1")
    overview = sitting.fellow.get(sitting.url)

    assert case.location == sitting.url
    assert "Time is up" in overview.text
    assert "/cases/1" not in overview.text
    assert sitting.state() is AttemptState.IN_PROGRESS


def test_the_end_of_the_grace_closes_the_door(sitting) -> None:
    url = f"{sitting.url}/items/4"
    sitting.change(Attempt, deadline_at=utcnow() - timedelta(seconds=5))
    within = sitting.fellow.send(url, tab="a", seq=1, answer={"text": "within"})
    sitting.change(Attempt, deadline_at=utcnow() - timedelta(seconds=20))
    after = sitting.fellow.send(url, tab="a", seq=2, answer={"text": "after"})

    assert (within.status_code, after.status_code) == (200, 409)
    assert within.get_json()["deadline_in"] < 0
    assert sitting.answer(4) == {"text": "within"}


def test_the_result_says_when_the_clock_handed_in(sitting) -> None:
    sitting.change(Attempt, deadline_at=utcnow() - timedelta(hours=1))

    page = sitting.fellow.post(f"{sitting.url}/submit")

    assert "when the time was up" in sitting.fellow.get(page.location).text


# Handing in and the result


def test_handing_in_twice_leads_to_the_same_place(sitting) -> None:
    answers = [sitting.fellow.post(f"{sitting.url}/submit") for _ in range(3)]

    assert {(page.status_code, page.location) for page in answers} == {
        (303, f"{sitting.url}/result")
    }


def test_the_status_follows_the_attempt(sitting) -> None:
    states = [sitting.fellow.get(f"{sitting.url}/status").get_json()["state"]]
    sitting.fellow.post(f"{sitting.url}/submit")
    states.append(sitting.fellow.get(f"{sitting.url}/status").get_json()["state"])
    sitting.grade()
    states.append(sitting.fellow.get(f"{sitting.url}/status").get_json()["state"])

    assert states == ["in_progress", "submitted", "graded"]


def test_pages_of_a_closed_attempt_lead_to_its_result(sitting) -> None:
    assert sitting.fellow.get(f"{sitting.url}/result").location == sitting.url
    sitting.fellow.post(f"{sitting.url}/submit")

    assert sitting.fellow.get(f"{sitting.url}/cases/1").location == sitting.url
    assert sitting.fellow.get(sitting.url).location == f"{sitting.url}/result"


def test_a_flagged_attempt_says_so_without_losing_heart(sitting) -> None:
    sitting.fellow.post(f"{sitting.url}/submit")
    sitting.change(Attempt, flagged_at=utcnow())

    assert "could not be graded yet" in sitting.fellow.get(f"{sitting.url}/result").text


def test_the_result_shows_own_answer_key_and_reasons_in_the_order_seen(sitting) -> None:
    wrong, right = sitting.place(1, authored=0), sitting.place(1, authored=1)
    sitting.fellow.send(f"{sitting.url}/items/1", tab="a", seq=1, answer={"chosen": wrong})
    sitting.fellow.send(f"{sitting.url}/items/3", tab="a", seq=2, answer={"value": "60"})
    sitting.fellow.post(f"{sitting.url}/submit")
    sitting.grade()

    page = sitting.fellow.get(f"{sitting.url}/result").text

    letters = "ABCD"
    assert f"You chose {letters[wrong]}. Best answer: {letters[right]}" in page
    assert "You wrote 60" in page
    assert "Not answered. Best answer: naloxone" in page
    assert "Not answered. Best answers:" in page
    assert "Arithmetic zanzibar" in page
    assert "https://doi.org/10.15585/mmwr.rr7103a1" in page
    assert "Carry away" in page
    texts = [page.index(f">next-step {word}<") for word in ("first", "second")]
    assert (texts[0] < texts[1]) is (wrong < right)


def test_before_the_quiz_closes_only_the_score_is_shown(app, signed_in) -> None:
    sitting = Sitting(app, signed_in, feedback=Feedback.CLOSED)
    sitting.fellow.send(f"{sitting.url}/items/4", tab="a", seq=1, answer={"text": "naloxone"})
    sitting.fellow.post(f"{sitting.url}/submit")
    sitting.grade()

    before = sitting.fellow.get(f"{sitting.url}/result").text
    sitting.change(
        Assignment, closes_at=utcnow() - timedelta(hours=1), due_at=utcnow() - timedelta(hours=2),
        opens_at=utcnow() - timedelta(days=2),
    )  # fmt: skip
    after = sitting.fellow.get(f"{sitting.url}/result").text

    assert "1 of 4 (25%" in before
    assert "Answers and reasons follow" in before
    assert "zanzibar" not in before
    assert "zanzibar" in after


def test_a_second_attempt_can_be_taken_if_allowed(app, signed_in) -> None:
    sitting = Sitting(app, signed_in, attempts_allowed=2)
    sitting.fellow.post(f"{sitting.url}/submit")
    sitting.grade()

    assert "Take again" in sitting.fellow.get("/home").text
    sitting.fellow.post(f"/assignments/{sitting.assignment_id}/begin")
    second = sitting.fellow.post(f"/assignments/{sitting.assignment_id}/begin")
    assert second.status_code == 303
    sitting.fellow.post(second.location.split("/cases")[0] + "/submit")
    assert sitting.fellow.post(f"/assignments/{sitting.assignment_id}/begin").status_code == 409


# Whose


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", ""),
        ("GET", "/cases/1"),
        ("POST", "/cases/1"),
        ("POST", "/items/1"),
        ("POST", "/submit"),
        ("GET", "/result"),
        ("GET", "/status"),
    ],
)
def test_another_fellows_attempt_is_not_there(sitting, signed_in, app, method, path) -> None:
    with app.app_context(), transaction():
        stranger = make_fellow()
    other = Fellow(signed_in(stranger))

    url = sitting.url + path
    page = other.get(url) if method == "GET" else other.post(url, answer_1="0")

    assert page.status_code == 404
    assert sitting.state() is AttemptState.IN_PROGRESS
    packet = other.send(f"{sitting.url}/items/4", tab="a", seq=1, answer={"text": "x"})
    assert packet.status_code == 404
    assert sitting.events() == []


def test_another_cohorts_quiz_is_not_there(sitting, signed_in, app) -> None:
    with app.app_context(), transaction():
        stranger = make_fellow()
    other = Fellow(signed_in(stranger))
    url = f"/assignments/{sitting.assignment_id}/begin"

    assert other.get(url).status_code == 404
    assert other.post(url).status_code == 404


def test_a_typed_unit_is_shown_again_and_not_lost(sitting) -> None:
    sitting.fellow.send(f"{sitting.url}/items/3", tab="a", seq=1, answer={"value": "0.1 g/day"})
    page = sitting.fellow.get(f"{sitting.url}/cases/1").text

    sitting.fellow.post(
        f"{sitting.url}/cases/1", **fields_of(page), answer_3="0.1 g/day", answer_4="naloxone"
    )

    assert 'value="0.1 g/day"' in page
    assert sitting.answer(3) == {"value": "0.1", "unit": "g/day"}
    assert len(sitting.events()) == 2
