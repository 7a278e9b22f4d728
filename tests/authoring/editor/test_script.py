"""The editor in a real browser, with its script."""

import re
from copy import deepcopy

import pytest
from flask import Flask
from playwright.sync_api import Locator, Page, expect

from tests.authoring.editor.conftest import Enter
from tests.authoring.editor.desk import body_of, saved, story
from tests.authoring.editor.test_buttons import BODY

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

WHY = "It is tempting as it is quick, but here it leaves what is wrong as it is, and harms later."


def test_what_is_written_is_saved_after_a_rest_and_offline_stays_on_the_device(
    app: Flask, served: str, enter: Enter
) -> None:
    context, draft_id = enter("", BODY)
    page = context.new_page()
    page.goto(f"{served}/drafts/{draft_id}")

    story(page).fill("Written with a connection.")
    saved(page)
    assert body_of(app, draft_id)["stages"][0]["text"] == "Written with a connection."

    context.set_offline(True)
    story(page).fill("Written without one.")
    expect(page.locator("[data-save]")).to_contain_text("no connection. Kept on this device")
    page.evaluate("() => { window.fetch = () => Promise.reject(new TypeError('none')); }")
    page.close(run_before_unload=False)
    context.set_offline(False)
    assert body_of(app, draft_id)["stages"][0]["text"] == "Written with a connection."

    again = context.new_page()
    again.goto(f"{served}/drafts/{draft_id}")
    expect(story(again)).to_have_value("Written without one.")
    assert body_of(app, draft_id)["stages"][0]["text"] == "Written without one."


def test_a_row_moves_by_keys_and_says_where_it_is(app: Flask, served: str, enter: Enter) -> None:
    context, draft_id = enter("", BODY)
    page = context.new_page()
    page.goto(f"{served}/drafts/{draft_id}")

    page.get_by_label("Option C", exact=True).focus()
    page.keyboard.press("Alt+ArrowUp")

    expect(page.locator("[data-live]")).to_have_text("Option C is now B")
    expect(page.get_by_label("Option B", exact=True)).to_be_focused()
    expect(page.get_by_label("Option B", exact=True)).to_have_value("Three")
    saved(page)
    options = body_of(app, draft_id)["stages"][0]["items"][0]["options"]
    assert [option["text"] for option in options] == ["One", "Three", "Two"]


def test_another_authors_text_is_joined_but_never_where_one_writes(
    app: Flask, served: str, enter: Enter
) -> None:
    context, draft_id = enter("", BODY)
    other, _ = enter("Dr. Victor Salonen", BODY)
    mine, theirs = context.new_page(), other.new_page()
    mine.goto(f"{served}/drafts/{draft_id}")
    theirs.goto(f"{served}/drafts/{draft_id}")

    theirs.get_by_label("Option A", exact=True).fill("Theirs")
    saved(theirs)
    story(mine).fill("Mine.")

    expect(mine.get_by_label("Option A", exact=True)).to_have_value("Theirs")
    expect(mine.get_by_text("Dr. Victor Salonen is in this draft too")).to_be_visible()
    expect(story(mine)).to_have_value("Mine.")

    theirs.get_by_label("Option B", exact=True).fill("Theirs too")
    saved(theirs)
    mine.get_by_label("Title", exact=True).fill("My title")
    mine.get_by_label("Option B", exact=True).focus()
    mine.get_by_role("button", name="Show Dr. Victor Salonen’s text").click()
    expect(mine.get_by_label("Option B", exact=True)).to_have_value("Theirs too")


def test_after_a_save_the_advice_alone_travels_and_only_when_it_changed(
    served: str, enter: Enter
) -> None:
    context, draft_id = enter("", BODY)
    page = context.new_page()
    page.goto(f"{served}/drafts/{draft_id}")
    here, told = f"/drafts/{draft_id}", []
    page.on("response", lambda each: told.append((each.url.removeprefix(served), each.status)))
    expect(page.locator("[data-renews=blocks]")).to_contain_text("block approval")

    with page.expect_response("**/advice"):
        story(page).fill("A 45-year-old man has had back pain for 3 weeks.")
    expect(page.locator(".strip .lit")).to_contain_text(["Age", "Duration"])
    with page.expect_response("**/advice"):
        page.get_by_label("Title", exact=True).fill("Another title")
    saved(page)

    asked = [each for each in told if each[0] in (here, f"{here}?whole=1", f"{here}/advice")]
    assert asked == [(here, 200), (f"{here}/advice", 200), (here, 200), (f"{here}/advice", 304)]


def test_what_is_typed_beside_advice_stays_when_it_is_renewed(served: str, enter: Enter) -> None:
    body = {"title": "A calf", "stages": [{"#": "s1", "text": "Pain, always."}]}
    context, draft_id = enter("", body)
    page = context.new_page()
    page.goto(f"{served}/drafts/{draft_id}?whole=1")

    page.get_by_text("Keep, with a reason").first.click()
    reason = page.get_by_label("Why it stays as it is").first
    reason.fill("Its guideline")
    with page.expect_response("**/advice"):
        page.get_by_label("Title", exact=True).fill("Another title")
    saved(page)

    expect(reason).to_have_value("Its guideline")


def test_an_item_is_given_another_kind_with_what_was_typed_just_before(
    app: Flask, served: str, enter: Enter
) -> None:
    context, draft_id = enter("", BODY)
    page = context.new_page()
    page.goto(f"{served}/drafts/{draft_id}")

    page.get_by_label("Option A", exact=True).fill("Typed just before")
    page.get_by_role("button", name="Change the kind of item 1").click()
    page.get_by_label("Multiple response").check()
    page.get_by_role("button", name="Change the kind").click()

    expect(page.get_by_label("Right: option B")).to_be_checked()
    expect(page.get_by_label("Option A", exact=True)).to_have_value("Typed just before")
    item = body_of(app, draft_id)["stages"][0]["items"][0]
    assert item["type"] == "multiple_response"


