"""The end of the time, handing in, the result, and whose they are."""

import re
from datetime import timedelta
from fractions import Fraction

import pytest

from lms.attempts.models import Attempt, AttemptState
from lms.cases.models import CaseVersion
from lms.core.clock import utcnow
from lms.core.db import db, transaction
from lms.core.figures import say_score
from lms.quizzes.models import Assignment
from lms.taking.paper import ItemState as PaperMark
from lms.taking.paper import runs
from question_bank.scoring import EarnedCredit, score
from question_bank.terms import Feedback
from tests.attempts.factories import case_body, several_item
from tests.attempts.kinds import essay_item, panel_item
from tests.attempts.sitting import Sitting, sitting_at
from tests.factories import make_fellow
from tests.reading import place_of, words
from tests.taking.pages import Fellow


@pytest.fixture
def sitting(app, signed_in) -> Sitting:
    return Sitting(app, signed_in)


def main_buttons(page) -> list[str]:
    return re.findall(r'class="btn main"[^>]*>([^<]+)<', page.text)


def test_when_the_time_is_up_the_case_is_closed_and_nothing_changes_by_looking(sitting) -> None:
    sitting.change(Attempt, deadline_at=utcnow() - timedelta(seconds=1))

    case = sitting.fellow.get(f"{sitting.url}/cases/1")
    overview = sitting.fellow.get(sitting.url)

    assert place_of(case) == sitting.url
    assert "Time is up" in overview.text
    assert "/cases/1" not in overview.text
    assert sitting.state() is AttemptState.IN_PROGRESS


def test_the_end_of_the_grace_closes_the_door(sitting) -> None:
    url = f"{sitting.url}/items/4"
    sitting.change(Attempt, deadline_at=utcnow() - timedelta(seconds=5))
    within = sitting.fellow.send(url, tab="a", seq=1, controls={"answer": ["within"]})
    sitting.change(Attempt, deadline_at=utcnow() - timedelta(seconds=20))
    after = sitting.fellow.send(url, tab="a", seq=2, controls={"answer": ["after"]})

    assert (within.status_code, after.status_code) == (200, 409)
    assert within.get_json()["deadline_in"] < 0
    assert sitting.answer(4) == {"text": "within"}


def test_the_result_says_when_the_clock_handed_in(sitting) -> None:
    sitting.change(Attempt, deadline_at=utcnow() - timedelta(hours=1))

    page = sitting.fellow.post(f"{sitting.url}/submit")

    assert "when the time was up" in sitting.fellow.get(place_of(page)).text


def test_with_items_left_blank_the_way_back_is_the_main_button(sitting) -> None:
    sitting.save(1, answer="0")
    sitting.save(2, answer="0")

    page = sitting.fellow.get(sitting.url)

    assert main_buttons(page) == ["Back to item 3"]
    assert "Not answered: 3–4 ." in words(page)


def test_with_every_item_answered_handing_in_is_the_main_button(sitting) -> None:
    for position, answer in enumerate(["0", "0", "60", "naloxone"], start=1):
        sitting.save(position, answer=answer)

    page = sitting.fellow.get(sitting.url)

    assert main_buttons(page) == ["Hand in"]
    assert "stay blank" not in page.text


@pytest.mark.parametrize(
    ("positions", "found"),
    [
        pytest.param([], [], id="none"),
        pytest.param([3], [(3, 3)], id="one"),
        pytest.param([1, 2, 3, 5, 7, 8], [(1, 3), (5, 5), (7, 8)], id="some"),
    ],
)
def test_items_that_follow_one_another_are_one_run(positions, found) -> None:
    marks = [PaperMark(n, 1, 1, False, False, 0, False) for n in positions]

    assert [(first.position, last.position) for first, last in runs(marks)] == found


