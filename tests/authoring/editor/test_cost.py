"""What the editor costs: as many statements for a long draft as for a short one."""

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from lms.core.db import transaction
from tests.authoring.drafts.kept import kept_draft, make_author
from tests.authoring.editor.browser import press
from tests.authoring.editor.test_buttons import BODY
from tests.signin.helpers import counted


def long_body() -> dict[str, Any]:
    """Return a draft of five stages with ten items each, that names facts and sources."""
    body = deepcopy(BODY)
    (stage,) = body["stages"]
    (item,) = stage["items"]
    body["stages"] = [
        {
            "#": f"s{place}",
            "text": stage["text"],
            "items": [_item(item, f"{place}{number}") for number in range(10)],
        }
        for place in range(1, 6)
    ]
    body["facts"] = [f"X{number}" for number in range(1, 41)]
    body["references"] = [{"#": f"r{n}", "title": f"A guideline, part {n}"} for n in range(9)]
    return body


def _item(item: dict[str, Any], name: str) -> dict[str, Any]:
    options = [each | {"#": f"{each['#']}{name}"} for each in item["options"]]
    return item | {"#": f"i{name}", "options": options}


@pytest.fixture
def drafts(app: Flask, signed_in: Callable[..., FlaskClient]) -> tuple[FlaskClient, int, int]:
    """An author, with a short draft and a long one."""
    with app.app_context(), transaction():
        author = make_author()
        bodies = (BODY | {"facts": ["X1"]}, long_body())
        short, long = (kept_draft(author, body=body).id for body in bodies)
    client = signed_in(author)
    client.get(f"/drafts/{short}")
    return client, short, long


def test_a_long_draft_is_shown_with_as_many_statements(
    app: Flask, drafts: tuple[FlaskClient, int, int]
) -> None:
    client, short, long = drafts
    costs = []
    for draft_id in (short, long):
        with counted(app) as count:
            assert client.get(f"/drafts/{draft_id}").status_code == 200
        costs.append(count())

    assert costs[0] == costs[1]


@pytest.mark.parametrize("times", [1, 3])
def test_a_long_draft_is_saved_with_as_many_statements(
    app: Flask, drafts: tuple[FlaskClient, int, int], times: int
) -> None:
    client, short, long = drafts
    costs = []
    for draft_id in (short, long):
        for number in range(times):
            with counted(app) as count:
                assert press(client, draft_id, title=f"Title {number}").status_code == 303
        costs.append(count())

    assert costs[0] == costs[1]
