"""Comments of reviewers are answered in the editor, and what is being written there is saved."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, expect

from lms.authoring.models import CommentEnd, Draft, ReviewComment
from lms.authoring.reviews import judging
from lms.core.db import db, transaction
from lms.people.models import Role, User
from tests.authoring.editor.browser import press
from tests.authoring.reviews.factories import answered, make_draft, sent
from tests.factories import NOW, make_user

Returned = tuple[User, int, int, int]
"""An author, a draft that came back, and the ids of its two comments."""


@pytest.fixture
def returned(app: Flask) -> Returned:
    with app.app_context():
        with transaction():
            author, reviewer = (make_user(Role.FACULTY) for _ in range(2))
            draft = make_draft(author)
        (review,) = sent(draft, author, [reviewer])
        answered(review, reviewer)
        with transaction():
            made = [
                judging.comment(reviewer, review, path="title", quoted="A day", text=text, now=NOW)
                for text in ("Which day?", "Whose day?")
            ]
            judging.give_back(reviewer, review, now=NOW)
        return author, draft.id, made[0].id, made[1].id


def ends(app: Flask) -> dict[int, CommentEnd | None]:
    with app.app_context():
        return {each.id: each.settled for each in db.session.scalars(db.select(ReviewComment))}


def title_of(app: Flask, draft_id: int) -> Any:
    with app.app_context():
        return db.session.get_one(Draft, draft_id).body["title"]


def test_the_section_shows_what_is_open_and_where(
    returned: Returned, signed_in: Callable[..., FlaskClient]
) -> None:
    author, draft_id, _, _ = returned

    page = signed_in(author).get(f"/drafts/{draft_id}").text

    section = page[page.index('id="threads"') : page.index('<form class="editor"')]
    assert "2 open" in section
    assert "Which day?" in section
    assert 'href="#title">Go to the title of the case</a>' in section


def test_an_answer_saves_what_was_typed(
    app: Flask, returned: Returned, signed_in: Callable[..., FlaskClient]
) -> None:
    author, draft_id, first, second = returned
    client = signed_in(author)

    page = press(client, draft_id, f"answer:{first}:mended", title="A Monday on call")
    assert page.location == f"/drafts/{draft_id}#threads"
    assert title_of(app, draft_id) == "A Monday on call"
    assert ends(app) == {first: CommentEnd.MENDED, second: None}

    because = {f"because:{second}": "It is nobody's."}
    press(client, draft_id, f"answer:{second}:disagreed", title="A Tuesday", **because)
    assert title_of(app, draft_id) == "A Tuesday"
    assert ends(app)[second] is CommentEnd.DISAGREED
    assert "all settled" in client.get(f"/drafts/{draft_id}").text


def test_a_reason_may_be_as_long_as_the_page_lets_one_type(
    app: Flask, returned: Returned, signed_in: Callable[..., FlaskClient]
) -> None:
    author, draft_id, first, _ = returned
    because = {f"because:{first}": "x\r\n" * 999 + "xx"}

    press(signed_in(author), draft_id, f"answer:{first}:disagreed", **because)

    assert ends(app)[first] is CommentEnd.DISAGREED


@pytest.mark.parametrize(
    ("do", "because", "sentence"),
    [
        ("answer:{}:disagreed", "", "Say why you disagree."),
        ("answer:{}:disagreed", "x" * 2_001, "Say why you disagree in 2,000 characters at most."),
        ("answer:{}:boiled", "", "This comment is not one of this draft."),
        ("answer:999:mended", "", "This comment is not one of this draft."),
        ("answer:", "", "This comment is not one of this draft."),
    ],
)
def test_an_answer_that_is_refused_saves_what_was_typed_all_the_same(
    app: Flask,
    returned: Returned,
    signed_in: Callable[..., FlaskClient],
    do: str,
    because: str,
    sentence: str,
) -> None:
    author, draft_id, first, second = returned
    client = signed_in(author)

    said = {f"because:{first}": because}
    press(client, draft_id, do.format(first), title="A Monday on call", **said)

    assert sentence in client.get(f"/drafts/{draft_id}").text
    assert title_of(app, draft_id) == "A Monday on call"
    assert ends(app) == {first: None, second: None}


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize("scripts", [True, False], ids=["with script", "without script"])
def test_in_a_browser_nothing_that_was_typed_is_lost(
    app: Flask, returned: Returned, signed_in: Any, browser: Browser, served: str, scripts: bool
) -> None:
    author, draft_id, first, second = returned
    context = browser.new_context(java_script_enabled=scripts)
    cookie = signed_in(author).get_cookie("session")
    context.add_cookies([{"name": "session", "value": cookie.value, "url": served}])
    page = context.new_page()
    page.goto(f"{served}/drafts/{draft_id}")

    page.locator("#title").fill("A Monday on call")
    page.get_by_label("Why you disagree with comment 1").fill("It is known.")
    page.get_by_role("button", name="Disagree").first.click()

    expect(page.locator("#threads")).to_contain_text("1 open")
    expect(page.locator("#title")).to_have_value("A Monday on call")
    assert ends(app) == {first: CommentEnd.DISAGREED, second: None}
    context.close()