def test_corners_of_a_place_are_put_moved_and_taken_out_on_the_picture(
    app: Flask, served: str, enter: Enter
) -> None:
    body = deepcopy(BODY)
    places = [{"#": "r1", "text": "Here", "polygon": "10,10 90,10 90,90"}, {"#": "r2"}, {"#": "r3"}]
    body["stages"][0]["items"] = [
        {"#": "i1", "type": "hotspot", "image": "celiac-axial.svg", "regions": places}
    ]
    context, draft_id = enter("", body)
    page = context.new_page()
    page.goto(f"{served}/drafts/{draft_id}")
    picture, rows = page.locator("svg.picture"), "stages/s1/items/i1/regions"
    second = page.locator(f"[id='{rows}/r2/polygon']")
    expect(page.get_by_role("radio", name="Place B", exact=True)).to_be_checked()

    picture.scroll_into_view_if_needed()
    for x, y in ((150, 60), (250, 60), (250, 140)):
        picture.click(position={"x": x, "y": y})
    expect(second).to_have_value(re.compile(r"^\d+,\d+ \d+,\d+ \d+,\d+$"))

    page.get_by_role("button", name="Corner 3 of place B").focus()
    before = second.input_value().split()
    page.keyboard.press("ArrowLeft")
    x, y = map(int, before[2].split(","))
    expect(second).to_have_value(f"{before[0]} {before[1]} {x - 5},{y}")
    page.keyboard.press("Delete")
    expect(second).to_have_value(f"{before[0]} {before[1]}")
    expect(page.get_by_role("button", name="Corner 2 of place B")).to_be_focused()

    page.locator(f"label[for='{rows}/r1/polygon/place']").click()
    sent = "polygon=10%2C10+90%2C10&"
    with page.expect_response(lambda each: sent in (each.request.post_data or "")):
        page.get_by_role("button", name="Take out its last corner").click()
    kept = body_of(app, draft_id)["stages"][0]["items"][0]["regions"]
    assert kept[0]["polygon"] == "10,10 90,10"
    assert kept[1]["polygon"] == f"{before[0]} {before[1]}"


class Hand:
    """An author's hand. A field is one that is written in or chosen from; a press is a click.

    A choice from a list counts as a field and as two presses, to open and to choose. Keys that
    write and Tab, which only goes on to the next field, are no presses.
    """

    def __init__(self, page: Page) -> None:
        self.page, self.fields, self.presses = page, 0, 0

    def write(self, label: str, text: str, nth: int = 0) -> None:
        self.fields += 1
        self.page.get_by_role("textbox", name=label, exact=True).nth(nth).fill(text)

    def choose(self, label: str, value: str) -> None:
        self.fields += 1
        self.presses += 2
        self.page.get_by_label(label, exact=True).select_option(value)

    def press(self, what: Locator) -> None:
        self.presses += 1
        what.click()

    def button(self, name: str) -> None:
        self.press(self.page.get_by_role("button", name=name, exact=True).first)


def test_one_item_with_four_reasons_takes_few_fields_and_presses(
    app: Flask, served: str, enter: Enter
) -> None:
    """From a blank draft to the page that sends it to review, which asks for the reviewer (1)."""
    context, draft_id = enter("", {"stages": [{"#": "s1"}]})
    page = context.new_page()
    page.goto(f"{served}/drafts/{draft_id}")
    hand = Hand(page)

    hand.write("Title", "A back at work")
    hand.write("Decision", "Keep moving instead of resting.")
    hand.button("Go on with the story")
    hand.write("Story", "A 45-year-old man has had back pain for 3 weeks.")
    hand.button("Add an item")
    expect(page.get_by_role("textbox", name="Lead-in", exact=True)).to_be_focused()
    hand.press(page.get_by_role("button", name="most appropriate next step"))
    hand.write("Answer in your own words", "Stay active.")
    for letter in "ABCD":
        hand.write(f"Option {letter}", f"Act {letter} now")
        hand.press(page.get_by_text(f"Add a reason, option {letter}"))
        hand.write("Reason", WHY, "ABCD".index(letter))
    hand.press(page.get_by_label("Best answer: option B"))
    hand.choose("Level", "application")
    hand.write("One more fact, by its id", "P61")
    hand.write("Takeaway", "Staying active is better than rest.")
    hand.button("Add a source")
    for label in ("Journal or publisher", "Year", "What it supports"):
        hand.write(label, "2019" if label == "Year" else "A guideline on back pain")
    hand.write("Source 1: Authors or body", "A college")
    hand.choose("Topic", "pharm-nonopioid")
    hand.press(page.get_by_label("Assessment and diagnosis"))
    hand.press(page.get_by_label("Interventional Pain Medicine Fellowship"))
    hand.button("Send to review")
    page.wait_for_url(f"**/drafts/{draft_id}/send*")

    item = body_of(app, draft_id)["stages"][0]["items"][0]
    assert [option["why"] for option in item["options"]] == [WHY] * 4
    assert [option.get("key", False) for option in item["options"]] == [False, True, False, False]
    assert body_of(app, draft_id)["facts"] == ["P61"]
    assert hand.fields + 1 <= 22
    assert hand.presses + 1 <= 40
