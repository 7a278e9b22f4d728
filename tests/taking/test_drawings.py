"""Pictures, tables and lists of options on the page: hotspots, exhibits, themes."""

import re

import pytest

from lms.cases.images import drawing_address
from lms.core.db import transaction
from lms.people.models import Role
from tests.attempts.factories import case_body, choice_item
from tests.attempts.kinds import DRAWING, spot_item, themed_item
from tests.attempts.sitting import Sitting, sitting_at
from tests.factories import make_user
from tests.reading import words

ADDRESS = f"/exhibits/{drawing_address(DRAWING)}"


FILM = {
    "key": "film",
    "title": "Film of the knee",
    "image": DRAWING,
    "alt": "Bones of a knee, seen from the front.",
    "caption": "Standing",
}


SERUM = {
    "key": "serum",
    "title": "Serum",
    "table": {"columns": ["Test", "Result"], "rows": [["Sodium", "140"], ["Urea", "5 <b>"]]},
}


@pytest.fixture
def sitting(app, signed_in) -> Sitting:
    first = case_body(spot_item(), themed_item(), slug="drawn") | {"exhibits": [FILM, SERUM]}
    second = case_body(choice_item(), slug="drawn-again") | {"exhibits": [FILM]}
    return sitting_at(app, signed_in, first, second)


def inputs(page: str, position: int) -> list[str]:
    return re.findall(rf'<input[^>]*name="answer-{position}"[^>]*>', page)


def test_a_hotspot_is_a_list_and_a_picture_with_the_same_places_and_the_same_letters(
    sitting,
) -> None:
    page = sitting.case()

    assert [f'value="{place}"' in each for place, each in enumerate(inputs(page, 1))] == [True] * 3
    assert re.findall(r'data-chooses="answer-1-(\d)"', page) == ["0", "1", "2"]
    assert re.findall(r"<text [^>]*>(\w)</text>", page) == ["A", "B", "C"]
    assert 'viewBox="0 0 800 600" role="img" aria-label="Picture to item 1, described' in page
    assert f'<image href="{ADDRESS}" width="800" height="600"/>' in page
    assert "A knee from the front." in words(sitting.fellow.get(f"{sitting.url}/cases/1"))


def test_no_place_of_a_hotspot_is_marked_until_one_is_chosen(sitting) -> None:
    before = sitting.case()
    sitting.save(1, answer="2")

    assert re.findall(r'class="area[^"]*"', before) == ['class="area"'] * 3
    chosen = re.findall(r'class="area[^"]*"', sitting.case())
    assert chosen == ['class="area"', 'class="area"', 'class="area chosen"']


@pytest.mark.parametrize(
    ("answer", "marks"),
    [
        pytest.param("0", [" chosen", " key", ""], id="wrong"),
        pytest.param("1", ["", " key", ""], id="right"),
        pytest.param("", ["", " key", ""], id="blank"),
    ],
)
def test_the_result_marks_own_place_and_key_on_the_picture(sitting, answer, marks) -> None:
    sitting.save(1, answer=answer)

    page = sitting.result().text

    assert re.findall(r'class="area([^"]*)"', page) == marks


def test_a_theme_lists_its_options_once_and_asks_a_choice_for_each_stem(sitting) -> None:
    page = sitting.case()

    assert page.count("Nerves of the limbs") == 1
    assert len(re.findall(r'<select[^>]*name="row\.\d-2"', page)) == 2
    assert page.count("A man with a foot drop.") == 1
    for letter, text in zip("ABCDEF", ("Femoral", "Sciatic", "Tibial"), strict=False):
        assert f"<b>{letter}</b> {text}" in page
        assert page.count(f">{letter}. {text}</option>") == 2


def test_exhibits_stand_with_the_case_as_a_table_and_as_a_picture_in_words(sitting) -> None:
    page = sitting.fellow.get(f"{sitting.url}/cases/1")

    assert "Film of the knee" in words(page)
    assert "Bones of a knee, seen from the front." in words(page)
    assert f'<img src="{ADDRESS}" alt="Film of the knee, described' in page.text
    assert '<th scope="row">Urea</th><td>5 &lt;b&gt;</td>' in page.text


def test_every_id_on_the_result_is_its_own_though_cases_share_a_drawing(sitting) -> None:
    ids = re.findall(r' id="([^"]+)"', sitting.result().text)

    assert sum(each.startswith("zoom-") for each in ids) == 3
    assert sorted(ids) == sorted(set(ids))


def test_a_drawing_is_sent_with_headers_that_forbid_it_everything(sitting) -> None:
    page = sitting.fellow.get(ADDRESS)

    assert (page.status_code, page.content_type) == (200, "image/svg+xml; charset=utf-8")
    assert page.text.startswith("<svg")
    policy = page.headers["Content-Security-Policy"]
    assert policy == "default-src 'none'; frame-ancestors 'none'; sandbox"
    assert page.headers["X-Content-Type-Options"] == "nosniff"
    assert page.headers["Cross-Origin-Resource-Policy"] == "same-origin"


@pytest.mark.parametrize(
    "name",
    ["no-such.svg", DRAWING, "knee-front", "../blueprint.yaml", "..%2Fblueprint.yaml",
     drawing_address(DRAWING).upper(), f"{drawing_address(DRAWING)}%00",
     f"{drawing_address(DRAWING)}%0A", "a" * 5000],
)  # fmt: skip
def test_what_is_no_drawing_of_the_bank_is_not_there(sitting, name) -> None:
    assert sitting.fellow.get(f"/exhibits/{name}").status_code == 404


def test_no_page_of_a_running_attempt_names_a_drawing(sitting) -> None:
    pages = [sitting.case(number) for number in (1, 2)]

    assert all(ADDRESS in page and DRAWING not in page for page in pages)
    assert all(DRAWING.removesuffix(".svg") not in page for page in pages)


def test_only_who_is_signed_in_sees_a_drawing(app, client, signed_in) -> None:
    with app.app_context(), transaction():
        people = [make_user(role) for role in Role]

    assert "/sign-in" in client.get(ADDRESS).location
    for person in people:
        assert signed_in(person).get(ADDRESS).status_code == 200
