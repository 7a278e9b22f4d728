"""What is pasted into the editor in a real browser, and what it hears of others."""

from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import expect

from lms.authoring.drafts import queries
from lms.authoring.drafts.choosing import WhichText, choose
from lms.core.db import transaction
from tests.authoring.drafts.factories import save as kept_by
from tests.authoring.drafts.factories import saying
from tests.authoring.drafts.kept import BODY as PLAIN
from tests.authoring.drafts.kept import make_author
from tests.authoring.editor.conftest import Enter
from tests.authoring.editor.desk import body_of, saved, story
from tests.authoring.editor.test_buttons import BODY
from tests.factories import NOW
from tests.journeys.axe import flaws, load_axe

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

LIST = "A) Walk every day\nB) Rest in bed *\nC) Imaging\nD) An injection"
SOURCES = "10.1000/182\n\n10.1000/183"

COPY = """async (text) => { await navigator.clipboard.writeText(text); }"""
COPY_PICTURE = """async ([wide, high]) => {
  const canvas = Object.assign(document.createElement("canvas"), { width: wide, height: high });
  canvas.getContext("2d").fillRect(4, 4, 9, 9);
  const blob = await new Promise((made) => { canvas.toBlob(made, "image/png"); });
  await navigator.clipboard.write([new ClipboardItem({ "image/png": blob })]);
}"""


def options_of(app: Flask, draft_id: int) -> list[str]:
    item = body_of(app, draft_id)["stages"][0]["items"][0]
    return [option.get("text", "") for option in item["options"]]


def blank_options() -> dict[str, Any]:
    item = BODY["stages"][0]["items"][0]
    options = [{"#": f"o{n}"} for n in range(1, 5)]
    return BODY | {"stages": [BODY["stages"][0] | {"items": [item | {"options": options}]}]}


def test_a_list_that_is_pasted_into_an_empty_option_becomes_options(
    app: Flask, served: str, enter: Enter
) -> None:
    context, draft_id = enter("Dr. Ada", blank_options())
    page = context.new_page()
    page.goto(f"{served}/drafts/{draft_id}")
    page.get_by_label("Title", exact=True).fill("Typed just before")
    page.evaluate(COPY, LIST)

    page.get_by_label("Option A", exact=True).focus()
    page.keyboard.press("Control+V")

    expect(page.get_by_text("4 options taken from what was pasted.")).to_be_visible()
    expect(page.get_by_label("Option D", exact=True)).to_have_value("An injection")
    expect(page.get_by_label("Best answer: option B")).to_be_checked()
    assert body_of(app, draft_id)["title"] == "Typed just before"


def test_a_list_in_the_middle_of_a_text_stays_where_it_was_pasted(
    app: Flask, served: str, enter: Enter
) -> None:
    context, draft_id = enter("Dr. Ada", BODY)
    page = context.new_page()
    page.goto(f"{served}/drafts/{draft_id}")
    page.evaluate(COPY, LIST)

    page.get_by_label("Option A", exact=True).focus()
    page.keyboard.press("Control+End")
    page.keyboard.press("Control+V")
    saved(page)

    assert options_of(app, draft_id) == [f"One{LIST}", "Two", "Three"]


@pytest.mark.parametrize("scripted", [True, False], ids=["with script", "without"])
def test_lists_and_sources_are_pasted_into_fields_of_their_own(
    app: Flask, served: str, enter: Enter, tmp_path: Any, *, scripted: bool
) -> None:
    context, draft_id = enter("Dr. Ada", blank_options(), java_script_enabled=scripted)
    page = context.new_page()
    page.goto(f"{served}/drafts/{draft_id}")

    page.get_by_text("Paste a list").click()
    page.get_by_label("List of options").fill(LIST)
    page.get_by_role("button", name="Make options of it").click()
    expect(page.get_by_text("4 options taken from what was pasted.")).to_be_visible()
    assert len(options_of(app, draft_id)) == 4

    file = tmp_path / "one.bib"
    file.write_text("@article{k, author={Ito, Cy}, title={Knees}, journal={J}, year={2021}}")
    page.get_by_label("Paste a DOI, or the text of a .ris").fill(SOURCES)
    page.get_by_label("Or the file itself").set_input_files(file)
    page.get_by_role("button", name="Read the sources").click()

    expect(page.get_by_text("3 sources taken from what was pasted.")).to_be_visible()
    expect(page.get_by_text("a DOI alone. Nothing was looked up").first).to_be_visible()
    dois = [row.get("doi") for row in body_of(app, draft_id)["references"]]
    assert dois == [None, "10.1000/182", "10.1000/183"]
    for width in (1280, 390) if scripted else ():
        page.set_viewport_size({"width": width, "height": 900})
        load_axe(page)
        page.evaluate("() => scrollTo(0, 0)")
        assert flaws(page) == []


