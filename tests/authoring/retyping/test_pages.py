"""An item is given another type on a page that says first what does not fit."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from lms.authoring.models import Draft
from lms.core.db import db, transaction
from tests.authoring.drafts.factories import as_kept
from tests.authoring.drafts.kept import kept_draft, make_author
from tests.authoring.editor.browser import press
from tests.authoring.editor.test_buttons import BODY
from tests.signin.helpers import token_of

ITEM = "stages/s1/items/i1"


@pytest.fixture
def draft_id(app: Flask) -> int:
    with app.app_context(), transaction():
        return kept_draft(make_author(), body=BODY).id


@pytest.fixture
def author(app: Flask, signed_in: Callable[..., FlaskClient]) -> FlaskClient:
    with app.app_context(), transaction():
        user = make_author()
    return signed_in(user)


def item_in(app: Flask, draft_id: int) -> dict[str, Any]:
    with app.app_context():
        return as_kept(draft_id).body["stages"][0]["items"][0]


def fields_of(page: Any) -> dict[str, str]:
    sight = page.text.partition('name="sight" value="')[2].partition('"')[0]
    return {"csrf_token": token_of(page), "sight": sight}


def test_the_button_saves_what_was_typed_and_leads_to_the_page(
    app: Flask, author: FlaskClient, draft_id: int
) -> None:
    page = press(author, draft_id, f"kind:{ITEM}", title="Typed before")

    assert page.location == f"/drafts/{draft_id}/items/i1/kind#top"
    with app.app_context():
        assert as_kept(draft_id).body["title"] == "Typed before"


def test_an_item_becomes_another_and_what_it_was_is_reachable(
    app: Flask, author: FlaskClient, draft_id: int
) -> None:
    address = f"/drafts/{draft_id}/items/i1/kind"
    page = author.get(address)
    assert "Does not fit: 3 options." in page.text
    assert "All of it fits." in page.text

    done = author.post(address, data=fields_of(page) | {"kind": "matching"}, follow_redirects=True)

    assert "Changed: matching. How it was stands in state 0." in done.text
    assert item_in(app, draft_id)["type"] == "matching"
    assert item_in(app, draft_id)["lead_in"] == "Which is best?"
    assert "options" not in item_in(app, draft_id)
    assert "Item 1 became: matching" in author.get(f"/drafts/{draft_id}/states").text
    with app.app_context():
        assert db.session.get_one(Draft, draft_id).revision == 1


def test_nothing_is_done_where_something_else_would_not_fit_by_now(
    app: Flask, author: FlaskClient, draft_id: int
) -> None:
    address = f"/drafts/{draft_id}/items/i1/kind"
    page = author.get(address)
    press(author, draft_id, **{f"{ITEM}/covered_answer".replace("/", "__"): "The second"})

    done = author.post(address, data=fields_of(page) | {"kind": "matching"})

    assert done.status_code == 409
    assert item_in(app, draft_id)["type"] == "single_best_answer"


def test_without_a_choice_nothing_is_done(app: Flask, author: FlaskClient, draft_id: int) -> None:
    address = f"/drafts/{draft_id}/items/i1/kind"
    for choice in ({}, {"kind": "boiling"}, {"kind": "single_best_answer"}):
        done = author.post(address, data=fields_of(author.get(address)) | choice)
        assert done.status_code == 422
    assert item_in(app, draft_id)["type"] == "single_best_answer"


def test_of_an_item_that_is_gone_there_is_no_page(author: FlaskClient, draft_id: int) -> None:
    assert author.get(f"/drafts/{draft_id}/items/i2/kind").status_code == 404
    assert press(author, draft_id, "kind:stages/s1/items/i2").location.startswith(
        f"/drafts/{draft_id}#"
    )
