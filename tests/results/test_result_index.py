"""The way through a long result: its items at a glance, and cases that are folded."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Page, expect

from question_bank.terms import Feedback
from tests.attempts.factories import case_body, choice_item
from tests.attempts.sitting import Sitting, sitting_at
from tests.reading import words
from tests.taking.player import enter, leave

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


RIGHT, WRONG = 1, 0


def sat(app, signed_in, *answers: int, **terms) -> Sitting:
    """Return a sitting of as many cases as *answers*, each of one item, handed in and graded."""
    bodies = [case_body(choice_item(f"of-{n}"), slug=f"case-{n}") for n in range(len(answers))]
    sitting = sitting_at(app, signed_in, *bodies, **terms)
    for position, authored in enumerate(answers, start=1):
        sitting.save(position, answer=str(sitting.place(position, authored)))
    sitting.result()
    return sitting


@pytest.fixture
def sitting(app, signed_in) -> Sitting:
    return sat(app, signed_in, RIGHT, WRONG, RIGHT, WRONG)


@contextmanager
def result_page(browser: Browser, served: str, sitting: Sitting, **options) -> Iterator[Page]:
    context = enter(browser, served, sitting, **options)
    page = context.new_page()
    page.goto(f"{served}{sitting.url}/result")
    yield page
    leave(context)


def chips(result: str) -> list[tuple[str, str]]:
    """Return where each chip of the items leads, and what it says to a screen reader."""
    found = re.findall(r'<a class="chip \w+" href="([^"]+)">(.*?)</a>', result, re.S)
    return [(place, re.sub(r"<[^>]+>", "", inside).strip()) for place, inside in found]


def test_each_item_is_named_with_its_verdict_and_leads_to_its_place(sitting) -> None:
    assert chips(sitting.fellow.get(f"{sitting.url}/result").text) == [
        ("#case-1", "Item 1, right"),
        ("#item-2", "Item 2, missed"),
        ("#case-3", "Item 3, right"),
        ("#item-4", "Item 4, missed"),
    ]


def test_every_place_that_a_link_of_the_result_leads_to_is_there(sitting) -> None:
    result = sitting.fellow.get(f"{sitting.url}/result").text

    places = set(re.findall(r'href="#([^"]+)"', result))
    assert {"items", "item-2", "item-4"} <= places
    assert places <= set(re.findall(r'\bid="([^"]+)"', result))


def test_the_main_button_leads_to_the_first_missed_item(sitting) -> None:
    result = sitting.fellow.get(f"{sitting.url}/result").text

    assert '<a class="btn main" href="#item-2">First item to review</a>' in result
    assert '<a class="btn plain" href="#item-4">Next item to review</a>' in result
    assert "missed item" not in result[result.index('id="item-4"') :]


def test_where_nothing_was_missed_the_main_button_leads_home(app, signed_in) -> None:
    sitting = sat(app, signed_in, RIGHT)

    result = sitting.fellow.get(f"{sitting.url}/result").text

    assert '<a class="btn main" href="/home">Back to home</a>' in result
    assert "missed item" not in result


def test_before_the_release_no_item_has_a_verdict(app, signed_in) -> None:
    sitting = sat(app, signed_in, RIGHT, WRONG, feedback=Feedback.CLOSED)

    result = sitting.fellow.get(f"{sitting.url}/result")

    assert chips(result.text) == []
    assert "missed" not in words(result)
    assert "Item 1" not in words(result)


def test_the_chip_of_a_folded_case_unfolds_it(browser, served, sitting, troubles) -> None:
    with result_page(browser, served, sitting) as page:
        page.on("pageerror", lambda error: troubles.append(str(error)))
        expect(page.locator("#item-3")).to_be_hidden()

        page.locator('[href="#case-3"]').click()

        expect(page.locator("#item-3")).to_be_visible()
        expect(page.locator("#item-1")).to_be_hidden()


def test_without_a_script_the_chip_of_a_folded_case_leads_to_what_unfolds_it(
    browser, served, sitting
) -> None:
    with result_page(browser, served, sitting, java_script_enabled=False) as page:
        page.locator('[href="#case-3"]').focus()
        page.keyboard.press("Enter")
        expect(page.locator("#case-3")).to_be_focused()
        page.keyboard.press("Enter")

        expect(page.locator("#item-3")).to_be_visible()
