"""An author who goes back in a browser without script, after another one has written."""

from copy import deepcopy
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from lms.core.db import db, transaction
from tests.authoring.drafts.factories import save
from tests.authoring.drafts.kept import make_author
from tests.authoring.editor.conftest import Enter
from tests.authoring.editor.desk import body_of, story
from tests.authoring.editor.test_buttons import BODY

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


class Desk:
    """An author at a page of the editor, and another one who writes elsewhere."""

    def __init__(self, app: Flask, page: Page, url: str, draft_id: int) -> None:
        self.app, self.page, self.url, self.draft_id = app, page, url, draft_id

    def open(self) -> None:
        self.page.goto(self.url)

    def leave(self) -> None:
        self.page.get_by_role("link", name="Earlier states of this draft").click()
        self.page.wait_for_url("**/states")

    def press_save(self) -> None:
        self.page.get_by_role("button", name="Save draft").last.click()

    def another_writes(self, **changes: Any) -> None:
        """Have another author's page, made by now, say something else: story or lead-in."""
        with self.app.app_context():
            with transaction():
                author = make_author("Dr. Victor Salonen")
            body = deepcopy(self.body)
            stage = body["stages"][0]
            stage["text"] = changes.get("story", stage["text"])
            stage["items"][0] |= changes.get("item", {})
            save(author, self.draft_id, body, since=self.revision, tab="theirs")

    @property
    def body(self) -> dict[str, Any]:
        return body_of(self.app, self.draft_id)

    @property
    def revision(self) -> int:
        with self.app.app_context():
            return db.session.scalars(db.text("SELECT revision FROM draft")).one()

    @property
    def text(self) -> str:
        return self.body["stages"][0]["text"]

    @property
    def item(self) -> dict[str, Any]:
        return self.body["stages"][0]["items"][0]


@pytest.fixture
def desk(app: Flask, served: str, enter: Enter) -> Desk:
    context, draft_id = enter("Dr. Ada", BODY, java_script_enabled=False)
    desk = Desk(app, context.new_page(), f"{served}/drafts/{draft_id}", draft_id)
    desk.open()
    return desk


def test_what_was_typed_comes_back_and_both_texts_are_shown(desk: Desk) -> None:
    story(desk.page).fill("Words of mine.")
    desk.leave()
    desk.another_writes(story="Newer words.")
    desk.page.go_back()
    expect(story(desk.page)).to_have_value("Words of mine.")
    desk.press_save()

    expect(desk.page.get_by_role("heading", level=1)).to_contain_text("Two texts")
    expect(desk.page.get_by_text("Newer words.").first).to_be_visible()
    expect(desk.page.get_by_text("Words of mine.").first).to_be_visible()
    assert desk.text == "Newer words."


def test_what_was_typed_beside_what_another_wrote_is_joined_with_it(desk: Desk) -> None:
    desk.page.get_by_label("Title", exact=True).fill("My title")
    desk.leave()
    desk.another_writes(story="Newer words.", item={"lead_in": "Newer question?"})
    desk.page.go_back()
    desk.press_save()

    assert "/conflict" not in desk.page.url
    assert (desk.body["title"], desk.text) == ("My title", "Newer words.")
    assert desk.item["lead_in"] == "Newer question?"


def test_a_choice_that_nobody_touched_is_not_put_over_a_newer_one(desk: Desk) -> None:
    """A browser brings boxes and lists back as they were, also where they were left alone."""
    desk.leave()
    desk.another_writes(item={"level": "judgement", "shuffle": True})
    desk.page.go_back()
    desk.press_save()

    assert (desk.item["level"], desk.item["shuffle"]) == ("judgement", True)


def test_a_row_that_another_added_stays_where_one_wrote_before(desk: Desk) -> None:
    story(desk.page).fill("Words of mine.")
    desk.leave()
    options = [*desk.item["options"], {"#": "o4", "text": "Four"}]
    desk.another_writes(item={"options": options})
    desk.page.go_back()
    desk.press_save()

    assert desk.text == "Words of mine."
    assert [each["text"] for each in desk.item["options"]] == ["One", "Two", "Three", "Four"]


def test_the_own_newer_words_are_not_lost_by_going_back_to_older_ones(desk: Desk) -> None:
    story(desk.page).fill("First words.")
    desk.press_save()
    desk.page.wait_for_url("**#saved")
    story(desk.page).fill("Second words.")
    desk.press_save()
    desk.leave()
    desk.open()
    assert desk.text == "Second words."

    while story(desk.page).input_value() != "First words.":
        desk.page.go_back()
        if "/states" in desk.page.url:
            desk.page.go_back()
    desk.press_save()

    assert desk.text == "Second words."


def test_a_page_that_is_loaded_anew_and_left_alone_changes_nothing(desk: Desk) -> None:
    desk.another_writes(story="Newer words.", item={"level": "judgement"})
    desk.page.reload()
    expect(story(desk.page)).to_have_value("Newer words.")
    desk.press_save()

    assert "/conflict" not in desk.page.url
    assert (desk.text, desk.item["level"]) == ("Newer words.", "judgement")


def test_the_choice_for_one_place_is_not_made_for_another(desk: Desk) -> None:
    """Two places wait; one goes back from the second to the first, which is not shown any more."""
    story(desk.page).fill("Words of mine.")
    desk.page.locator("[name$='/lead_in']").fill("My question?")
    desk.another_writes(story="Newer words.", item={"lead_in": "Newer question?"})
    desk.press_save()
    desk.page.wait_for_url("**/conflict**")
    desk.page.get_by_text("Write it from both").click()
    desk.page.get_by_label("Use what I write here").check()
    desk.page.locator("textarea[name=both]").fill("Words of both.")
    use = desk.page.get_by_role("button", name="Use the chosen text")
    use.click()
    expect(desk.page.get_by_text("Chosen for")).to_be_visible()
    desk.page.go_back()
    expect(desk.page.locator("textarea[name=both]")).to_have_value("Words of both.")
    use.click()

    expect(desk.page.get_by_text("This has changed since you opened the page")).to_be_visible()
    assert (desk.item["lead_in"], desk.text) == ("Words of both.", "Newer words.")
