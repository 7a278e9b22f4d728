"""What an author has typed, in a real browser, whatever comes between."""

from copy import deepcopy
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import expect

from lms.authoring.models import Draft
from lms.core.db import db
from lms.people.models import User
from tests.authoring.editor.conftest import Enter
from tests.authoring.editor.desk import body_of, saved, story, write
from tests.authoring.editor.test_buttons import BODY

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def test_words_of_an_author_that_name_a_row_stay_when_the_row_moves(
    app: Flask, served: str, enter: Enter
) -> None:
    body = deepcopy(BODY)
    options = body["stages"][0]["items"][0]["options"]
    options[2]["text"] = "Unlike option C of old"
    context, draft_id = enter("", body)
    page = context.new_page()
    page.goto(f"{served}/drafts/{draft_id}")

    page.get_by_label("Option C", exact=True).focus()
    page.keyboard.press("Alt+ArrowUp")
    saved(page)

    moved = body_of(app, draft_id)["stages"][0]["items"][0]["options"]
    assert [option["text"] for option in moved] == ["One", "Unlike option C of old", "Two"]


def test_a_fact_that_another_author_added_is_no_text_of_mine(
    app: Flask, served: str, enter: Enter
) -> None:
    body = deepcopy(BODY) | {"facts": ["P24"]}
    context, draft_id = enter("", body)
    other, _ = enter("Dr. Victor Salonen", BODY)
    mine, theirs = context.new_page(), other.new_page()
    mine.goto(f"{served}/drafts/{draft_id}")
    theirs.goto(f"{served}/drafts/{draft_id}")

    write(theirs, theirs.get_by_label("One more fact, by its id"), "P61")
    write(mine, story(mine), "Mine.")
    write(mine, mine.get_by_label("Title", exact=True), "My title")

    assert body_of(app, draft_id)["facts"] == ["P24", "P61"]


def test_one_goes_on_in_anothers_text_once_it_is_shown(
    app: Flask, served: str, enter: Enter
) -> None:
    context, draft_id = enter("", BODY)
    other, _ = enter("Dr. Victor Salonen", BODY)
    mine, theirs = context.new_page(), other.new_page()
    mine.goto(f"{served}/drafts/{draft_id}")
    theirs.goto(f"{served}/drafts/{draft_id}")

    write(theirs, theirs.get_by_label("Option A", exact=True), "Theirs")
    story(mine).fill("Mine.")
    expect(mine.get_by_label("Option A", exact=True)).to_have_value("Theirs")
    write(mine, mine.get_by_label("Option A", exact=True), "Theirs and mine")

    saved(mine)
    options = body_of(app, draft_id)["stages"][0]["items"][0]["options"]
    assert options[0]["text"] == "Theirs and mine"


def test_what_waits_on_the_device_is_sent_after_signing_in_anew(
    app: Flask, served: str, enter: Enter, signed_in: Any
) -> None:
    context, draft_id = enter("", BODY)
    page = context.new_page()
    page.goto(f"{served}/drafts/{draft_id}")
    context.set_offline(True)
    story(page).fill("Written without a connection.")
    expect(page.locator("[data-save]")).to_contain_text("Kept on this device")
    page.evaluate("() => { window.fetch = () => Promise.reject(new TypeError('none')); }")
    page.close(run_before_unload=False)
    context.set_offline(False)

    with app.app_context():
        owner = db.session.get_one(User, db.session.get_one(Draft, draft_id).owner_id)
    cookie = signed_in(owner).get_cookie("session")
    context.add_cookies([{"name": "session", "value": cookie.value, "url": served}])
    again = context.new_page()
    again.goto(f"{served}/drafts/{draft_id}")
    expect(story(again)).to_have_value("Written without a connection.")
    assert body_of(app, draft_id)["stages"][0]["text"] == "Written without a connection."


def test_going_back_brings_no_old_text_over_a_newer_one(
    app: Flask, served: str, enter: Enter
) -> None:
    context, draft_id = enter("", BODY)
    other, _ = enter("Dr. Victor Salonen", BODY)
    mine, theirs = context.new_page(), other.new_page()
    mine.goto(f"{served}/drafts/{draft_id}")
    write(mine, story(mine), "Old words of mine.")
    mine.get_by_role("link", name="Earlier states of this draft").click()
    theirs.goto(f"{served}/drafts/{draft_id}")
    write(theirs, story(theirs), "Newer words.")
    mine.go_back()
    expect(story(mine)).to_have_value("Newer words.")
    write(mine, mine.get_by_label("Title", exact=True), "My title")
    assert body_of(app, draft_id)["stages"][0]["text"] == "Newer words."


def test_signing_out_on_another_page_asks_before_it_erases_what_was_not_sent(
    app: Flask, served: str, enter: Enter
) -> None:
    context, draft_id = enter("", BODY)
    page = context.new_page()
    page.goto(f"{served}/drafts/{draft_id}")
    context.set_offline(True)
    story(page).fill("Written without a connection.")
    expect(page.locator("[data-save]")).to_contain_text("Kept on this device")
    page.evaluate("() => { window.fetch = () => Promise.reject(new TypeError('none')); }")
    context.set_offline(False)

    page.goto(f"{served}/bank")
    page.locator(".menu summary").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("alert")).to_contain_text("still on this device: not sent")
    page.get_by_role("link", name="Open the draft to send it").click()
    expect(story(page)).to_have_value("Written without a connection.")
    saved(page)

    assert body_of(app, draft_id)["stages"][0]["text"] == "Written without a connection."
