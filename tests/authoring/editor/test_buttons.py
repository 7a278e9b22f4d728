"""What the editor's buttons do without a script, and where one is afterwards."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict

from lms.authoring.models import Draft
from lms.core.db import db, transaction
from tests.authoring.drafts.kept import kept_draft, make_author
from tests.authoring.editor.browser import controls_of, press
from tests.reading import words

OPTIONS = "stages/s1/items/i1/options"

BODY: dict[str, Any] = {
    "title": "An itch",
    "decision": "Restore the drug.",
    "stages": [
        {
            "#": "s1",
            "text": "First part. Second part.",
            "items": [
                {
                    "#": "i1",
                    "type": "single_best_answer",
                    "lead_in": "Which is best?",
                    "options": [
                        {"#": "o1", "text": "One"},
                        {"#": "o2", "text": "Two", "key": True},
                        {"#": "o3", "text": "Three"},
                    ],
                }
            ],
        }
    ],
}


class Desk:
    """An author at a draft."""

    def __init__(self, client: FlaskClient, draft_id: int, app: Flask) -> None:
        self.client, self.draft_id, self.app = client, draft_id, app

    def press(self, do: str, at: str = "", **typed: str) -> str:
        """Press a button; return the address that it leads to."""
        page = press(self.client, self.draft_id, do, at, **typed)
        assert page.status_code == 303, page.status
        return page.location

    @property
    def body(self) -> dict[str, Any]:
        with self.app.app_context():
            return db.session.get_one(Draft, self.draft_id).body

    @property
    def options(self) -> list[dict[str, Any]]:
        return self.body["stages"][0]["items"][0]["options"]


@pytest.fixture
def desk(app: Flask, signed_in: Callable[..., FlaskClient]) -> Desk:
    with app.app_context(), transaction():
        author = make_author()
        draft_id = kept_draft(author, body=BODY).id
    return Desk(signed_in(author), draft_id, app)


def texts(desk: Desk) -> list[str]:
    return [option.get("text", "") for option in desk.options]


def test_a_row_moves_and_takes_the_focus_along(desk: Desk) -> None:
    address = desk.press(f"up:{OPTIONS}/o3")

    assert texts(desk) == ["One", "Three", "Two"]
    assert urlsplit(address).fragment == f"{OPTIONS}/o3"

    desk.press(f"down:{OPTIONS}/o1")
    assert texts(desk) == ["Three", "One", "Two"]


def test_the_first_source_comes_alone(desk: Desk) -> None:
    desk.press("add:references")
    assert len(desk.body["references"]) == 1

    desk.press("add:references")
    assert len(desk.body["references"]) == 2


def test_a_row_is_added_with_what_was_typed_before(desk: Desk) -> None:
    address = desk.press(f"add:{OPTIONS}", stages__s1__text="Another story.")

    assert desk.body["stages"][0]["text"] == "Another story."
    assert len(desk.options) == 4
    assert urlsplit(address).fragment == f"{OPTIONS}/{desk.options[-1]['#']}/text"


def test_what_is_removed_is_said_in_its_place_and_comes_back(desk: Desk) -> None:
    address = desk.press(f"remove:{OPTIONS}/o2")
    page = desk.client.get(address)

    assert texts(desk) == ["One", "Three"]
    assert "Option B was removed." in page.text
    assert urlsplit(address).fragment == "removed"

    desk.press("undo:1", f"?{urlsplit(address).query}")
    assert texts(desk) == ["One", "Two", "Three"]
    assert desk.options[1]["key"] is True


def test_an_item_of_any_kind_is_added_with_rows_to_fill(desk: Desk) -> None:
    sent = [
        *controls_of(desk.client.get(f"/drafts/{desk.draft_id}")),
        ("do", "add:stages/s1/items"),
    ]
    sent = [(n, "matching" if n == "kind:stages/s1/items" else v) for n, v in sent]
    page = desk.client.post(f"/drafts/{desk.draft_id}", data=MultiDict(sent))

    item = desk.body["stages"][0]["items"][1]
    assert item["type"] == "matching"
    assert len(item["pairs"]) >= 3
    assert urlsplit(page.location).fragment == f"stages/s1/items/{item['#']}/lead_in"


def test_the_story_is_split_where_it_is_asked_and_its_items_go_along(desk: Desk) -> None:
    address = desk.press("split:stages/s1:12")

    first, second = desk.body["stages"]
    assert (first["text"], second["text"]) == ("First part.", "Second part.")
    assert "items" not in first
    assert second["items"][0]["#"] == "i1"
    assert urlsplit(address).fragment == f"stages/{second['#']}/text"


def test_one_option_is_the_key(desk: Desk) -> None:
    sent = [
        (name, "o3" if name == f"{OPTIONS}/@key" else value)
        for name, value in controls_of(desk.client.get(f"/drafts/{desk.draft_id}"))
    ]
    desk.client.post(f"/drafts/{desk.draft_id}", data=MultiDict([*sent, ("do", "save")]))

    assert [option.get("key", False) for option in desk.options] == [False, False, True]


def test_a_lead_in_begins_with_one_of_the_usual_words(desk: Desk) -> None:
    address = desk.press("say:stages/s1/items/i1/lead_in:0", stages__s1__items__i1__lead_in="")

    assert desk.body["stages"][0]["items"][0]["lead_in"].startswith("Which of the following")
    assert urlsplit(address).fragment == "stages/s1/items/i1/lead_in"


def test_enter_saves_and_sends_nothing_to_review(desk: Desk) -> None:
    page = desk.client.get(f"/drafts/{desk.draft_id}").text
    form = page[page.index('<form class="editor"') :]

    assert form.index('value="save"') < form.index('value="send"')


@pytest.mark.parametrize("do", ["send", "try", "facts"])
def test_a_button_that_leads_elsewhere_saves_first(desk: Desk, do: str) -> None:
    address = desk.press(do, title="A new title")

    assert desk.body["title"] == "A new title"
    assert urlsplit(address).path == f"/drafts/{desk.draft_id}/{do}"


@pytest.mark.parametrize(
    "do",
    ["up:", "up:stages/zz", "add:nowhere", "remove:title", "split:stages/s1:x", "undo:x", "say:a:9",
     "add:", "down:stages/s1/items/i1/options/@", "boil", "split:", "say:title/x:1"],
)  # fmt: skip
def test_a_button_whose_place_is_gone_saves_all_the_same(desk: Desk, do: str) -> None:
    desk.press(do, title="A new title")

    assert desk.body == BODY | {"title": "A new title"}


def test_a_page_that_one_goes_back_to_undoes_nothing_of_what_its_button_did(desk: Desk) -> None:
    page = desk.client.get(f"/drafts/{desk.draft_id}")
    rows, address = "stages/s1/items/i1/options", f"/drafts/{desk.draft_id}"
    later = {f"list:{rows}": "Four\nFive", "title": "Later"}
    sent = [(name, value) for name, value in controls_of(page) if name not in later]

    for typed in ({"do": f"paste:{rows}", "title": "An itch"}, {"title": "Later"}):
        new = later | typed
        answer = desk.client.post(address, data=MultiDict([*sent, *new.items()]))
        assert answer.status_code == 303

    assert desk.body["title"] == "Later"
    assert texts(desk) == ["One", "Two", "Three", "Four", "Five"]


def test_what_a_form_did_not_bring_stays(desk: Desk) -> None:
    """A form that broke off on its way takes nothing away."""
    page = desk.client.get(f"/drafts/{desk.draft_id}")
    sent = [each for each in controls_of(page) if each[0] in ("revision", "tab", "csrf_token")]

    desk.client.post(f"/drafts/{desk.draft_id}", data=MultiDict([*sent, ("title", "New")]))

    assert desk.body == BODY | {"title": "New"}


def test_two_authors_who_change_different_places_lose_nothing(
    desk: Desk, signed_in: Callable[..., FlaskClient]
) -> None:
    with desk.app.app_context(), transaction():
        author = make_author("Dr. Victor Salonen")
    other = signed_in(author)
    here = f"/drafts/{desk.draft_id}"
    mine, theirs = controls_of(desk.client.get(here)), controls_of(other.get(here))

    other.post(here, data=MultiDict([(n, "Theirs" if n == "title" else v) for n, v in theirs]))
    mine = [(n, "My story." if n == "stages/s1/text" else v) for n, v in mine]
    told = desk.client.post(here, data=MultiDict(mine), headers={"Accept": "application/json"})

    assert told.status_code == 200
    assert desk.body["title"] == "Theirs"
    assert desk.body["stages"][0]["text"] == "My story."
    assert told.json is not None
    assert [each["path"] for each in told.json["joined"]] == ["title"]
    assert [each["name"] for each in told.json["others"]] == ["Dr. Victor Salonen"]


def test_two_texts_at_the_same_place_lead_to_a_choice(
    desk: Desk, signed_in: Callable[..., FlaskClient]
) -> None:
    with desk.app.app_context(), transaction():
        author = make_author()
    other = signed_in(author)
    here = f"/drafts/{desk.draft_id}"
    mine, theirs = controls_of(desk.client.get(here)), controls_of(other.get(here))

    other.post(here, data=MultiDict([(n, "Theirs" if n == "title" else v) for n, v in theirs]))
    mine = [(n, "Mine" if n == "title" else v) for n, v in mine]
    page = desk.client.post(here, data=MultiDict([*mine, ("do", "save")]))

    assert urlsplit(page.location).path == f"{here}/conflict"
    assert desk.body["title"] == "Theirs"


def test_a_fold_says_what_is_in_it(desk: Desk) -> None:
    desk.press("add:references")
    sent = controls_of(desk.client.get(f"/drafts/{desk.draft_id}"))
    sent = [(n, "essay" if n == "kind:stages/s1/items" else v) for n, v in sent]
    desk.client.post(
        f"/drafts/{desk.draft_id}", data=MultiDict([*sent, ("do", "add:stages/s1/items")])
    )

    page = words(desk.client.get(f"/drafts/{desk.draft_id}"))

    assert "Title, journal or publisher … , source 1" in page
    assert "What is judged, levels , criterion 1" in page
    assert "Add a reason , option A" in page
