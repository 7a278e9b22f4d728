"""Faculty write: alone, two at a time, and while the connection is gone."""

import re
from typing import Any

import pytest
from playwright.sync_api import FilePayload, Page, expect

from lms.authoring.drafts.services import save
from lms.authoring.models import Draft
from lms.core.clock import utcnow
from lms.core.db import db, transaction
from tests.cases.pictures import pixels
from tests.journeys.desk import FORMS, TWO_FORMS, WritingDesk
from tests.journeys.site import Site
from tests.journeys.writers import write
from tests.services import wait_for

pytestmark = pytest.mark.xdist_group("writers")  # which one worker builds

WHY = "It is tempting as it is quick, but here it leaves what is wrong as it is, and harms later."

LEAD_INS = ("What comes next?", "What else?", "How many?", "In which order?")

STORY = """A 45-year-old carpenter has had pain in the back for 3 weeks and wants to lift again.

Two weeks later he is back, and it has not changed."""


@pytest.mark.parametrize(("width", "script"), FORMS)
def test_an_unfolding_case_of_four_item_types_is_written_in_one_sitting(
    writing: Site, width: int, script: bool
) -> None:
    page = writing.at_home("author", width, script=script)
    desk = WritingDesk(page)

    desk.follow("Open the bank")
    desk.follow("Write a case")
    desk.press("Begin with nothing")
    desk.write("Title", "A back at the bench")
    desk.write("Decision", "Whether to go on as before.")
    desk.press("Go on with the story")
    unfold(desk, script=script)
    bring_in_a_picture(desk)
    for kind, stage in KINDS:
        desk.add_item(kind, stage)
    ask(desk)
    close(desk)
    see_the_preview(desk, script=script)
    try_it(desk)
    desk.press("Send to review")
    expect(page.get_by_role("group", name="Who reviews it")).to_be_visible()


KINDS = (("single_best_answer", 1), ("multiple_response", 1), ("numeric", 2), ("ordering", 2))
"""The items, and after which stage each is asked."""


def unfold(desk: WritingDesk, *, script: bool) -> None:
    """Write the story and split it: where the caret is, or after what is written so far."""
    now, _, later = STORY.partition("\n\n")
    if script:
        desk.write("Story", STORY)
        desk.field("Story").evaluate("(area, at) => area.setSelectionRange(at, at)", len(now))
    else:
        desk.write("Story", now)
    desk.press("Split the story here")
    expect(desk.field("Story")).to_have_value(now)
    if not script:
        desk.write("Story", later, 1)
    expect(desk.field("Story", 1)).to_have_value(later)
    desk.write("Title", "At first", 1)
    desk.write("Title", "Two weeks later", 2)


def bring_in_a_picture(desk: WritingDesk) -> None:
    """Add an exhibit to the first stage, and a picture to it."""
    desk.press("Picture")
    desk.write("Exhibit 1: Title", "The bench")
    desk.press("Upload a picture")
    camera = FilePayload(name="camera.png", mimeType="image/png", buffer=pixels())
    desk.page.get_by_label("Picture", exact=True).set_input_files(camera)
    desk.write("The same in words", "A bench, seen from the side.")
    desk.write("Source", "Drawn for this case.")
    desk.write("License", "Our own.")
    desk.press("Add the picture")


def ask(desk: WritingDesk) -> None:
    """Fill the four items in."""
    for nth, lead_in in enumerate(LEAD_INS):
        desk.write("Lead-in", lead_in, nth)
        desk.choose("Level", "application", nth)
    for nth, own in enumerate(("Go on.", "Rest and ice.", "Twelve.")):
        desk.write("Answer in your own words", own, nth)
    for nth in (0, 1):
        for letter in "ABCD":
            desk.write(f"Option {letter}", f"Act {letter} of item {nth + 1}", nth)
    desk.tick("Best answer: option B")
    desk.tick("Right: option A")
    desk.tick("Right: option C")
    desk.write("How many to choose", "2")
    desk.choose("Credit", "net_correct")
    desk.write("Answer", "12")
    desk.write("Unit", "days")
    desk.write("Right within", "1")
    for step in (1, 2, 3, 4):
        desk.write(f"Step {step}: Step", f"Step number {step}")
    for nth in range(4 + 4 + 1 + 4):
        desk.write("Reason", WHY, nth)


def close(desk: WritingDesk) -> None:
    """Say what is carried away, from where that is, and what the case is about."""
    desk.write("Takeaway", "Staying active is better than rest.")
    desk.press("Add a source")
    desk.write("Source 1: Authors or body", "A college")
    desk.write("Title", "A guideline on back pain", 3)
    desk.write("Journal or publisher", "A journal")
    desk.write("Year", "2019")
    desk.write("What it supports", "Staying active.")
    desk.write("One more fact, by its id", "P61")
    desk.choose("Topic", "pharm-nonopioid")
    desk.tick("Assessment and diagnosis")
    desk.tick("Interventional Pain Medicine Fellowship")


def see_the_preview(desk: WritingDesk, *, script: bool) -> None:
    """See each stage as a fellow would, without a reason; a script follows where one writes."""
    preview = desk.page.frame_locator("iframe")
    if script:
        desk.field("Story").focus()
    else:
        desk.press("Refresh preview")
    expect(preview.get_by_text("Act B of item 1")).to_be_attached()
    expect(preview.get_by_role("img", name="The bench")).to_be_attached()
    expect(preview.get_by_text(WHY)).to_have_count(0)
    if script:
        desk.field("Story", 1).focus()
    else:
        preview.get_by_role("link", name="Stage 2").click()
    expect(preview.get_by_text("Step number 1")).to_be_attached()