def test_handing_in_twice_leads_to_the_same_place(sitting) -> None:
    answers = [sitting.fellow.post(f"{sitting.url}/submit") for _ in range(3)]

    assert {(page.status_code, place_of(page)) for page in answers} == {
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
    assert place_of(sitting.fellow.get(f"{sitting.url}/result")) == sitting.url
    sitting.fellow.post(f"{sitting.url}/submit")

    assert place_of(sitting.fellow.get(f"{sitting.url}/cases/1")) == sitting.url
    assert place_of(sitting.fellow.get(sitting.url)) == f"{sitting.url}/result"


def test_a_flagged_attempt_says_so_without_losing_heart(sitting) -> None:
    sitting.fellow.post(f"{sitting.url}/submit")
    sitting.change(Attempt, flagged_at=utcnow())

    assert "could not be graded yet" in sitting.fellow.get(f"{sitting.url}/result").text


def test_the_result_shows_own_answer_key_and_reasons_in_the_order_seen(sitting) -> None:
    wrong, right = sitting.place(1, authored=0), sitting.place(1, authored=1)
    sitting.fellow.send(f"{sitting.url}/items/1", tab="a", seq=1, controls={"answer": [str(wrong)]})
    sitting.fellow.send(f"{sitting.url}/items/3", tab="a", seq=2, controls={"answer": ["60"]})
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


def test_the_interval_is_about_the_points_that_the_score_counts() -> None:
    heavy = EarnedCredit(Fraction(1), points=10, approach="a", topic="t")
    light = EarnedCredit(Fraction(0), points=1, approach="a", topic="t")

    said = say_score(score([heavy, *[light] * 9]))

    assert said == "10 of 19 points, 10 items (53%, 95% interval 26 to 78%)"


def test_below_ten_items_a_score_is_a_count() -> None:
    marks = [EarnedCredit(Fraction(1), points=1, approach="a", topic="t")] * 9

    few, enough = say_score(score(marks)), say_score(score([*marks, marks[0]]))

    assert few == "9 of 9. That is too few items for a share."
    assert enough == "10 of 10 (100%, 95% interval 72 to 100%)"


def test_before_the_quiz_closes_only_the_score_is_shown(app, signed_in) -> None:
    sitting = Sitting(app, signed_in, feedback=Feedback.CLOSED)
    sitting.fellow.send(f"{sitting.url}/items/4", tab="a", seq=1, controls={"answer": ["naloxone"]})
    sitting.fellow.post(f"{sitting.url}/submit")
    sitting.grade()

    before = sitting.fellow.get(f"{sitting.url}/result").text
    sitting.change(
        Assignment, closes_at=utcnow() - timedelta(hours=1), due_at=utcnow() - timedelta(hours=2),
        opens_at=utcnow() - timedelta(days=2), results_at=utcnow() - timedelta(minutes=1),
    )  # fmt: skip
    after = sitting.fellow.get(f"{sitting.url}/result").text

    assert "1 of 4. That is too few items for a share." in before
    assert "Answers and reasons follow" in before
    assert "zanzibar" not in before
    assert "zanzibar" in after


def test_home_names_what_is_done_and_leads_to_its_result_by_that_name(sitting) -> None:
    sitting.fellow.post(f"{sitting.url}/submit")
    before = sitting.fellow.get("/home")
    sitting.grade()
    after = sitting.fellow.get("/home")

    assert "<h2>Done</h2>" in after.text
    assert re.search(rf'<a href="{sitting.url}/result">[^<]+<span class="vh">: result<', after.text)
    assert "Being graded." in words(before)
    assert "Being graded." not in words(after)
    assert "4 items, too few for a share" in words(after)


def test_what_was_damaged_after_grading_is_not_said_to_be_left_out(app, signed_in) -> None:
    sitting = Sitting(app, signed_in)
    sitting.result()
    with app.app_context(), transaction():
        for version in db.session.scalars(db.select(CaseVersion)):
            version.body, version.content_hash = version.body | {"items": "gone"}, str(version.id)

    page = words(sitting.fellow.get(f"{sitting.url}/result"))

    assert "This case cannot be shown, since its version is damaged." in page
    assert "Left out of the score" not in page


def test_home_and_result_say_the_same_percent(app, signed_in) -> None:
    items = [several_item(f"item-{n}") for n in range(12)]
    sitting = sitting_at(app, signed_in, case_body(*items, slug="twelve"))
    sitting.save(1, answer=str(sitting.place(1, 0)))
    sitting.save(2, answer=str(sitting.place(2, 0)))
    result = sitting.result()

    share = re.search(r'<p class="score">(\d+)%</p>', result.text)
    assert share
    assert f"{share[1]}% of 12 items" in words(sitting.fellow.get("/home"))


def test_a_second_attempt_can_be_taken_if_allowed(app, signed_in) -> None:
    sitting = Sitting(app, signed_in, attempts_allowed=2)
    sitting.fellow.post(f"{sitting.url}/submit")
    sitting.grade()

    assert "Take again" in sitting.fellow.get("/home").text
    sitting.fellow.post(f"/assignments/{sitting.assignment_id}/begin")
    second = sitting.fellow.post(f"/assignments/{sitting.assignment_id}/begin")
    assert second.status_code == 303
    sitting.fellow.post(place_of(second).split("/cases")[0] + "/submit")
    assert sitting.fellow.post(f"/assignments/{sitting.assignment_id}/begin").status_code == 409


def test_where_the_time_is_up_the_rules_do_not_offer_to_continue(app, signed_in) -> None:
    sitting = Sitting(app, signed_in, attempts_allowed=2)
    rules = f"/assignments/{sitting.assignment_id}/begin"
    before = words(sitting.fellow.get(rules))
    sitting.change(Attempt, deadline_at=utcnow() - timedelta(seconds=20))

    after = words(sitting.fellow.get(rules))

    assert "Continue quiz" in before
    assert "Continue quiz" not in after
    assert "1 of 2 left" in after
    assert "Start quiz" in after


def test_an_attempt_set_aside_is_not_said_to_be_being_graded(app, signed_in) -> None:
    sitting = Sitting(app, signed_in)
    sitting.fellow.post(f"{sitting.url}/submit")
    sitting.change(Attempt, flagged_at=utcnow(), grade_tries=5)

    for page in ("/home", "/progress"):
        said = words(sitting.fellow.get(page))
        assert "It could not be graded yet; all answers are safe." in said
        assert "Being graded" not in said


def test_progress_says_what_waits_and_what_does_not_count(app, signed_in) -> None:
    essay = sitting_at(app, signed_in, case_body(essay_item(), slug="essays"))
    essay.save(1, answer="I would tell the patient plainly.")
    formative = sitting_at(app, signed_in, case_body(panel_item(), slug="a-panel"))
    for sitting in (essay, formative):
        sitting.result()

    waits, apart = (words(each.fellow.get("/progress")) for each in (essay, formative))

    assert "1 answer waits for marks." in waits
    assert "Formative: none of its items counts here." in apart
    assert "Nothing to score" not in waits + apart


def test_home_leads_back_to_a_second_attempt_that_runs(app, signed_in) -> None:
    sitting = Sitting(app, signed_in, attempts_allowed=2)
    sitting.result()
    sitting.fellow.post(f"/assignments/{sitting.assignment_id}/begin")

    home = words(sitting.fellow.get("/home"))

    assert "Continue quiz" in home
    assert "Nothing is due" not in home
    assert "Being graded" not in home


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
    packet = other.send(f"{sitting.url}/items/4", tab="a", seq=1, controls={"answer": ["x"]})
    assert packet.status_code == 404
    assert sitting.events() == []


def test_another_cohorts_quiz_is_not_there(sitting, signed_in, app) -> None:
    with app.app_context(), transaction():
        stranger = make_fellow()
    other = Fellow(signed_in(stranger))
    url = f"/assignments/{sitting.assignment_id}/begin"

    assert other.get(url).status_code == 404
    assert other.post(url).status_code == 404
