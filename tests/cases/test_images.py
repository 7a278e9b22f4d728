"""Drawings as rows: kept by their content, and an old version goes on showing its own."""

import json
from datetime import timedelta

import flask_migrate
import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from lms.cases.content import address_of, drawing
from lms.cases.images import SVG, Picture, drawing_address, drawing_size, picture_at
from lms.cases.models import LARGEST_IMAGE, CaseVersion, Image
from lms.cases.queries import case_by_slug, parsed, shown
from lms.core.db import db, transaction
from lms.people.models import Role
from question_bank.drawings import drawings_named, with_addresses
from tests.attempts.kinds import DRAWING, spot_item
from tests.cases.texts import case_file, load, revise_case
from tests.factories import NOW, add, make_user
from tests.test_schema import empty

__all__ = ["empty"]

EARLIER = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 30"><title>Before</title></svg>'

FILM = {"key": "film", "title": "Film", "image": DRAWING, "alt": "Bones of a knee."}


def load_drawn(**changes: object) -> CaseVersion:
    load(case_file("drawn", spot_item(), exhibits=[FILM], **changes))
    return case_by_slug("drawn").version


def shows_earlier(version: CaseVersion) -> str:
    """Have *version* show what the drawing of its name was before; return that one's address."""
    address = address_of(EARLIER)
    with transaction():
        add(
            Image(
                content_hash=address,
                media_type="image/svg+xml",
                content=EARLIER.encode(),
                created_at=NOW,
            )
        )
        row = update(CaseVersion).where(CaseVersion.id == version.id)
        db.session.execute(row.values(drawings={DRAWING: address}))
    db.session.expire_all()
    return address


@pytest.mark.usefixtures("in_app")
def test_a_version_keeps_its_drawings_as_rows_by_their_content() -> None:
    version = load_drawn()

    image = db.session.scalars(select(Image)).one()
    assert version.drawings == {DRAWING: image.content_hash}
    assert image.content_hash == drawing_address(DRAWING)
    assert image.content.decode() == drawing(DRAWING)
    assert image.alt == "Bones of a knee."


@pytest.mark.usefixtures("in_app")
def test_an_old_version_shows_its_own_drawing_when_the_shipped_one_is_another() -> None:
    old = load_drawn()
    address = shows_earlier(old)

    new = load_drawn(takeaway="Another.")

    old = db.session.get_one(CaseVersion, old.id)
    exhibits = [version.parts[0].exhibits[0].image for version in (shown(old), shown(new))]
    assert [drawing_address(name) for name in exhibits] == [address, drawing_address(DRAWING)]
    assert picture_at(address) == Picture(SVG, EARLIER.encode())
    assert drawing_size(exhibits[0]) == (40, 30)
    assert drawings_named(parsed(old)).keys() == {DRAWING}


@pytest.mark.usefixtures("in_app")
def test_what_is_made_of_a_version_shows_the_drawing_of_that_version() -> None:
    old = load_drawn()
    address = shows_earlier(old)
    body = parsed(old).model_copy(update={"takeaway": "Another."})

    with transaction():
        editor = make_user(Role.FACULTY)
        new = revise_case(
            editor, old.case_id, body, of=old.id, note="", now=NOW + timedelta(days=1)
        )

    assert new.drawings == {DRAWING: address}


def test_the_pages_show_the_drawing_of_the_version(app: Flask, signed_in) -> None:
    with app.app_context():
        address = shows_earlier(load_drawn())
        with transaction():
            faculty = make_user(Role.FACULTY)
    browser = signed_in(faculty)

    page = browser.get("/bank/drawn").text

    assert f'src="/exhibits/{address}"' in page
    assert f'<image href="/exhibits/{address}" width="40" height="30"/>' in page
    assert drawing_address(DRAWING) not in page
    assert browser.get(f"/exhibits/{address}").text == EARLIER


@pytest.mark.usefixtures("in_app")
@pytest.mark.parametrize("content", [b"", b"x" * (LARGEST_IMAGE + 1)])
def test_an_image_without_bytes_or_with_too_many_is_no_row(content: bytes) -> None:
    row = Image(content_hash="0" * 64, media_type="image/svg+xml", content=content, created_at=NOW)

    with pytest.raises(IntegrityError), transaction():
        add(row)


@pytest.mark.parametrize("body", ["gone", {"exhibits": [{"image": ["x"]}]}, [None], {"image": {}}])
def test_what_a_damaged_body_holds_stays_as_it_is(body: object) -> None:
    assert with_addresses(body, {"x": "y"}) == body


def test_versions_of_before_show_what_they_showed(empty: Flask) -> None:
    flask_migrate.upgrade()
    load_drawn()
    with transaction():
        db.session.execute(update(CaseVersion).values(drawings={}))
    load(case_file("plain"))
    before = json.dumps(case_by_slug("drawn").version.body)
    db.session.remove()

    flask_migrate.downgrade(revision="0009")
    flask_migrate.upgrade()

    version = case_by_slug("drawn").version
    assert version.drawings == {DRAWING: drawing_address(DRAWING)}
    assert json.dumps(version.body) == before
    assert db.session.scalars(select(Image.content_hash)).all() == [drawing_address(DRAWING)]
    assert case_by_slug("plain").version.drawings == {}
