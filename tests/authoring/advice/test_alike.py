"""A draft that tells nearly what a stored case tells is advised of it, by whom may read that."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from lms.authoring.advice.queries import advice_on
from lms.core.db import transaction
from lms.people.models import Role, User
from tests.authoring.drafts.kept import kept_draft, make_author
from tests.cases.texts import case_file, load, stored
from tests.factories import NOW, make_cohort, make_user
from tests.signin.helpers import token_of

STORY = (
    "A baker with a sore wrist wants to knead bread before the summer fair begins in town, and "
    "asks what she may take at night."
)
BODY = {"title": "A wrist", "stages": [{"#": "s1", "text": STORY.replace("sore", "stiff")}]}
TITLE = "A baker & her wrist"
AT = "stages/s1/text"
SAID = "of its story and lead-ins with a case of the bank"
JSON = {"Accept": "application/json"}


@pytest.fixture
def author(app: Flask) -> User:
    with app.app_context(), transaction():
        return make_author()


def stored_with(app: Flask, **more: Any) -> int:
    """Bring the case into the bank and return its id."""
    with app.app_context():
        load(case_file("baker", vignette=STORY, title=TITLE, **more))
        return stored("baker").id


def draft_by(app: Flask, author: User, *, of: str = "", body: dict[str, Any] = BODY) -> str:
    """Return the address of a new draft."""
    with app.app_context(), transaction():
        return f"/drafts/{kept_draft(author, stored(of) if of else None, body=body).id}"


def test_beside_the_story_and_in_the_list_stands_the_case_that_is_like_it(
    app, signed_in, author
) -> None:
    stored_with(app)
    browser, address = signed_in(author), draft_by(app, author)

    told = browser.get(f"{address}/advice", headers=JSON).json
    pages = (browser.get(address).text, browser.get(f"{address}/advice").text)

    for text in (told["parts"]["list"], told["fields"][AT], *pages):
        assert SAID in text
        assert '<a href="/bank/baker">A baker &amp; her wrist</a>' in text
    assert f'value="keep:{AT}:L32:0"' in told["fields"][AT]


def test_another_story_is_like_nothing(app, signed_in, author) -> None:
    stored_with(app)
    story = "Two sailors carried a mast, and since then his back is stiff at dawn."
    body = {"title": "A mast", "stages": [{"#": "s1", "text": story}]}
    address = draft_by(app, author, body=body)

    assert SAID not in signed_in(author).get(f"{address}/advice").text


def test_a_revision_is_not_told_that_it_is_like_itself(app, signed_in, author) -> None:
    stored_with(app)
    address = draft_by(app, author, of="baker")

    assert SAID not in signed_in(author).get(f"{address}/advice").text


def test_a_reason_keeps_it(app, signed_in, author) -> None:
    stored_with(app)
    browser, address = signed_in(author), draft_by(app, author)

    page = browser.get(address)
    press = {"do": f"keep:{AT}:L32:0", f"why:{AT}:L32:0": "The second visit of one person."}
    data = {"csrf_token": token_of(page), "revision": 0, "tab": "tab", AT: STORY} | press
    page = browser.post(address, data=data, follow_redirects=True)

    assert "Kept: The second visit of one person." in page.text
    assert SAID not in page.text


def test_so_does_a_waiver_of_the_stored_case(app, signed_in, author) -> None:
    waiver = {"rule": "L32", "why": "The second visit of one person."}
    stored_with(app, waivers=[waiver])

    assert SAID not in signed_in(author).get(f"{draft_by(app, author)}/advice").text


@pytest.mark.usefixtures("in_app")
def test_a_fellow_who_writes_learns_nothing_of_what_the_fellow_may_be_asked() -> None:
    load(case_file("baker", vignette=STORY))
    with transaction():
        both, author = make_user(Role.FELLOW, Role.FACULTY), make_author()
        make_cohort(both)

    assert names_others(author, NOW)
    assert not names_others(both, NOW)
    assert names_others(both, NOW + timedelta(days=900)), "once out of the cohort"


def names_others(person: User, now: datetime) -> bool:
    """Return whether the advice to *person* names a stored case."""
    return any(each.alike for each in advice_on(BODY, of=None, to=person, now=now).entries)
