"""The server is upgraded while a page of the first edition is open: nothing is lost."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from lms.attempts.models import Attempt, AttemptState, SubmittedBy
from lms.core.clock import utcnow
from lms.core.db import db
from tests.attempts.sitting import Sitting
from tests.journeys import first_edition
from tests.services import wait_for
from tests.taking.player import choose, enter, kept_locally, leave, saved

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.fixture
def sitting(app, signed_in) -> Sitting:
    return Sitting(app, signed_in)


@pytest.fixture
def context(browser, served, sitting) -> Iterator[BrowserContext]:
    """A fellow's browser, for which the server is the first edition; no script of it may break."""
    context = enter(browser, served, sitting)
    troubles: list[str] = []
    context.on("weberror", lambda error: troubles.append(str(error.error)))
    first_edition.serve(context, sitting)
    yield context
    leave(context)
    assert troubles == []


@pytest.fixture
def page(context, served, sitting) -> Page:
    return open_case(context, served, sitting)


def open_case(context: BrowserContext, served: str, sitting: Sitting) -> Page:
    page = context.new_page()
    page.goto(f"{served}{sitting.url}/cases/1")
    return page


def script_of(page: Page) -> str | None:
    return page.locator("script").first.get_attribute("src")


def answer_offline(page: Page) -> None:
    """Lose the connection, choose, rule out and type."""
    page.context.set_offline(True)
    choose(page, 1, 1)
    page.get_by_role("button", name="Rule out C").first.click()
    page.locator("#answer-4").fill("naloxone")
    page.locator("#answer-4").blur()
    expect(page.locator("[data-save-text]")).to_contain_text("Kept on this device")
    wait_for(lambda: len(kept_locally(page)) == 2, "two packets on the device")


def check_answers(sitting: Sitting) -> None:
    assert sitting.answer(4) == {"text": "naloxone"}
    authored = sitting.answer(1)["chosen"]
    assert sitting.place(1, authored) == 1


def keys(page: Page) -> list[str]:
    return page.evaluate("Object.keys(localStorage).sort()")


def test_an_answer_given_offline_arrives_from_the_page_that_stayed_open(page, sitting) -> None:
    assert script_of(page) == first_edition.SCRIPTS["player.js"]
    answer_offline(page)

    first_edition.upgrade(page.context)
    page.context.set_offline(False)

    saved(page)
    check_answers(sitting)
    assert kept_locally(page) == []
    page.locator("#answer-3").fill("100")
    page.get_by_role("button", name="Save and continue").last.click()
    page.wait_for_url(re.compile(rf"{sitting.url}(#top)?$"))
    expect(page.get_by_text("3 of 4 answered.")).to_be_visible()
    assert "/static/v-" in str(script_of(page))


def test_an_answer_left_by_a_closed_page_is_delivered_by_one_of_this_edition(
    page, context, served, sitting
) -> None:
    answer_offline(page)
    left = keys(page)
    page.close(run_before_unload=False)

    first_edition.upgrade(context)
    context.set_offline(False)
    again = open_case(context, served, sitting)

    assert "/static/v-" in str(script_of(again))
    expect(again.locator("#answer-1-1")).to_be_checked()
    expect(again.locator("#answer-4")).to_have_value("naloxone")
    expect(again.get_by_role("button", name="Rule out C").first).to_have_attribute(
        "aria-pressed", "true"
    )
    saved(again)
    check_answers(sitting)
    answered, ruled_out = f"rounds:{sitting.id}", f"rounds-out:{sitting.id}:1"
    assert left == [ruled_out, f"{answered}:1", f"{answered}:4"]
    assert keys(again) == [ruled_out]


def test_both_editions_keep_the_same_of_the_same_answers(page, context, served, sitting) -> None:
    answer_offline(page)
    by_the_first = kept(page)
    page.close(run_before_unload=False)
    first_edition.upgrade(context)
    context.set_offline(False)
    again = open_case(context, served, sitting)
    saved(again)

    context.set_offline(True)
    choose(again, 1, 3)
    again.locator("#answer-4").fill("flumazenil")
    again.locator("#answer-4").blur()
    wait_for(lambda: len(kept_locally(again)) == 2, "two packets on the device")

    by_this = kept(again)
    assert by_this.keys() == by_the_first.keys()
    for key, value in by_the_first.items():
        assert shape(by_this[key]) == shape(value), key
    context.set_offline(False)
    saved(again)


def kept(page: Page) -> dict[str, object]:
    return page.evaluate(
        "Object.fromEntries(Object.entries(localStorage).map(([k, v]) => [k, JSON.parse(v)]))"
    )


def shape(value: object) -> object:
    """Return *value* with the type of each leaf in its place."""
    if isinstance(value, dict):
        return {name: shape(each) for name, each in value.items()}
    return [shape(each) for each in value] if isinstance(value, list) else type(value)


def test_tabs_of_both_editions_are_told_of_each_other(page, context, served, sitting) -> None:
    first_edition.upgrade(context)
    second = open_case(context, served, sitting)

    for tab in (page, second):
        expect(tab.locator("[data-second]")).to_contain_text("another tab")


def test_an_open_page_follows_the_clock_and_hands_in_when_the_time_is_up(
    context, served, sitting
) -> None:
    first_edition.serve(context, sitting, seconds_left=3)
    page = open_case(context, served, sitting)
    page.locator("#answer-4").press_sequentially("naloxone", delay=20)
    first_edition.upgrade(context)
    sitting.change(Attempt, deadline_at=utcnow() + timedelta(seconds=4))

    page.wait_for_url(re.compile("/result(#top)?$"), timeout=20_000)

    assert sitting.answer(4) == {"text": "naloxone"}
    with sitting.app.app_context():
        attempt = db.session.get_one(Attempt, sitting.id)
    assert (attempt.state, attempt.submitted_by) == (AttemptState.SUBMITTED, SubmittedBy.FELLOW)


@pytest.mark.parametrize("upgraded", [False, True], ids=["of the first edition", "of this edition"])
def test_what_comes_too_late_is_kept_apart_by_a_result_page(
    page, context, served, sitting, upgraded
) -> None:
    answer_offline(page)
    page.close(run_before_unload=False)
    sitting.fellow.post(f"{sitting.url}/submit")
    result = context.new_page()
    if upgraded:
        first_edition.upgrade(context)
    context.set_offline(False)

    result.goto(f"{served}{sitting.url}/result")

    first_edition.upgrade(context)
    expect(result.get_by_text("Being graded")).to_be_visible()
    wait_for(lambda: keys(result) == [], "a device without a trace")
    assert [late for _, late in sitting.events()] == [True, True]
    assert sitting.answer(4) is None
    sitting.grade()
    expect(result.get_by_text("0 of 4. That is too few items for a share.")).to_be_visible()
