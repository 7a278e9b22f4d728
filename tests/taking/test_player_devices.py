"""Two devices, and a device whose clock is wrong, in a real browser."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, Page, expect

from lms.attempts.models import Attempt, AttemptState
from lms.core.clock import utcnow
from tests.attempts.sitting import Sitting
from tests.taking.player import choose, close_unsent, enter, open_case, saved

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


HALF_AN_HOUR = re.compile("^(29|30):")


JUMP = "(ms) => { const now = Date.now.bind(Date); Date.now = () => now() + ms; }"


@pytest.fixture
def sitting(app: Flask, signed_in) -> Sitting:
    return Sitting(app, signed_in)


@pytest.fixture
def laptop(browser, served, sitting) -> BrowserContext:
    return enter(browser, served, sitting)


@pytest.fixture
def phone(browser, served, sitting) -> BrowserContext:
    return enter(browser, served, sitting)


def choose_offline(context: BrowserContext, page: Page, place: int) -> None:
    context.set_offline(True)
    choose(page, 1, place)
    expect(page.locator("[data-save]")).to_have_attribute("data-state", "failed")


def choose_elsewhere(context, served, sitting, troubles, place: int) -> dict:
    """Choose on another device, and return what is stored then."""
    page = open_case(context, served, sitting, troubles)
    choose(page, 1, place)
    saved(page)
    return sitting.answer(1)


def let_a_minute_pass(context: BrowserContext) -> None:
    """Set the clock of a device a minute on, for the pages it has and those to come."""
    context.add_init_script(f"({JUMP})(60_000)")
    for page in context.pages:
        page.evaluate(JUMP, 60_000)


@pytest.mark.parametrize("reopened", [False, True], ids=["left open", "closed and opened again"])
def test_a_device_that_was_offline_does_not_undo_what_was_chosen_elsewhere_since(
    laptop, phone, served, sitting, troubles, reopened
) -> None:
    page = open_case(laptop, served, sitting, troubles)
    choose_offline(laptop, page, 0)
    if reopened:
        close_unsent(page)
    newer = choose_elsewhere(phone, served, sitting, troubles, 2)

    let_a_minute_pass(laptop)
    laptop.set_offline(False)
    if reopened:
        page = open_case(laptop, served, sitting, troubles)

    saved(page)
    assert sitting.answer(1) == newer
    assert page.locator("#answer-1-2").is_checked()
    assert "changed on another page later" in page.locator("[data-save-text]").inner_text()
    assert troubles == []


def test_what_was_chosen_offline_after_all_else_counts(
    laptop, phone, served, sitting, troubles
) -> None:
    page = open_case(laptop, served, sitting, troubles)
    laptop.set_offline(True)
    older = choose_elsewhere(phone, served, sitting, troubles, 2)
    choose_offline(laptop, page, 0)

    laptop.set_offline(False)

    saved(page)
    assert sitting.answer(1) != older
    assert page.locator("#answer-1-0").is_checked()


@pytest.mark.parametrize("minutes", [40, -40], ids=["forward", "back"])
def test_a_clock_that_is_set_is_put_right_by_the_server_and_hands_nothing_in(
    laptop, served, sitting, troubles, minutes
) -> None:
    sitting.change(Attempt, deadline_at=utcnow() + timedelta(minutes=30))
    page = open_case(laptop, served, sitting, troubles)
    clock = page.locator("[data-clock-text]")
    expect(clock).to_have_text(HALF_AN_HOUR)

    with page.expect_response(f"**{sitting.url}/status"):
        page.evaluate(JUMP, minutes * 60_000)

    expect(clock).to_have_text(HALF_AN_HOUR)
    page.wait_for_timeout(4000)
    expect(clock).to_have_text(HALF_AN_HOUR)
    assert sitting.state() is AttemptState.IN_PROGRESS


def test_a_browser_that_cannot_limit_the_wait_saves_too(laptop, served, sitting, troubles) -> None:
    laptop.add_init_script("delete AbortSignal.timeout")
    page = open_case(laptop, served, sitting, troubles)

    choose(page, 1, 0)

    saved(page)
    assert sitting.answer(1) is not None
