"""Bringing a picture into a draft: by a form, or by a script; shown to who is signed in."""

from io import BytesIO

import pytest
from flask import Flask

from lms.authoring.advice.queries import advice_on
from lms.authoring.models import Draft
from lms.cases.models import Image
from lms.core.db import db, transaction
from lms.people.models import Role
from question_bank.drawings import address_in
from tests.authoring.drafts.factories import as_kept
from tests.authoring.drafts.kept import kept_draft, make_author
from tests.cases.pictures import DRAWN, pixels
from tests.factories import NOW, make_user
from tests.signin.helpers import token_of

EXHIBIT = {"#": "e1", "title": "Film"}
BODY = {
    "title": "A calf",
    "stages": [
        {
            "#": "s1",
            "text": "A story.",
            "exhibits": [EXHIBIT],
            "items": [{"#": "i1", "type": "hotspot"}],
        }
    ],
}
JSON = {"Accept": "application/json"}


@pytest.fixture
def draft_id(app: Flask) -> int:
    with app.app_context(), transaction():
        return kept_draft(make_author(), body=BODY).id


@pytest.fixture
def author(app: Flask, signed_in, draft_id: int):
    with app.app_context(), transaction():
        user = make_author("Dr. Second")
    return signed_in(user)


def add(
    browser, draft_id: int, content: bytes, headers: dict[str, str] | None = None, **fields: str
):
    """Send a picture under a file name that nobody should trust."""
    address = f"/drafts/{draft_id}/pictures"
    name = "'><script>alert(1)</script>../../x.svg"
    data = {"csrf_token": token_of(browser.get(address)), **fields}
    data["picture"] = (BytesIO(content), name)
    return browser.post(address, data=data, headers=headers, content_type="multipart/form-data")


def kept(app: Flask, draft_id: int) -> Draft:
    with app.app_context():
        return as_kept(draft_id)


@pytest.mark.parametrize("at", ["stages/s1/exhibits/e1", "stages/s1/items/i1"])
@pytest.mark.parametrize(
    ("content", "kind"),
    [(pixels(), "png"), (pixels("JPEG"), "jpeg"), (pixels("WEBP"), "webp"), (DRAWN, "svg+xml")],
    ids=["png", "jpeg", "webp", "svg"],
)
def test_a_picture_stands_where_it_was_asked_for(
    app: Flask, author, draft_id: int, at: str, content: bytes, kind: str
) -> None:
    page = add(author, draft_id, content, at=at, alt="A half.", source="Own", licence="CC0")

    assert page.status_code == 303
    assert page.location.endswith(f"#{at}")
    stage = kept(app, draft_id).body["stages"][0]
    shows = stage["exhibits"][0] if "exhibits" in at else stage["items"][0]
    assert shows["alt"] == "A half."
    picture = author.get(f"/exhibits/{address_in(shows['image'])}")
    assert picture.mimetype == f"image/{kind}"
    assert picture.headers["X-Content-Type-Options"] == "nosniff"
    assert picture.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert picture.headers["Cache-Control"] == "private, max-age=31536000, immutable"
    assert app.test_client().get(picture.request.path).status_code == 302


def test_a_script_brings_in_what_was_pasted(app: Flask, author, draft_id: int) -> None:
    told = add(author, draft_id, pixels(), headers=JSON, at="stages/s1/exhibits").json

    body = kept(app, draft_id).body
    added = body["stages"][0]["exhibits"][1]
    assert told["name"] == added["image"]
    assert told["path"] == f"stages/s1/exhibits/{added['#']}"
    assert told["url"] == f"/exhibits/{address_in(added['image'])}"
    assert told["revision"] == 1
    assert "script" not in str(body)


@pytest.mark.parametrize(
    ("near", "place"),
    [
        ("", "stages/s1/exhibits/"),
        ("stages/s1", "stages/s1/exhibits/"),
        ("stages/s1/exhibits/e1", "stages/s1/exhibits/e1"),
        ("stages/s1/exhibits/e1/table/rows/r1", "stages/s1/exhibits/e1"),
        ("stages/s1/items/i1/regions/r1", "stages/s1/items/i1"),
        ("stages/s1/items/i9", "stages/s1/exhibits/"),
        ("references/r1", "stages/s1/exhibits/"),
        ("stages", "stages/s1/exhibits/"),
        ("////", "stages/s1/exhibits/"),
    ],
)
def test_a_pasted_picture_stands_where_none_is_near_to_where_it_was_pasted(
    app: Flask, author, draft_id: int, near: str, place: str
) -> None:
    first = add(author, draft_id, pixels(), headers=JSON, near=near).json
    second = add(author, draft_id, pixels(), headers=JSON, near=near).json

    assert first["path"].startswith(place)
    assert second["path"].startswith("stages/s1/exhibits/")
    assert second["path"] != first["path"]


@pytest.mark.parametrize(
    "at", ["", "stages", "stages/s1", "stages/s9/exhibits", "references/r1", "../x"]
)
def test_at_a_place_that_is_none_nothing_is_changed(
    app: Flask, author, draft_id: int, at: str
) -> None:
    page = add(author, draft_id, pixels(), headers=JSON, at=at)

    assert page.status_code == (200 if at == "" else 422)
    if at:
        assert "place of the draft is gone" in page.json["error"]
        assert kept(app, draft_id).body == BODY


def test_why_a_picture_is_not_taken_is_said_at_the_field(app: Flask, author, draft_id: int) -> None:
    page = add(
        author, draft_id, b"<svg onload='x'/>", at="stages/s1/exhibits/e1", alt="Kept words."
    )

    assert page.status_code == 422
    assert "which is not taken" in page.text
    assert "Kept words." in page.text
    assert kept(app, draft_id).body == BODY
    with app.app_context():
        assert db.session.scalars(db.select(Image)).all() == []


def test_source_and_license_are_asked_for_until_they_are_said(
    app: Flask, author, draft_id: int
) -> None:
    add(author, draft_id, pixels(), at="stages/s1/exhibits/e1")
    place = "stages/s1/exhibits/e1/image"
    body = kept(app, draft_id).body
    with app.app_context(), transaction():
        (asked,) = advice_on(body, of=None, to=make_author(), now=NOW).at(place)
        assert asked.sentence == "The source and license of this picture are not said yet."
        assert asked.level == "W"

    page = author.get(f"/drafts/{draft_id}/pictures")
    address = f"/drafts/{draft_id}/pictures/{address_in(body['stages'][0]['exhibits'][0]['image'])}"
    author.post(address, data={"csrf_token": token_of(page), "source": "Own", "licence": "CC0"})

    with app.app_context(), transaction():
        assert advice_on(body, of=None, to=make_author(), now=NOW).at(place) == ()


def test_only_what_the_draft_shows_can_be_spoken_for(app: Flask, author, draft_id: int) -> None:
    token = token_of(author.get(f"/drafts/{draft_id}/pictures"))

    page = author.post(f"/drafts/{draft_id}/pictures/{'a' * 64}", data={"csrf_token": token})

    assert page.status_code == 404


def test_fellows_bring_in_nothing(app: Flask, signed_in, draft_id: int) -> None:
    with app.app_context(), transaction():
        fellow = make_user(Role.FELLOW)

    assert signed_in(fellow).get(f"/drafts/{draft_id}/pictures").status_code == 403
