"""By keyboard alone: where the focus starts on a case, and how far the answers are."""

from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, Page, expect

from tests.attempts.sitting import Sitting
from tests.taking.player import enter, leave, open_case

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

FIRST_ANSWER = "input[type=radio], input[type=checkbox]:not([name^=flag]), .items .control"


@pytest.fixture
def sitting(app: Flask, signed_in) -> Sitting:
    return Sitting(app, signed_in)


@pytest.fixture
def plain(browser, served, sitting, troubles) -> Iterator[Page]:
    """The first case, in a browser without scripts."""
    context: BrowserContext = enter(browser, served, sitting, java_script_enabled=False)
    yield open_case(context, served, sitting, troubles)
    leave(context)


def focused(page: Page) -> str:
    """Return the text of what has the focus."""
    return str(page.evaluate("document.activeElement.textContent")).strip()


def stops_to(page: Page, selector: str) -> int:
    """Press Tab until the focus is on what *selector* finds; return how often."""
    for stops in range(1, 120):
        page.keyboard.press("Tab")
        if page.evaluate("(wanted) => document.activeElement.matches(wanted)", selector):
            return stops
    raise AssertionError(f"the focus never comes to {selector}")


def title(page: Page) -> str:
    return page.locator("h1").inner_text()


def test_a_case_opens_at_its_title_three_stops_before_the_first_answer(page: Page) -> None:
    assert focused(page) == title(page)
    assert stops_to(page, FIRST_ANSWER) <= 3


def test_without_script_too(plain: Page) -> None:
    assert focused(plain) == title(plain)
    assert stops_to(plain, FIRST_ANSWER) <= 3


def test_a_second_skip_leads_to_the_answers(page: Page) -> None:
    skips = page.locator(".skip")
    assert skips.all_inner_texts() == ["Skip to the case", "Skip to the answers"]

    skips.last.press("Enter")

    assert stops_to(page, FIRST_ANSWER) <= 2


def test_the_rail_is_one_stop_in_which_arrows_move(page: Page) -> None:
    chips = page.locator(".rail [data-chip]")
    assert chips.count() > 3
    in_reach = chips.evaluate_all("all => all.filter((chip) => chip.tabIndex === 0).length")
    assert in_reach == 1

    page.locator('[data-chip="1"]').focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator('[data-chip="2"]')).to_be_focused()
    page.keyboard.press("End")
    expect(chips.last).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(chips.first).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="All items")).to_be_focused()
    page.locator('[data-chip="1"]').focus()
    page.keyboard.press("ArrowRight")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.url.endswith("#item-2")
