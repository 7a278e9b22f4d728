"""Long lists in the editor fold, all but the one in work, without a script."""

import re
from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from lms.authoring.models import Draft
from lms.core.db import db, transaction
from tests.authoring.drafts.kept import kept_draft, make_author
from tests.authoring.editor.browser import press
from tests.authoring.editor.test_buttons import BODY, OPTIONS

Show = Callable[..., str]


@pytest.fixture
def show(app: Flask, signed_in: Callable[..., FlaskClient]) -> Show:
    """A function that returns the page of a draft, at a place of it."""

    def page_of(body: dict[str, Any], at: str = "") -> str:
        with app.app_context(), transaction():
            author = make_author()
            draft_id = kept_draft(author, body=body).id
        client = signed_in(author)
        page = client.get(f"/drafts/{draft_id}?at={at}").text
        press(client, draft_id)
        with app.app_context():
            assert db.session.get_one(Draft, draft_id).revision == 0
        return page

    return page_of


def with_options(count: int) -> dict[str, Any]:
    body = deepcopy(BODY)
    item = body["stages"][0]["items"][0]
    item["type"] = "key_feature"
    item["options"] = [{"#": f"o{n}", "text": f"Act {n}"} for n in range(count)]
    return body


def with_stages(count: int) -> dict[str, Any]:
    (stage,) = BODY["stages"]
    (item,) = stage["items"]
    stages = [
        {"#": f"s{n}", "title": f"Part {n}", "text": "Then.", "items": [item | {"#": f"i{n}"}]}
        for n in range(count)
    ]
    for stage in stages:
        options = stage["items"][0]["options"]
        stage["items"][0]["options"] = [
            each | {"#": f"{each['#']}{stage['#']}"} for each in options
        ]
    return BODY | {"stages": stages}


def open_rows(page: str) -> list[str]:
    """Return the ids of the rows that are folded and open."""
    return re.findall(r'<details class="section" id="([^"]+)" data-row="[^"]+" open>', page)


def test_twelve_options_fold_but_for_the_one_in_work(show: Show) -> None:
    page = show(with_options(12), f"{OPTIONS}/o4/text")

    assert page.count('<details class="section" id="stages/') == 12
    assert open_rows(page) == [f"{OPTIONS}/o4"]
    assert ">Option E: </span>Act 4</span>" in page


def test_eleven_options_stand_open(show: Show) -> None:
    assert '<details class="section" id="stages/' not in show(with_options(11))


def test_eight_stages_and_their_items_fold_but_for_the_one_in_work(show: Show) -> None:
    page = show(with_stages(8), "stages/s3/items/i3/lead_in")

    folds = re.findall(r'<details class="more"( open)?>\n<summary>([^<]+?) <', page)
    stages = [(title, bool(is_open)) for is_open, title in folds if title.startswith("Part")]
    items = [bool(is_open) for is_open, title in folds if title == "Which is best?"]
    assert stages == [(f"Part {n}, 1 word", n == 3) for n in range(8)]
    assert items == [n == 3 for n in range(8)]


def test_seven_stages_stand_open(show: Show) -> None:
    assert "<summary>Part" not in show(with_stages(7))