def try_it(desk: WritingDesk) -> None:
    """Answer the case as a fellow would, and come back from its result."""
    page = desk.page
    desk.press("Try it as a fellow")
    for act in ("Act B of item 1", "Act A of item 2", "Act C of item 2"):
        page.get_by_text(act).click()
    desk.press("Lock answers and go on")
    page.locator("#item-3").get_by_role("textbox").first.fill("12 days")
    for place, menu in enumerate(page.locator("#item-4").get_by_role("combobox").all(), start=1):
        menu.select_option(str(place))
    desk.press("See key and reasons")
    expect(page.get_by_text(WHY).first).to_be_attached()
    expect(page.locator(".score")).to_have_text(re.compile(r"^3(\.\d+)? of 4$|^4 of 4$"))
    desk.follow("Back to the draft")


@pytest.mark.parametrize(("width", "script"), TWO_FORMS)
def test_two_authors_at_once_are_told_joined_and_asked_and_an_earlier_state_comes_back(
    writing: Site, width: int, script: bool
) -> None:
    title = f"Two at {width}"
    with writing.app.app_context():
        draft_id = write(writing.person("author"), utcnow(), slug=f"two-at-{width}", title=title)
    mine, theirs = (
        Together(writing.at_home(who, width, script=script), draft_id, script=script)
        for who in ("author", "colleague")
    )

    mine.desk.follow(f"Go on writing: {title}")
    theirs.desk.follow("Bank")
    theirs.desk.page.get_by_role("searchbox").fill(title)
    theirs.desk.press("Search")
    theirs.desk.follow(title)

    mine.keep("Story", "A woman comes on foot.")
    theirs.keep("Takeaway", "Walking says much.")
    expect(theirs.desk.page.get_by_text("Dr. Ada Brandt is in this draft too")).to_be_visible()
    expect(theirs.desk.field("Story")).to_have_value("A woman comes on foot.")
    theirs.keep("Title", "Their title")
    mine.keep("Title", "My title")
    mine.see_both_texts()
    for said in ("Yours", "Dr. Victor Salonen’s"):
        expect(mine.desk.page.locator(".pick", has_text=said)).to_be_visible()
    mine.desk.tick("Yours")
    mine.desk.press("Use the chosen text")
    expect(mine.desk.page.get_by_text("Dr. Victor Salonen is in this draft too")).to_be_visible()
    said = body_of(writing, draft_id)
    assert (said["title"], said["takeaway"]) == ("My title", "Walking says much.")
    assert said["stages"][0]["text"] == "A woman comes on foot."

    mine.desk.follow("Earlier states of this draft")
    mine.desk.follow("Look at state 2")
    mine.desk.press("Bring this state back")
    assert body_of(writing, draft_id)["title"] == title
    theirs.keep("Decision", "Whether to walk.")
    expect(theirs.desk.field("Title")).to_have_value(title)


class Together:
    """One of two authors of a draft."""

    def __init__(self, page: Page, draft_id: int, *, script: bool) -> None:
        self.desk, self.script = WritingDesk(page), script
        self.address = f"**/drafts/{draft_id}"

    def keep(self, label: str, text: str) -> None:
        """Write something and have it saved: by its key, or by the button."""
        if not self.script:
            self.desk.write(label, text)
            self.desk.press("Save draft")
            return
        with self.desk.page.expect_response(self.address):
            self.desk.write(label, text)
            self.desk.page.keyboard.press("Control+s")

    def see_both_texts(self) -> None:
        """Come to the two texts for one place; without script a save leads there."""
        if self.script:
            self.desk.follow("See both texts")
        expect(self.desk.page.get_by_role("heading", level=1)).to_contain_text("Two texts for")


def body_of(writing: Site, draft_id: int) -> dict[str, Any]:
    with writing.app.app_context():
        return db.session.get_one(Draft, draft_id).body


@pytest.mark.parametrize("width", [390, 1280])
def test_nothing_is_lost_while_the_connection_is_gone_though_somebody_else_writes(
    writing: Site, width: int
) -> None:
    title = f"Offline at {width}"
    with writing.app.app_context():
        draft_id = write(
            writing.person("author"), utcnow(), slug=f"offline-at-{width}", title=title
        )
    page = writing.at_home("author", width)
    desk = WritingDesk(page)
    desk.follow(f"Go on writing: {title}")
    desk.write("Decision", "Decided with a connection.")

    page.context.set_offline(True)
    desk.write("Story", "Told without one.")
    expect(page.locator("[data-save]")).to_contain_text("no connection. Kept on this device")
    with writing.app.app_context(), transaction():
        other = writing.person("colleague")
        seen = db.session.get_one(Draft, draft_id)
        theirs = seen.body | {"takeaway": "Said meanwhile."}
        save(other, draft_id, theirs, from_revision=seen.revision, tab="other", now=utcnow())
    desk.write("Option A", "Written without one.")
    page.context.set_offline(False)

    wait_for(lambda: "Written without one." in str(body_of(writing, draft_id)), "what was written")
    expect(desk.field("Takeaway")).to_have_value("Said meanwhile.")
    said = body_of(writing, draft_id)
    assert (said["decision"], said["takeaway"]) == ("Decided with a connection.", "Said meanwhile.")
    assert said["stages"][0]["text"] == "Told without one."
    gone = [each for each in writing.troubles if "ERR_INTERNET_DISCONNECTED" in each]
    assert gone
    writing.troubles[:] = [each for each in writing.troubles if each not in gone]
