"""What could not be sent is sent by any page, said on home, and kept for its owner."""

import re
from contextlib import suppress

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, Page, expect

from lms.core.db import transaction
from tests.attempts.sitting import Sitting
from tests.factories import make_fellow
from tests.services import wait_for
from tests.taking.player import choose, close_unsent, kept_locally, open_case
from tests.taking.test_frozen import freeze, resume

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

SAVES = re.compile(r"/attempts/\d+/items/\d+$")
STILL_HERE = "1 answer is still on this device"


@pytest.fixture
def sitting(app: Flask, signed_in) -> Sitting:
    return Sitting(app, signed_in)


@pytest.fixture
def home(context: BrowserContext, served: str, sitting: Sitting, troubles) -> Page:
    """A page of the product other than the quiz, on a device that could not send an answer."""
    quiz = open_case(context, served, sitting, troubles)
    context.set_offline(True)
    choose(quiz, 1, 0)
    expect(quiz.locator("[data-save]")).to_have_attribute("data-state", "failed")
    close_unsent(quiz)
    assert sitting.answer(1) is None
    context.route(SAVES, lambda route: route.abort())
    context.set_offline(False)
    return context.new_page()


def let_through(context: BrowserContext) -> None:
    context.unroute(SAVES)


@pytest.mark.parametrize("path", ["/home", "/progress", "/settings"])
def test_any_page_sends_what_waits(context, served, sitting, home, path: str) -> None:
    let_through(context)

    home.goto(served + path)
    with suppress(TimeoutError):
        wait_for(lambda: kept_locally(home) == [], "the device to be empty", seconds=10)

    assert sitting.answer(1) is not None
    assert kept_locally(home) == []


def test_home_says_what_is_still_on_this_device_and_then_that_it_is_saved(
    context, served, sitting, home
) -> None:
    home.goto(f"{served}/home")
    expect(home.get_by_text(STILL_HERE)).to_be_visible()

    let_through(context)
    home.evaluate("dispatchEvent(new Event('online'))")

    expect(home.get_by_text("1 answer kept on this device is saved now.")).to_be_visible()
    expect(home.get_by_text(STILL_HERE)).to_have_count(0)
    assert sitting.answer(1) is not None


def sign_out(page: Page) -> None:
    page.locator(".menu summary").click()
    page.get_by_role("button", name="Sign out").click()


def test_signing_out_first_sends_what_waits(context, served, sitting, home) -> None:
    home.goto(f"{served}/home")
    expect(home.get_by_text(STILL_HERE)).to_be_visible()
    let_through(context)

    sign_out(home)

    expect(home).to_have_url(re.compile("/sign-in"))
    assert sitting.answer(1) is not None


def test_signing_out_asks_before_it_erases_what_cannot_be_sent(
    context, served, sitting, home
) -> None:
    home.goto(f"{served}/home")
    expect(home.get_by_text(STILL_HERE)).to_be_visible()

    sign_out(home)

    expect(home.get_by_text("Signing out erases it.")).to_be_visible()
    assert kept_locally(home) == [f"rounds:{sitting.id}:1"]
    home.get_by_role("button", name="Sign out and erase").click()
    expect(home).to_have_url(re.compile("/sign-in"))


@pytest.mark.parametrize("stands", [False, True], ids=["the clock runs", "the clock stands"])
def test_signing_out_on_all_items_asks_before_it_erases_what_cannot_be_sent(
    served, sitting, home, stands: bool
) -> None:
    if stands:
        freeze(sitting)
    home.goto(served + sitting.url)

    sign_out(home)

    home.wait_for_load_state("networkidle")
    assert kept_locally(home) == [f"rounds:{sitting.id}:1"]
    expect(home.get_by_text("Signing out erases it.")).to_be_visible()


def test_an_answer_of_another_person_stays_for_its_owner(
    app, signed_in, context, served, sitting, home
) -> None:
    with app.app_context(), transaction():
        person = make_fellow()
    own, other = (
        {"name": "session", "value": client.get_cookie("session").value, "url": served}
        for client in (sitting.fellow.client, signed_in(person))
    )
    let_through(context)

    context.add_cookies([other])
    with home.expect_response(SAVES) as told:
        home.goto(f"{served}/home")
    assert told.value.status == 404
    expect(home.get_by_text(STILL_HERE)).to_have_count(0)
    assert kept_locally(home) == [f"rounds:{sitting.id}:1"]

    context.add_cookies([own])
    home.goto(f"{served}/home")
    wait_for(lambda: sitting.answer(1) is not None, "the answer")


@pytest.mark.parametrize("path", ["/home", "/attempts/{}/cases/1"])
def test_an_answer_that_waits_while_the_clock_stands_counts_when_it_goes_on(
    context, served, sitting, home, troubles, path: str
) -> None:
    let_through(context)
    home.route(SAVES, lambda route: (freeze(sitting), route.continue_()))

    with home.expect_response(SAVES) as told:
        home.goto(served + path.format(sitting.id))
    assert told.value.status == 409
    home.wait_for_load_state("networkidle")
    assert kept_locally(home) == [f"rounds:{sitting.id}:1"]
    expect(home.get_by_text("came too late")).to_have_count(0)
    home.close(run_before_unload=False)
    resume(sitting)
    open_case(context, served, sitting, troubles)

    with suppress(TimeoutError):
        wait_for(lambda: sitting.answer(1) is not None, "the answer", seconds=10)
    assert sitting.answer(1) is not None
