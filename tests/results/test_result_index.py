"""The way through a long result: what to look at first, one item at a time, the rest folded."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from question_bank.terms import Feedback
from tests.attempts.factories import case_body, choice_item, several_item
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
        ("#item-1", "Item 1, right"),
        ("#item-2", "Item 2, missed"),
        ("#item-3", "Item 3, right"),
        ("#item-4", "Item 4, missed"),
    ]


def test_every_place_that_a_link_of_the_result_leads_to_is_there(sitting) -> None:
    result = sitting.fellow.get(f"{sitting.url}/result").text

    places = set(re.findall(r'href="#([^"]+)"', result))
    assert {"items", "item-2", "item-4"} <= places
    assert places <= set(re.findall(r'\bid="([^"]+)"', result))


def test_the_main_button_leads_to_the_first_missed_item(sitting) -> None:
    result = sitting.fellow.get(f"{sitting.url}/result").text

    assert '<a class="btn main" href="#item-2">First item to look at</a>' in result
    assert '<a class="btn plain" href="#item-4">Next: item 4</a>' in result
    assert result.index('id="item-4"') < result.index("The 2 you had right")


def test_where_nothing_was_missed_the_main_button_leads_home(app, signed_in) -> None:
    sitting = sat(app, signed_in, RIGHT)

    result = sitting.fellow.get(f"{sitting.url}/result").text

    assert '<a class="btn main" href="/home">Back to home</a>' in result
    assert "to look at" not in result
    assert "The one you had right" in result


def test_before_the_release_no_item_has_a_verdict(app, signed_in) -> None:
    sitting = sat(app, signed_in, RIGHT, WRONG, feedback=Feedback.CLOSED)

    result = sitting.fellow.get(f"{sitting.url}/result")

    assert chips(result.text) == []
    assert "missed" not in words(result)
    assert "Item 1" not in words(result)


def unsafe_item(key: str) -> dict[str, Any]:
    item = choice_item(key)
    item["options"][3]["harm"] = "opioid-and-benzodiazepine"
    return item


def in_order(result: str) -> list[int]:
    """Return the positions of the items, in the order in which the page has them."""
    return [int(number) for number in re.findall(r'id="item-(\d+)"', result)]


def test_unsafe_comes_first_then_sure_and_missed_then_missed_then_partly_right(
    app, signed_in
) -> None:
    missed, sure, right = (choice_item(f"of-{n}") for n in (0, 1, 3))
    body = case_body(missed, sure, several_item("of-2"), right, unsafe_item("of-4"), slug="five")
    sitting = sitting_at(app, signed_in, body)
    for position, authored, confidence in ((1, 0, "guessing"), (2, 0, "sure"), (4, 1, "sure")):
        sitting.save(position, answer=str(sitting.place(position, authored)), confidence=confidence)
    sitting.save(3, answer=str(sitting.place(3, 0)))
    sitting.save(5, answer=str(sitting.place(5, 3)))

    result = sitting.result()

    assert in_order(result.text) == [5, 2, 1, 3, 4]
    said = words(result)
    assert "4 items to look at" in said
    assert "Item 5: missed, unsafe" in said
    assert "Item 2: missed · How sure: sure" in said


def test_all_that_is_folded_is_in_the_page(sitting) -> None:
    result = sitting.fellow.get(f"{sitting.url}/result").text

    for number in range(4):
        for word in ("first", "second", "third", "fourth"):
            assert f"Why {word} of of-{number}" in result


def test_one_item_is_open_at_a_time(browser, served, sitting, troubles) -> None:
    with result_page(browser, served, sitting, viewport={"width": 390, "height": 844}) as page:
        page.on("pageerror", lambda error: troubles.append(str(error)))

        def shown() -> list[int]:
            items = [page.get_by_label(f"Item {n}", exact=True) for n in range(1, 5)]
            return [n for n, item in enumerate(items, start=1) if item.is_visible()]

        assert shown() == [2]
        page.get_by_role("link", name="Next: item 4").click()
        expect(page.get_by_label("Item 4", exact=True)).to_be_visible()
        assert shown() == [4]
        expect(page.locator("#item-4")).to_be_in_viewport()

        page.locator('.chip[href="#item-3"]').click()
        expect(page.get_by_label("Item 3", exact=True)).to_be_visible()
        assert shown() == [3]
        expect(page.locator("#item-3")).to_be_in_viewport()


def test_without_a_script_what_is_folded_unfolds_by_a_press(browser, served, sitting) -> None:
    with result_page(browser, served, sitting, java_script_enabled=False) as page:
        expect(page.get_by_label("Item 2", exact=True)).to_be_visible()
        page.locator('[href="#item-4"]').last.press("Enter")
        expect(page.locator("#item-4")).to_be_focused()
        page.keyboard.press("Enter")

        expect(page.get_by_label("Item 4", exact=True)).to_be_visible()
        expect(page.get_by_label("Item 2", exact=True)).to_be_hidden()


SHOWN = "all => all.map((one) => one.checkVisibility({ contentVisibilityAuto: true }))"


def test_print_shows_what_is_folded_and_each_case_once(browser, served, app, signed_in) -> None:
    body = case_body(*(choice_item(f"of-{n}") for n in range(3)), slug="three")
    sitting = sitting_at(app, signed_in, body)
    sitting.save(1, answer=str(sitting.place(1, RIGHT)))
    sitting.result()

    with result_page(browser, served, sitting, java_script_enabled=False) as page:
        page.emulate_media(media="print")

        assert page.locator(".result").evaluate_all(SHOWN) == [True] * 12
        assert page.locator("main .prose").evaluate_all(SHOWN).count(True) == 1
        assert not any(page.locator("main .btn, main .chip").evaluate_all(SHOWN))
