"""Cases that unfold: what has not come is nowhere, and what has passed stands."""

from datetime import timedelta

import pytest

from lms.attempts.models import Attempt, AttemptState
from lms.core.clock import utcnow
from lms.core.db import db, transaction
from lms.core.errors import NotFound
from lms.grading import tasks
from lms.taking import saving
from tests.attempts.factories import SECRET, case_body, choice_item
from tests.attempts.kinds import SECOND, THIRD, unfolding
from tests.attempts.sitting import Sitting, sitting_at
from tests.factories import make_fellow
from tests.reading import place_of, words, words_of
from tests.taking.pages import fields_of


@pytest.fixture
def sitting(app, signed_in) -> Sitting:
    """Items 1 and 2, then 3 and 4, then 5; and item 6 of another case."""
    other = case_body(choice_item("other"), slug="other")
    return sitting_at(app, signed_in, unfolding(), other)


def go_on(sitting: Sitting, stages: int) -> None:
    """Answer and lock the first *stages*."""
    answers = ({"answer_1": "0", "answer_2": "60"}, {"answer_3": "1", "answer_4": "naloxone"})
    for first, answer in zip((1, 3), answers[:stages], strict=False):
        assert sitting.lock(first, **answer).status_code == 303


def everything_said(sitting: Sitting, *, blank: int) -> dict[str, str]:
    """Return the answers of every route to what is honest and what is forged.

    The item at *blank* gets no answer, so that its stage cannot be locked.
    """
    fellow, url = sitting.fellow, sitting.url
    begin = f"/assignments/{sitting.assignment_id}/begin"
    paths = ("/home", begin, url, f"{url}/cases/1", f"{url}/cases/2", f"{url}/status")
    said = {path: fellow.get(path).text for path in (*paths, f"{url}/result", "/progress")}
    for position in {*range(7)} - {blank}:
        for answer in ("0", "9", "x"):
            packet = sitting.save(position, tab=answer, answer=answer)
            form = fellow.post(f"{url}/items/{position}", **{f"answer_{position}": answer})
            said |= {f"{position} {answer}": packet.text, f"{position} {answer} form": form.text}
    for go in ("lock-1", "lock-3", "lock-5", "lock-x", "stay", "3", "5"):
        said[go] = fellow.post(f"{url}/cases/1", go=go, answer_5="x").text
    return said


def test_no_lock_has_the_place_of_next_and_its_confirmation_says_what_locks(sitting) -> None:
    page = sitting.case()
    bar = page.split('<nav class="bar"')[1].split("</nav>")[0]
    asked = page.partition("<details>")[2].partition("</details>")[0]

    assert [text for text in words_of(bar).split() if text in ("Next", "Lock")] == ["Next"]
    assert page.count('value="lock-1"') == asked.count('value="lock-1"') == 1
    assert "Items 1–2 lock: what is answered now stands, and cannot be changed" in words_of(asked)


@pytest.mark.parametrize(("stages", "secrets"), [(0, (SECOND, THIRD)), (1, (THIRD,))])
def test_nothing_of_a_later_stage_is_in_any_answer_before_the_lock(
    sitting, stages, secrets
) -> None:
    go_on(sitting, stages)

    said = everything_said(sitting, blank=2 + 2 * stages)

    found = [(where, word) for where, text in said.items() for word in secrets if word in text]
    assert found == []
    assert not [where for where, text in said.items() if SECRET in text]


def test_a_lock_lets_the_next_stage_appear_and_says_that_it_is_new(sitting) -> None:
    page = sitting.lock(1, answer_1="0", answer_2="60")
    text = sitting.case()

    assert page.location == f"{sitting.url}/cases/1#stage-new"
    assert f'Later {SECOND} <span class="tag info">New</span>' in text
    assert f"Results {SECOND}" in text
    assert text.count(">Locked<") == 2
    assert THIRD not in text


