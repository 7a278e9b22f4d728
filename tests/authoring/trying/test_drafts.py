"""Trying out a draft: what is complete of it is asked, what it lacks is said with a way there."""

from copy import deepcopy
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from lms.authoring.models import Draft
from lms.authoring.trying.asking import posted_at, sheet_at
from lms.authoring.trying.half_written import draft_to_try
from lms.authoring.trying.results import result_of
from lms.authoring.trying.trials import Trial
from lms.core.db import db, transaction
from lms.people.models import Role
from question_bank.drafts.opening import draft_of
from tests.authoring.drafts.kept import kept_draft
from tests.authoring.trying.test_trying import go_on
from tests.factories import make_user
from tests.question_bank.kinds import CASE
from tests.reading import words

WHOLE = draft_of(CASE)


@pytest.fixture
def author(app: Flask, signed_in) -> FlaskClient:
    with app.app_context(), transaction():
        user = make_user(Role.FACULTY)
        draft = kept_draft(user)
        draft.body = deepcopy(WHOLE)
    browser = signed_in(user)
    browser.draft_id, browser.address = draft.id, f"/drafts/{draft.id}/try"
    return browser


def rewrite(app: Flask, browser: FlaskClient, body: dict[str, Any]) -> None:
    with app.app_context(), transaction():
        db.session.get_one(Draft, browser.draft_id).body = body


def test_a_whole_draft_is_tried_as_a_case(author) -> None:
    page = author.get(author.address)

    assert page.status_code == 200
    assert CASE.questions[0].lead_in in words(page)
    assert "What the draft lacks" not in words(page)


def test_items_that_are_complete_are_asked_and_what_lacks_is_said(app, author) -> None:
    body = deepcopy(WHOLE)
    first, second, *_ = body["stages"][0]["items"]
    first["lead_in"] = ""
    body["takeaway"] = ""
    rewrite(app, author, body)

    page = author.get(author.address)

    text = words(page)
    assert "What the draft lacks" in text
    assert f'/drafts/{author.draft_id}?at=takeaway#takeaway"' in page.text
    assert second["lead_in"] in text
    assert CASE.questions[0].lead_in not in text


def test_a_draft_without_a_complete_item_says_what_it_lacks(app, author) -> None:
    rewrite(app, author, {"title": "Begun"})

    page = author.get(author.address)

    assert page.status_code == 200
    assert "Nothing to try out yet" in words(page)
    assert f"/drafts/{author.draft_id}?at=" in page.text


def test_a_draft_that_was_changed_meanwhile_begins_anew(app, author) -> None:
    page = author.get(author.address)
    with app.app_context(), transaction():
        db.session.get_one(Draft, author.draft_id).revision += 1

    again = go_on(author, page, {}, author.address)

    assert again.status_code == 409


def test_a_draft_of_others_is_not_there_for_a_fellow(app, author, signed_in) -> None:
    with app.app_context(), transaction():
        fellow = make_user(Role.FELLOW)

    assert signed_in(fellow).get(author.address).status_code == 403
    assert author.get("/drafts/999/try").status_code == 404


LEAVES = st.none() | st.text(max_size=5) | st.lists(st.text(max_size=3), max_size=2)


@given(st.data())
def test_whatever_is_cut_out_of_a_draft_the_rest_is_tried_to_its_end(data) -> None:
    body = deepcopy(WHOLE)
    for _ in range(data.draw(st.integers(1, 6))):
        items = [item for stage in body["stages"] for item in stage["items"]]
        group: Any = data.draw(st.sampled_from([body, *body["stages"], *items]))
        names = sorted(name for name in group if name not in {"#", "stages", "items"})
        if names:
            group[data.draw(st.sampled_from(names))] = data.draw(LEAVES)

    tried = draft_to_try(Draft(id=1, revision=1, body=body)).tried

    trial = Trial(seed=1)
    while trial.step < len(tried.steps):
        assert sheet_at(tried, trial).places
        trial = trial.onward(posted_at(tried, trial, MultiDict()).trial.given)
    assert len(result_of(tried, trial).items) == len(tried.items)
