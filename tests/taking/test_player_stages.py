"""A case that unfolds, in a real browser: with the mouse, by keyboard, and without a script."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.attempts.kinds import SECOND, THIRD, unfolding
from tests.attempts.sitting import Sitting, sitting_at
from tests.services import wait_for
from tests.taking.player import choose, enter, kept_locally, leave, open_case, saved, tab_to

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


LOCK = "Lock answers and go on"


@pytest.fixture
def sitting(app, signed_in) -> Sitting:
    return sitting_at(app, signed_in, unfolding())


def confirm(page: Page) -> Locator:
    """Open what asks whether to lock, unless it stands open, and return its button."""
    page.locator(".ask details:not([open]) > summary", has_text=LOCK).click()
    return page.locator(".ask").get_by_role("button", name=re.compile("^Lock item"))


def lock(page: Page) -> None:
    confirm(page).click()


def expect_second_stage(page: Page) -> None:
    heading = page.get_by_role("heading", name=f"Later {SECOND} New")
    expect(heading).to_be_visible()
    expect(heading).to_be_in_viewport()
    expect(page.locator("#answer-3-0")).to_be_enabled()
    expect(page.locator("#answer-1-0")).to_be_disabled()
    assert THIRD not in page.content()


def test_a_stage_locks_and_the_next_appears_as_new(page, sitting) -> None:
    expect(page.locator(".chip", has_text="appears later")).to_have_count(3)
    choose(page, 1, 2)
    page.locator("#answer-2").fill("60")

    lock(page)

    expect_second_stage(page)
    assert sitting.answer(2) == {"value": "60"}
    assert len(sitting.events()) == 2
    expect(page.locator(".chip", has_text="appears later")).to_have_count(1)
    choose(page, 3, 0)
    saved(page)
    assert sitting.answer(3) is not None


def test_what_is_locked_can_be_read_and_not_changed(page, sitting) -> None:
    choose(page, 1, 2)
    page.locator("#answer-2").fill("60")
    lock(page)
    expect_second_stage(page)

    page.get_by_text("2 locked answers").click()

    expect(page.locator("#answer-1-2")).to_be_checked()
    expect(page.locator("#answer-1-2")).to_be_disabled()
    expect(page.locator("#answer-2")).to_be_disabled()
    expect(page.locator("[data-item='1']").get_by_role("button")).to_have_count(0)


def test_an_item_without_an_answer_is_named_at_its_place_and_nothing_locks(page, sitting) -> None:
    choose(page, 1, 2)

    lock(page)

    expect(page.locator("#item-2-error")).to_contain_text("Answer every item of this stage first")
    expect(page.locator("#answer-1-2")).to_be_checked()
    assert sitting.row(1).locked_at is None


def test_a_double_click_shows_the_next_stage_once(page, sitting) -> None:
    choose(page, 1, 2)
    page.locator("#answer-2").fill("60")
    saved(page)

    confirm(page).dblclick()

    expect_second_stage(page)
    assert sitting.row(3).locked_at is None


def test_the_enter_key_in_a_field_saves_and_locks_nothing(page, sitting) -> None:
    choose(page, 1, 2)
    page.locator("#answer-2").fill("60")
    with page.expect_navigation():
        page.locator("#answer-2").press("Enter")

    wait_for(lambda: sitting.answer(2) == {"value": "60"}, "the number")
    expect(page.get_by_text(LOCK)).to_be_visible()
    assert page.url.split("#")[0].endswith("/cases/1")
    assert sitting.row(1).locked_at is None


def test_a_tab_from_before_the_lock_is_told_that_the_answer_stands(
    page, context, served, sitting, troubles
) -> None:
    old = open_case(context, served, sitting, troubles)
    choose(page, 1, 2)
    page.locator("#answer-2").fill("60")
    lock(page)
    expect_second_stage(page)

    choose(old, 1, 0)

    expect(old.locator("#item-1-error")).to_contain_text("This answer stands")
    expect(old.locator("#answer-1-2")).to_be_checked()
    expect(old.locator("[data-save]")).to_have_attribute("data-state", "failed")
    assert sitting.row(1).revision == 1
    assert kept_locally(old) == []


def test_what_could_not_be_sent_before_the_lock_is_not_shown_as_what_stands(page, sitting) -> None:
    choose(page, 1, 2)
    page.locator("#answer-2").fill("60")
    lock(page)
    expect_second_stage(page)
    page.evaluate(
        "(key) => localStorage.setItem(key, "
        "JSON.stringify({tab: 'gone', seq: 1, controls: {answer: ['0']}}))",
        f"rounds:{sitting.id}:1",
    )

    page.reload()

    expect(page.locator("#item-1-error")).to_contain_text("This answer stands")
    expect(page.locator("#answer-1-2")).to_be_checked()
    assert kept_locally(page) == []


def test_a_case_unfolds_by_the_keyboard_alone(page, sitting) -> None:
    tab_to(page, "#answer-1-0")
    page.keyboard.press("Space")
    tab_to(page, "#answer-2")
    page.keyboard.type("60")
    tab_to(page, ".ask summary")
    page.keyboard.press("Enter")
    tab_to(page, '.ask [name="go"][value="lock-1"]')
    page.keyboard.press("Enter")
    expect_second_stage(page)
    tab_to(page, "#answer-3-0")
    page.keyboard.press("ArrowDown")
    tab_to(page, "#answer-4")
    page.keyboard.type("naloxone")
    tab_to(page, ".ask summary")
    page.keyboard.press("Enter")
    tab_to(page, '.ask [name="go"][value="lock-3"]')
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", name=f"Next day {THIRD} New")).to_be_visible()
    assert [sitting.row(n).locked_at is not None for n in range(1, 6)] == [True] * 4 + [False]


@pytest.mark.parametrize("width", [1280, 390])
def test_a_case_unfolds_without_a_script(browser, served, sitting, width) -> None:
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
    lock(page)
    expect(page.locator("#item-2-error")).to_be_visible()
    page.locator("#answer-2").fill("60")
    lock(page)
    expect_second_stage(page)
    choose(page, 3, 1)
    page.locator("#answer-4").fill("naloxone")
    lock(page)
    choose(page, 5, 0)
    page.get_by_role("button", name="Save and continue").last.click()

    page.get_by_role("button", name=re.compile("^Hand in$")).click()
    sitting.grade()
    page.get_by_role("link", name="Refresh").click()
    first = page.get_by_role("region", name="Item 1", exact=True)
    first.get_by_text("The case", exact=True).click()
    expect(first.get_by_text("What is known then, pelican")).to_be_visible()
    for word in (SECOND, THIRD):
        expect(page.get_by_text(f"What is known then, {word}").first).to_be_attached()
    leave(context)