def test_the_navigator_and_the_overview_say_what_appears_later_and_what_is_locked(sitting) -> None:
    go_on(sitting, 1)

    page, overview = sitting.fellow.get(f"{sitting.url}/cases/1"), sitting.fellow.get(sitting.url)

    assert "5 , open, appears later" in words(page)
    assert "Item 1 , current, answered, locked" in words(page)
    assert 'name="go" value="5"' not in page.text
    assert "Item 5 , open, appears later" in words(overview)
    assert "Item 1 , answered, locked" in words(overview)


def test_continuing_leads_to_the_stage_that_is_to_be_locked(sitting) -> None:
    for position, answer in ((1, "0"), (2, "60"), (6, "0")):
        sitting.save(position, answer=answer)

    page = sitting.fellow.post(f"/assignments/{sitting.assignment_id}/begin")
    overview = sitting.fellow.get(sitting.url)

    assert page.location == f"{sitting.url}/cases/1#case-title"
    assert "Not answered: 3–5." in words(overview)
    assert "Back to item 1" in words(overview)
    assert "#item-3" not in overview.text


def kept(sitting: Sitting) -> object:
    """Return everything that a save could have changed."""
    rows = [sitting.row(position) for position in range(1, 7)]
    return len(sitting.events()), [
        (row.answer, row.revision, row.confidence, row.saved_at) for row in rows
    ]


@pytest.mark.parametrize("position", [1, 5], ids=["locked", "not reached"])
def test_a_forged_save_is_refused_and_changes_nothing(sitting, position) -> None:
    go_on(sitting, 1)
    before = kept(sitting)
    form = {f"answer_{position}": "2", f"confidence_{position}": "sure"}

    packet = sitting.save(position, answer="2", confidence="sure")
    single = sitting.fellow.post(f"{sitting.url}/items/{position}", **form)
    page = sitting.fellow.post(f"{sitting.url}/cases/1", **form)

    assert (packet.status_code, packet.get_json()["locked"]) == (409, True)
    assert packet.get_json()["stored"] == ({"answer": ["0"]} if position == 1 else {})
    assert single.status_code == 409
    assert page.status_code == (409 if position == 1 else 303)
    assert kept(sitting) == before


def test_a_page_from_before_the_lock_is_told_at_the_field_that_its_answer_stands(sitting) -> None:
    old = fields_of(sitting.case())
    go_on(sitting, 1)

    page = sitting.fellow.post(f"{sitting.url}/cases/1", **old, answer_1="3", answer_2="60")

    assert page.status_code == 409
    assert 'id="item-1-error"' in page.text
    assert 'id="answer-1-0" name="answer-1" value="0" data-letter="A" checked' in page.text
    assert sitting.row(1).revision == 1


def test_a_page_from_before_the_lock_does_not_empty_what_came_after_it(sitting) -> None:
    old = fields_of(sitting.case())
    go_on(sitting, 1)
    sitting.save(4, answer="naloxone")

    page = sitting.lock(1, **old, answer_1="0", answer_2="60")

    assert page.location == f"{sitting.url}/cases/1#stage-new"
    assert sitting.answer(4) == {"text": "naloxone"}


def test_after_the_end_nothing_tells_of_what_never_appeared(sitting) -> None:
    go_on(sitting, 1)
    sitting.fellow.post(f"{sitting.url}/submit")
    before = kept(sitting)

    packets = [sitting.save(position, tab="late", answer="x") for position in (1, 5)]

    assert [page.status_code for page in packets] == [409, 409]
    assert [page.get_json()["stored"] for page in packets] == [{"answer": ["0"]}, {}]
    assert kept(sitting) == before


def test_a_stage_is_locked_only_when_every_item_of_it_has_an_answer(sitting) -> None:
    page = sitting.lock(1, answer_2="60")

    assert page.status_code == 422
    assert 'id="item-1-error"' in page.text
    assert 'id="item-2-error"' not in page.text
    assert '<a href="#item-1">Item 1: Answer every item of this stage first' in page.text
    assert sitting.answer(2) == {"value": "60"}
    assert [sitting.row(position).locked_at for position in (1, 2)] == [None, None]


