"""The player in a real browser: what its script promises."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import Route, expect
from sqlalchemy import update

from lms.attempts.models import Attempt, AttemptState, SubmittedBy
from lms.core.clock import utcnow
from lms.core.db import db, transaction
from lms.program.models import Accommodation
from lms.quizzes.models import Assignment, Quiz
from tests.attempts.sitting import Sitting
from tests.factories import NOW
from tests.services import wait_for
from tests.taking.player import choose, close_unsent, enter, kept_locally, leave, open_case, saved

DAY = timedelta(days=1)

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.fixture
def sitting(app: Flask, signed_in) -> Sitting:
    return Sitting(app, signed_in)


def test_a_choice_is_saved_at_once_and_shown_in_the_rail(page, sitting) -> None:
    choose(page, 1, 2)

    saved(page)
    expect(page.locator('[data-chip="1"]')).to_have_class(re.compile("answered"))
    expect(page.locator("[data-progress]")).to_have_js_property("value", 1)
    assert sitting.answer(1) is not None
    assert kept_locally(page) == []
    page.reload()
    expect(page.locator("#answer-1-2")).to_be_checked()


def test_what_is_answered_before_the_script_has_come_is_saved_when_it_has(page, sitting) -> None:
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/player.js", hold)
    page.reload(wait_until="commit")
    choose(page, 1, 2)
    page.locator("#answer-3").fill("60")
    assert sitting.answer(1) is None

    for each in held:
        each.continue_()

    wait_for(lambda: sitting.answer(1) and sitting.answer(3), "both answers", 10)
    expect(page.locator("[data-save]")).to_have_attribute("data-state", "saved")
    assert sitting.answer(2) is None


@pytest.mark.parametrize("width", [390, 320])
def test_on_a_phone_place_save_state_and_clock_share_a_row(page, sitting, width) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    sitting.change(Attempt, deadline_at=utcnow() + timedelta(hours=2))
    page.reload()

    def one_row() -> bool:
        return page.locator(".player-bar").bounding_box()["height"] < 70

    assert one_row()
    choose(page, 1, 2)
    saved(page)
    assert one_row()


@pytest.mark.parametrize("width", [390, 320])
def test_who_has_more_time_reads_of_it_in_the_same_row(page, sitting, width) -> None:
    with sitting.app.app_context(), transaction():
        db.session.add(
            Accommodation(
                fellow_id=sitting.user.id, percent=200, days=0, starts_on=NOW.date() - DAY,
                reason="-", granted_by=sitting.user.id, granted_at=NOW,
            )
        )  # fmt: skip
    sitting.change(Attempt, deadline_at=utcnow() + timedelta(hours=2))
    sitting.change(Assignment, time_limit=30)
    page.set_viewport_size({"width": width, "height": 800})

    page.reload()
    choose(page, 1, 2)
    saved(page)

    expect(page.get_by_text("60 min (30 × 2)")).to_be_visible()
    assert page.locator(".player-bar").bounding_box()["height"] < 70


def test_the_longest_title_takes_no_second_row_from_the_case(page, sitting) -> None:
    with sitting.app.app_context(), transaction():
        db.session.execute(update(Quiz).values(title="Anesthesia of the region " * 8))
    page.set_viewport_size({"width": 1024, "height": 800})

    page.reload()

    assert page.locator(".player-bar").bounding_box()["height"] < 70
    expect(page.locator(".player-quiz")).to_contain_text("of the region Anesthesia")


def test_typing_is_saved_after_a_pause_and_moving_on_waits_for_it(page, sitting) -> None:
    page.locator("#answer-4").fill("naloxone")
    page.get_by_role("button", name="Save and continue").last.click()

    page.wait_for_url(re.compile(r"/attempts/\d+(#top)?$"))
    assert sitting.answer(4) == {"text": "naloxone"}
    assert len(sitting.events()) == 1


def test_flags_and_several_choices_are_saved(page, sitting) -> None:
    choose(page, 2, 0)
    choose(page, 2, 3)
    page.locator('label[for="flag-2"]').click()

    expect(page.locator('[data-chip="2"]')).to_have_class(re.compile("flagged"))
    saved(page)
    wait_for(lambda: len(sitting.answer(2)["chosen"]) == 2, "both choices")


def test_without_a_connection_the_page_says_so_and_sends_when_it_is_back(
    page, context, sitting
) -> None:
    context.set_offline(True)
    choose(page, 1, 1)

    expect(page.locator("[data-save-text]")).to_have_text(
        "Not saved: no connection. Kept on this device; we will retry.", timeout=2000
    )
    assert len(kept_locally(page)) == 1
    context.set_offline(False)
    saved(page)
    assert sitting.answer(1) is not None
    assert kept_locally(page) == []


def test_what_a_closed_page_could_not_send_is_sent_by_the_next_one(
    page, context, served, sitting, troubles
) -> None:
    context.set_offline(True)
    choose(page, 1, 1)
    expect(page.locator("[data-save]")).to_have_attribute("data-state", "failed")
    close_unsent(page)
    context.set_offline(False)
    assert sitting.answer(1) is None

    again = open_case(context, served, sitting, troubles)

    expect(again.locator("#answer-1-1")).to_be_checked()
    saved(again)
    assert sitting.answer(1) is not None
    assert kept_locally(again) == []


def test_a_lost_session_is_not_taken_for_a_save(page, context, served, sitting) -> None:
    context.clear_cookies()
    choose(page, 1, 1)

    text = page.locator("[data-save-text]")
    expect(text).to_contain_text("Not saved:")
    expect(text).to_contain_text("Kept on this device")
    assert text.locator("a").get_attribute("href")
    assert len(kept_locally(page)) == 1
    cookie = sitting.fellow.client.get_cookie("session")
    context.add_cookies([{"name": "session", "value": cookie.value, "url": served}])
    page.reload()
    saved(page)
    assert sitting.answer(1) is not None


def test_what_is_not_a_number_is_said_at_the_field(page, sitting) -> None:
    page.locator("#answer-3").fill("many")
    page.locator("#answer-4").focus()

    expect(page.locator("#item-3-error")).to_contain_text("number")
    expect(page.locator("#answer-3")).to_have_attribute("aria-invalid", "true")
    page.locator("#answer-3").fill("100")
    page.locator("#answer-4").focus()
    saved(page)
    expect(page.locator("#item-3-error")).to_have_count(0)
    assert sitting.answer(3)["value"] == "100"


def test_both_tabs_are_told_of_each_other(page, context, served, sitting, troubles) -> None:
    second = open_case(context, served, sitting, troubles)

    for tab in (page, second):
        expect(tab.locator("[data-second]")).to_contain_text("another tab")
    choose(second, 1, 3)
    saved(second)
    choose(page, 1, 0)
    expect(page.locator("[data-save-text]")).to_contain_text("Another tab changed this item too")


def test_a_tab_left_behind_by_a_submit_locks_itself(page, sitting) -> None:
    choose(page, 1, 0)
    saved(page)
    sitting.fellow.post(f"{sitting.url}/submit")

    choose(page, 1, 1)

    expect(page.locator("[data-save-text]")).to_contain_text("This attempt is closed")
    expect(page.locator("#answer-1-0")).to_be_checked()
    expect(page.locator("#answer-1-1")).to_be_disabled()
    assert [late for _, late in sitting.events()] == [False, True]
    assert kept_locally(page) == []


def test_options_can_be_ruled_out_and_letters_choose(page, sitting) -> None:
    page.get_by_role("button", name="Rule out C").first.click()
    page.reload()

    expect(page.get_by_role("button", name="Rule out C").first).to_have_attribute(
        "aria-pressed", "true"
    )
    page.locator("#answer-4").focus()
    page.keyboard.press("b")
    expect(page.locator("#answer-1-1")).not_to_be_checked()
    page.locator("#answer-1-0").focus()
    page.keyboard.press("b")
    expect(page.locator("#answer-1-1")).to_be_checked()
    saved(page)


def test_when_the_time_is_up_the_last_words_are_saved_and_the_quiz_is_handed_in(
    context, served, sitting, troubles
) -> None:
    sitting.change(Attempt, deadline_at=utcnow() + timedelta(seconds=4))
    page = open_case(context, served, sitting, troubles)
    expect(page.locator("[data-clock-text]")).to_have_text(re.compile("^00:0[0-4]$"))

    page.locator("#answer-4").press_sequentially("naloxone", delay=20)

    page.wait_for_url(re.compile("/result(#top)?$"), timeout=15_000)
    assert sitting.answer(4) == {"text": "naloxone"}
    with sitting.app.app_context():
        attempt = db.session.get_one(Attempt, sitting.id)
    assert attempt.state is AttemptState.SUBMITTED
    assert attempt.submitted_by is SubmittedBy.FELLOW


def test_a_page_whose_clock_was_stopped_leads_to_all_items_and_hands_nothing_in(
    context, served, sitting, troubles
) -> None:
    sitting.change(Attempt, deadline_at=utcnow() + timedelta(seconds=4))
    page = open_case(context, served, sitting, troubles)
    sitting.change(Attempt, deadline_at=None, frozen_at=utcnow())

    page.wait_for_url(re.compile(f"{sitting.url}(#top)?$"), timeout=15_000)

    expect(page.get_by_text("The clock is stopped")).to_be_visible()
    assert sitting.state() is AttemptState.IN_PROGRESS


def test_a_tab_that_shows_the_case_covers_it_once_another_stops_the_clock(
    context, served, sitting, troubles
) -> None:
    case = open_case(context, served, sitting, troubles)
    choose(case, 1, 0)
    saved(case)
    all_items = context.new_page()
    all_items.goto(f"{served}{sitting.url}")
    all_items.get_by_text("Called away?").click()
    all_items.get_by_role("button", name="Freeze now").click()

    case.wait_for_url(re.compile(f"{sitting.url}(#top)?$"))

    expect(case.get_by_text("The clock is stopped")).to_be_visible()
    expect(case.get_by_role("radio")).to_have_count(0)


def test_a_page_that_comes_into_view_covers_what_a_director_has_frozen(
    context, served, sitting, troubles
) -> None:
    case = open_case(context, served, sitting, troubles)
    sitting.change(Attempt, deadline_at=None, frozen_at=utcnow())

    case.evaluate("document.dispatchEvent(new Event('visibilitychange'))")

    case.wait_for_url(re.compile(f"{sitting.url}(#top)?$"))


def test_an_answer_that_comes_while_the_clock_stands_is_kept_and_the_case_covered(
    context, served, sitting, troubles
) -> None:
    case = open_case(context, served, sitting, troubles)
    sitting.change(Attempt, deadline_at=None, frozen_at=utcnow())

    choose(case, 1, 0)

    case.wait_for_url(re.compile(f"{sitting.url}(#top)?$"))
    assert len(kept_locally(case)) == 1


def test_more_time_shows_on_a_clock_that_runs_when_its_page_comes_into_view(
    context, served, sitting, troubles
) -> None:
    sitting.change(Attempt, deadline_at=utcnow() + timedelta(minutes=6))
    case = open_case(context, served, sitting, troubles)
    expect(case.locator("[data-clock-text]")).to_have_text(re.compile("^0[56]:"))
    sitting.change(Attempt, deadline_at=utcnow() + timedelta(minutes=21))

    case.evaluate("document.dispatchEvent(new Event('visibilitychange'))")

    expect(case.locator("[data-clock-text]")).to_have_text(re.compile("^2[01]:"))


def test_the_clock_can_be_hidden_and_follows_the_server(page, sitting) -> None:
    sitting.change(Attempt, deadline_at=utcnow() + timedelta(minutes=5, seconds=30))
    page.reload()
    clock = page.locator("[data-clock-text]")
    expect(clock).to_have_text(re.compile("^05:2"))
    sitting.change(Attempt, deadline_at=utcnow() + timedelta(minutes=3))

    choose(page, 1, 0)

    expect(clock).to_have_text(re.compile("^0[23]:"))
    page.locator('label[for="clock-shown"]').click()
    expect(clock).to_be_hidden()


def test_the_result_appears_by_itself(page, sitting) -> None:
    page.get_by_role("button", name="All items").first.click()
    page.get_by_text("Hand in", exact=True).click()
    page.get_by_role("button", name="Hand in 0 of 4").click()
    expect(page.get_by_text("Being graded")).to_be_visible()

    sitting.grade()

    expect(page.get_by_text("0 of 4. That is too few items for a share.")).to_be_visible()


@pytest.mark.parametrize("width", [1280, 390, 320])
def test_everything_works_without_a_script(browser, served, sitting, width) -> None:
    context = enter(
        browser,
        served,
        sitting,
        java_script_enabled=False,
        viewport={"width": width, "height": 800},
    )
    page = context.new_page()
    page.goto(f"{served}{sitting.url}/cases/1")

    choose(page, 1, 2)
    page.locator("#answer-4").fill("naloxone")
    page.locator('label[for="flag-4"]').click()
    page.get_by_role("button", name="Save and continue").last.click()

    expect(page.get_by_text("2 of 4 answered.")).to_be_visible()
    expect(page.get_by_text("1 flagged for review")).to_be_visible()
    expect(page.get_by_role("button", name="Hand in 2 of 4")).to_be_hidden()
    page.get_by_text("Hand in", exact=True).click()
    expect(page.get_by_text("Hand in 2 of 4? Items 2–3 stay blank.")).to_be_visible()
    page.get_by_role("button", name="Hand in 2 of 4").click()
    expect(page.get_by_role("link", name="Refresh")).to_be_visible()
    sitting.grade()
    page.get_by_role("link", name="Refresh").click()
    expect(page.get_by_text("Carry away").first).to_be_visible()
    assert sitting.answer(4) == {"text": "naloxone"}
    leave(context)


@pytest.mark.parametrize("width", [1280, 390, 320])
def test_nothing_runs_over_the_edge(context, served, sitting, troubles, width) -> None:
    page = open_case(context, served, sitting, troubles)
    page.set_viewport_size({"width": width, "height": 800})
    urls = [f"{sitting.url}/cases/1", sitting.url, "/home"]
    urls.append(f"/assignments/{sitting.assignment_id}/begin")
    for url in urls:
        page.goto(served + url)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, url
    sitting.fellow.post(f"{sitting.url}/submit")
    sitting.grade()
    page.goto(f"{served}{sitting.url}/result")
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_an_entry_that_is_set_back_to_what_is_saved_is_no_more_refused(
    page, served, sitting
) -> None:
    box = page.locator("#answer-3")
    for entry, state in (("100", "saved"), ("60 bananas", "failed"), ("100", "saved")):
        box.fill(entry)
        box.blur()
        expect(page.locator("[data-save]")).to_have_attribute("data-state", state)
    expect(page.locator("#item-3-error")).to_have_count(0)

    page.goto(served + sitting.url)

    expect(page.get_by_text("60 bananas")).to_have_count(0)
