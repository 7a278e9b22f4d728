"""What a fellow does in a real browser."""

import re
from contextlib import suppress

from playwright.sync_api import Browser, BrowserContext, Page, expect
from playwright.sync_api import TimeoutError as TooLate

from tests.attempts.sitting import Sitting


def enter(browser: Browser, served: str, sitting: Sitting, **options) -> BrowserContext:
    context = browser.new_context(**options)
    context.set_default_timeout(10_000)
    cookie = sitting.fellow.client.get_cookie("session")
    context.add_cookies([{"name": "session", "value": cookie.value, "url": served}])
    return context


def leave(context: BrowserContext) -> None:
    """Close *context* once its pages have come: Chromium may not answer while one still does."""
    for page in context.pages:
        with suppress(TooLate):
            page.wait_for_load_state()
    context.close()


def open_case(context, served, sitting, troubles) -> Page:
    page = context.new_page()
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on(
        "console",
        lambda line: troubles.append(line.text) if "Security Policy" in line.text else None,
    )
    page.goto(f"{served}{sitting.url}/cases/1")
    return page


def choose(page: Page, position: int, place: int) -> None:
    page.locator(f'label[for="answer-{position}-{place}"]').click()


def saved(page: Page) -> None:
    expect(page.locator("[data-save]")).to_have_attribute("data-state", "saved")
    expect(page.locator("[data-save-time]")).to_have_text(re.compile(r"\d\d:\d\d:\d\d"))


def close_unsent(page: Page) -> None:
    """Close *page*, and keep it from sending any more.

    A page that is being closed hears of a connection that is set back in that moment, and
    sends what it has kept, sometimes.
    """
    page.evaluate("() => { window.fetch = () => Promise.reject(new TypeError('no connection')); }")
    page.close(run_before_unload=False)


def kept_locally(page: Page) -> list[str]:
    return page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('rounds:'))")


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until the focus is on what *selector* finds."""
    for _ in range(120):
        if page.evaluate("(wanted) => document.activeElement.matches(wanted)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"the focus never comes to {selector}")