def test_what_is_set_back_on_the_page_of_an_open_stage_is_what_locks(sitting) -> None:
    sitting.save(2, answer="60")
    bad = sitting.lock(1, **fields_of(sitting.case()), answer_2="70")

    page = sitting.lock(1, **fields_of(bad.text), answer_1="0", answer_2="60")

    assert (bad.status_code, page.status_code) == (422, 303)
    assert sitting.answer(2) == {"value": "60"}
    assert sitting.row(2).locked_at is not None


def test_what_cannot_be_read_keeps_the_stage_open(sitting) -> None:
    page = sitting.lock(1, answer_1="0", answer_2="many")

    assert page.status_code == 422
    assert 'id="item-2-error"' in page.text
    assert sitting.row(1).locked_at is None


def test_a_double_click_locks_once_and_leads_to_the_new_stage_both_times(sitting) -> None:
    form = fields_of(sitting.case()) | {"answer_1": "0", "answer_2": "60"}
    first = sitting.lock(1, **form)
    locked_at = sitting.row(1).locked_at

    second = sitting.lock(1, **form)

    assert first.location == second.location == f"{sitting.url}/cases/1#stage-new"
    assert second.status_code == 303
    assert sitting.row(1).locked_at == locked_at
    assert sitting.row(3).locked_at is None


def test_the_last_stage_has_nothing_to_lock_and_can_be_changed_until_the_end(sitting) -> None:
    go_on(sitting, 2)

    assert "Save and continue" in sitting.case()
    sitting.lock(5, answer_5="0")
    sitting.save(5, answer="1")

    assert sitting.row(5).locked_at is None
    assert sitting.row(5).revision == 2


def test_the_enter_key_stays_with_the_case_and_locks_nothing(sitting) -> None:
    page = sitting.fellow.post(f"{sitting.url}/cases/1", go="stay", answer_1="0", answer_2="60")

    assert page.location == f"{sitting.url}/cases/1#case-title"
    assert sitting.row(1).locked_at is None


def test_other_cases_stay_open_whatever_is_locked(sitting) -> None:
    go_on(sitting, 2)

    assert sitting.save(6, answer="0").status_code == 200


def test_nobody_locks_for_another_and_nobody_after_the_end(sitting) -> None:
    sitting.save(1, answer="0")
    sitting.save(2, answer="60")
    with sitting.app.app_context(), transaction():
        stranger = make_fellow()
    with sitting.app.app_context(), pytest.raises(NotFound), transaction():
        saving.lock_stage(stranger, sitting.id, 1, now=utcnow())
    sitting.fellow.post(f"{sitting.url}/submit")

    page = sitting.lock(1)

    assert place_of(page) == f"{sitting.url}/result"
    assert sitting.row(1).locked_at is None


def test_when_the_bell_rings_what_never_appeared_is_graded_as_blank(sitting) -> None:
    right = sitting.place(1, authored=1)
    sitting.lock(1, answer_1=str(right), answer_2="100")
    sitting.change(Attempt, deadline_at=utcnow() - timedelta(minutes=1))

    with sitting.app.app_context():
        tasks.sweep()

    with sitting.app.app_context():
        attempt = db.session.get_one(Attempt, sitting.id)
    assert (attempt.state, attempt.score) == (AttemptState.GRADED, 3333)
    assert [sitting.credit_at(position) for position in range(1, 7)] == [1, 1, 0, 0, 0, 0]


def test_the_result_shows_every_stage_with_its_exhibits_and_reasons(sitting) -> None:
    text = words(sitting.result())

    for word in ("pelican", SECOND, THIRD):
        assert f"What is known then, {word}" in text
        assert f"Results {word}" in text
    assert text.count("Not answered") == 6
    assert "Why second of third-look" in text
