"""Pictures that are brought in: made anew, known by their bytes, shown wherever drawings are."""

from contextlib import suppress
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image as Pillow
from sqlalchemy import select

from lms.cases.images import Picture, drawing_address, drawing_size, picture_at
from lms.cases.models import Image
from lms.cases.pictures.made import Made, NotAPicture
from lms.cases.pictures.services import keep_picture, made_anew
from lms.core.db import db, transaction
from lms.people.models import Role
from question_bank.formats.native import read_case
from tests.cases.pictures import DRAWN, frames, pixels
from tests.cases.texts import case_file
from tests.factories import NOW, make_user
from tests.question_bank.lint.drafts import CONTENT


def opened(made: Made) -> Pillow.Image:
    return Pillow.open(BytesIO(made.content))


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "I;16"])
def test_a_picture_of_any_colors_is_taken(kind: str, mode: str) -> None:
    try:
        sent = pixels(kind, mode)
    except (OSError, KeyError, ValueError):
        pytest.skip(f"no {kind} is {mode}")

    made = made_anew(sent)

    image = opened(made)
    assert (image.format, image.size, made.width, made.height) == (kind, (30, 20), 30, 20)
    left, right = (image.convert("L").getpixel((x, 10)) for x in (2, 27))
    assert isinstance(left, int)
    assert isinstance(right, int)
    assert left > 200
    assert right < 50


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_what_a_camera_wrote_beside_the_pixels_is_gone(kind: str) -> None:
    exif = Pillow.Exif()
    exif[0x010E], exif[0x0112] = "Room 4, Jo Doe", 6
    more = (
        {"comment": b"Jo Doe"}
        if kind == "JPEG"
        else {"xmp": b"<x>Jo Doe</x>"}
        if kind == "WEBP"
        else {}
    )

    made = made_anew(pixels(kind, exif=exif, icc_profile=b"Jo Doe" * 9, **more))

    assert b"Jo Doe" not in made.content
    assert not opened(made).getexif()
    assert "icc_profile" not in opened(made).info
    assert (made.width, made.height) == (20, 30), "it stands upright"


def test_a_large_picture_is_made_as_small_as_hotspots_reach() -> None:
    made = made_anew(pixels("JPEG", size=(3000, 1500)))

    assert (made.width, made.height) == (2000, 1000)
    assert opened(made).size == (2000, 1000)


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        pytest.param(b"", "Choose a picture first", id="nothing"),
        pytest.param(b"word", "can be read", id="no picture"),
        pytest.param(b"x" * 2_000_001, "more than 2 MB", id="too many bytes"),
        pytest.param(frames("PNG"), "moves", id="moving"),
        pytest.param(pixels("PNG", size=(4001, 2000)), "million pixels", id="too many pixels"),
        pytest.param(pixels("GIF"), "can be read", id="another kind"),
        pytest.param(b"<svg/>", "which is not taken", id="no namespace"),
        pytest.param(b"<svg", "can be read", id="broken"),
        pytest.param(b"<html>", "“html”, which is not taken", id="a page"),
        pytest.param(b" " * 500_000 + DRAWN, "500 kB", id="a long drawing"),
    ],
)
def test_why_a_file_is_not_taken_is_said_in_a_sentence(sent: bytes, said: str) -> None:
    with pytest.raises(NotAPicture, match=said):
        made_anew(sent)


@pytest.mark.parametrize("path", sorted((CONTENT / "exhibits").glob("*.svg")), ids=lambda p: p.stem)
def test_every_shipped_drawing_would_be_taken(path: Path) -> None:
    text = path.read_bytes()

    made = made_anew(text)

    assert made.media_type == "image/svg+xml"
    assert made.content.count(b"<path") == text.count(b"<path")
    assert made.content.count(b"<text") == text.count(b"<text")


def test_a_drawing_has_its_units_from_its_box() -> None:
    shifted = DRAWN.replace(b"0 0 40 30", b"-10 -20 8000 4000")

    made = made_anew(shifted)

    assert (made.width, made.height) == (2000, 1000)
    assert b'viewBox="0 0 2000 1000"' in made.content
    assert b'viewBox="-10 -20 8000 4000"' in made.content


def test_a_style_becomes_the_attributes_it_stands_for() -> None:
    styled = DRAWN.replace(b"<circle", b'<circle style="fill:#ff0000;behavior:url(x);stroke:red"')

    made = made_anew(styled)

    assert b'fill="#ff0000" stroke="red"' in made.content
    assert b"behavior" not in made.content


@given(st.binary(max_size=300), st.sampled_from([pixels(), pixels("JPEG"), pixels("WEBP"), DRAWN]))
@settings(max_examples=200, deadline=None)
def test_whatever_is_sent_is_a_picture_or_refused(noise: bytes, real: bytes) -> None:
    for sent in (noise, real[: len(noise)] + noise, real[: len(real) // 2] + noise + real[40:]):
        with suppress(NotAPicture):
            assert made_anew(sent).width > 0


@pytest.mark.usefixtures("in_app")
def test_the_same_picture_is_kept_once_and_named_by_its_bytes() -> None:
    author = make_user(Role.FACULTY)
    with transaction():
        first = keep_picture(author, pixels(), alt="Half", source="", licence="", now=NOW)
        second = keep_picture(author, pixels(), alt="Other", source="Own", licence="CC0", now=NOW)

    image = db.session.scalars(select(Image)).one()
    assert first == second == f"{image.content_hash}.png"
    assert (image.alt, image.source, image.licence) == ("Half", "Own", "CC0")
    assert (image.width, image.height, image.added_by_id) == (30, 20, author.id)
    assert drawing_address(first) == image.content_hash
    assert drawing_size(first) == (30, 20)
    assert picture_at(image.content_hash) == Picture("image/png", image.content)


@pytest.mark.usefixtures("in_app")
def test_a_case_may_show_it_by_its_name() -> None:
    with transaction():
        name = keep_picture(make_user(), pixels("JPEG"), alt="", source="", licence="", now=NOW)
    film = {"key": "film", "title": "Film", "image": name, "alt": "A half."}

    case = read_case(case_file("shown", exhibits=[film])[1], "shown.yaml")

    assert case.exhibits[0].image == name