def test_a_picture_that_is_pasted_into_the_story_is_an_exhibit_of_it(
    app: Flask, served: str, enter: Enter
) -> None:
    context, draft_id = enter("Dr. Ada", BODY)
    page = context.new_page()
    page.goto(f"{served}/drafts/{draft_id}")
    story(page).fill("Typed just before.")
    page.evaluate(COPY_PICTURE, [40, 30])

    story(page).focus()
    page.keyboard.press("Control+V")

    expect(page.get_by_text("Upload a picture")).to_be_visible()
    (stage,) = body_of(app, draft_id)["stages"]
    assert stage["exhibits"][0]["image"].endswith(".png")
    assert stage["text"] == "Typed just before."


def test_why_a_picture_is_not_taken_is_said_where_it_was_pasted(
    app: Flask, served: str, enter: Enter
) -> None:
    context, draft_id = enter("Dr. Ada", BODY)
    page = context.new_page()
    page.goto(f"{served}/drafts/{draft_id}")
    page.evaluate(COPY_PICTURE, [4000, 3000])

    story(page).focus()
    page.keyboard.press("Control+V")

    said = page.locator(".box + [role=alert]")
    expect(said).to_contain_text("The picture was not uploaded: ")
    expect(said).to_contain_text("8 million")
    assert body_of(app, draft_id) == BODY


def test_what_another_author_chose_is_told_within_seconds_and_once(
    app: Flask, served: str, enter: Enter
) -> None:
    with app.app_context(), transaction():
        ada, ben = make_author("Dr. Ada"), make_author("Dr. Ben")
    context, draft_id = enter(ada, PLAIN)
    page = context.new_page()
    page.goto(f"{served}/drafts/{draft_id}")

    with app.app_context():
        kept_by(ada, draft_id, saying(title="Ada's"), tab="elsewhere")
        kept_by(ben, draft_id, saying(title="Ben's"), tab="ben")
        with transaction():
            draft = queries.open_draft(draft_id, ben, NOW, locked=True)
            (text,) = queries.waiting_of(draft, ben)
            choose(ben, draft, text, WhichText.MINE, written="", now=NOW)

    told = page.locator(".notice", has_text="Dr. Ben has chosen between two texts for ")
    expect(page.locator("[data-live]")).to_contain_text("Dr. Ben has chosen", timeout=9000)
    page.wait_for_timeout(6000)
    expect(told).to_have_count(1)
    expect(told).to_be_visible()


def test_a_save_that_arrives_after_a_button_undoes_nothing(
    app: Flask, served: str, enter: Enter
) -> None:
    """The first save hangs on its way, is given up, and arrives when all the rest is there."""
    context, draft_id = enter("Dr. Ada", BODY)
    page = context.new_page()
    page.goto(f"{served}/drafts/{draft_id}")
    held: list[tuple[str, dict[str, str]]] = []

    def hold(route: Any) -> None:
        if held or "do=" in (route.request.post_data or "") or route.request.method == "GET":
            route.continue_()
            return
        held.append((route.request.post_data, route.request.headers))
        route.abort()

    page.route(f"**/drafts/{draft_id}", hold)
    story(page).fill("The first words.")
    expect(page.locator("[data-save]")).to_contain_text("no connection")
    story(page).fill("The last words.")
    page.get_by_role("button", name="Add an option").click()
    expect(page.get_by_label("Option D", exact=True)).to_be_focused()

    [(body, headers)] = held
    late = context.request.post(
        f"{served}/drafts/{draft_id}", data=body, headers=headers | {"accept": "application/json"}
    )

    assert late.status == 200
    assert late.json()["conflicts"] == []
    assert body_of(app, draft_id)["stages"][0]["text"] == "The last words."
    assert len(options_of(app, draft_id)) == 4
