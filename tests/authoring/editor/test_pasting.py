"""What is pasted into the editor or comes as a file, without a script."""

from collections.abc import Callable
from io import BytesIO
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict

from lms.authoring.editor.pasting import LARGEST_FILE
from lms.core.db import transaction
from question_bank.drafts.pasted import LONGEST
from tests.authoring.drafts.kept import kept_draft, make_author
from tests.authoring.editor.browser import controls_of
from tests.authoring.editor.test_buttons import BODY, OPTIONS, Desk, texts

RIS = """TY  - JOUR
AU  - Lind, A.
TI  - Backs at work
JO  - Pain
PY  - 2019
DO  - 10.1000/x
ER  -
"""
NBIB = "PMID- 1\nAU  - Roy B\nTI  - Necks at work.\nTA  - Spine\nDP  - 2020 May\n"
BIB = "@article{k, author={Ito, Cy}, title={Knees}, journal={Joints}, year={2021}}"


@pytest.fixture
def desk(app: Flask, signed_in: Callable[..., FlaskClient]) -> Desk:
    with app.app_context(), transaction():
        author = make_author()
        draft_id = kept_draft(author, body=BODY).id
    return Desk(signed_in(author), draft_id, app)


def cite(desk: Desk, pasted: str = "", file: bytes = b"") -> str:
    """Press “Read the sources”; return the page that follows."""
    here = f"/drafts/{desk.draft_id}"
    sent = [
        (name, value) for name, value in controls_of(desk.client.get(here)) if name != "sources"
    ]
    sent = [each for each in sent if each[0] != "sources-file"]
    data = MultiDict([*sent, ("sources", pasted), ("do", "cite")])
    data.add("sources-file", (BytesIO(file), "'><script>.ris"))
    page = desk.client.post(here, data=data, content_type="multipart/form-data")
    assert page.status_code == 303, page.status
    return desk.client.get(page.location).text


def paste(desk: Desk, text: str) -> str:
    """Press “Make options of it”; return the page that follows."""
    here = f"/drafts/{desk.draft_id}"
    sent = dict(controls_of(desk.client.get(here))) | {f"list:{OPTIONS}": text}
    rows = [("stages/s1/items/i1/options/@", each) for each in ("o1", "o2", "o3")]
    sent.pop("stages/s1/items/i1/options/@")
    page = desk.client.post(
        here, data=MultiDict([*sent.items(), *rows, ("do", f"paste:{OPTIONS}")])
    )
    assert page.status_code == 303, page.status
    return desk.client.get(page.location).text


def test_a_pasted_list_becomes_options_and_what_has_no_room_is_said(desk: Desk) -> None:
    page = paste(desk, "A) Walk\r\nB) Swim\r\nC) Lift")

    assert texts(desk) == ["One", "Two", "Three", "Walk", "Swim"]
    assert "2 options taken from what was pasted." in page
    assert "Not taken, as 5 is the most: “Lift”." in page


def test_what_came_of_it_is_said_once_where_it_was_pasted(desk: Desk) -> None:
    said = '<div id="told" tabindex="-1">'
    for page, place in (
        (paste(desk, "Walk"), f'id="{OPTIONS}"'),
        (paste(desk, " "), f'id="{OPTIONS}"'),
        (cite(desk, "10.1000/182"), 'id="references"'),
        (cite(desk), 'id="references"'),
    ):
        assert page.count('class="flashes') == page.count(said) == 1
        assert page.index(place) < page.index(said) < page.index("data-row=", page.index(place))


def test_a_mark_in_the_list_takes_the_key_from_nobody(desk: Desk) -> None:
    page = paste(desk, "- Walk *\n- Swim\n")

    assert [option.get("key", False) for option in desk.options[:3]] == [False, True, False]
    assert "“Walk” is marked as right, and another is so already. Choose one." in page


def test_a_list_in_an_option_is_split_there(desk: Desk) -> None:
    address = desk.press(
        f"paste:{OPTIONS}/o3", stages__s1__items__i1__options__o3__text="A. x\nB. y"
    )

    assert texts(desk) == ["One", "Two", "x", "y"]
    assert parse_qs(urlsplit(address).query)["at"] == [f"{OPTIONS}/o3/text"]
    assert urlsplit(address).fragment == "told"


@pytest.mark.parametrize(
    ("text", "said"),
    [(" \n", "Paste a list first"), ("x" * (LONGEST + 1), "up to 20,000 characters is split")],
)
def test_what_is_no_list_changes_nothing_and_it_is_said(desk: Desk, text: str, said: str) -> None:
    assert said in paste(desk, text)
    assert desk.body == BODY


def test_sources_are_read_from_what_is_pasted_and_from_a_file(desk: Desk) -> None:
    page = cite(desk, BIB, RIS.encode())

    first, second = desk.body["references"]
    assert (first["title"], first["doi"], second["title"]) == (
        "Backs at work",
        "10.1000/x",
        "Knees",
    )
    assert "2 sources taken from what was pasted." in page
    assert "10.1000/x" in page


def test_a_doi_alone_is_a_row_and_it_is_said_that_nothing_was_looked_up(desk: Desk) -> None:
    page = cite(desk, "https://doi.org/10.1000/182")

    assert [row["doi"] for row in desk.body["references"]] == ["10.1000/182"]
    assert "Source 1: a DOI alone. Nothing was looked up; write the rest." in page


def test_a_source_that_is_there_is_not_taken_again(desk: Desk) -> None:
    cite(desk, RIS)
    page = cite(desk, RIS.replace("10.1000/x", "10.1000/X"))

    assert [row["title"] for row in desk.body["references"]] == ["Backs at work"]
    assert "10.1000/X is there already." in page


def test_a_file_of_pubmed_is_read(desk: Desk) -> None:
    cite(desk, file=b"\xef\xbb\xbf" + NBIB.encode())

    assert [row["source"] for row in desk.body["references"]] == ["Spine 2020"]


@pytest.mark.parametrize(
    ("file", "said"),
    [
        (b"", "Paste a DOI or the text of a file first, or choose a file."),
        (b"%PDF-1.7\0\0", "The file is no text."),
        (b"TI  - R\xe9sum\xe9", "The file is not UTF-8 text."),
        (b"x" * (LARGEST_FILE + 1), "The file is larger than 800 kB."),
    ],
    ids=["none", "no text", "another code", "too large"],
)
def test_a_file_that_is_not_taken_changes_nothing_and_it_is_said(
    desk: Desk, file: bytes, said: str
) -> None:
    assert said in cite(desk, file=file)
    assert desk.body == BODY


def test_what_was_typed_is_saved_with_the_file(desk: Desk) -> None:
    here = f"/drafts/{desk.draft_id}"
    sent = [(n, "New" if n == "title" else v) for n, v in controls_of(desk.client.get(here))]
    sent = [each for each in sent if each[0] != "sources-file"]
    many = [("unknown", str(n)) for n in range(3000)]
    data = MultiDict([*sent, *many, ("do", "cite")])
    data.add("sources-file", (BytesIO(RIS.encode()), "x.ris"))
    desk.client.post(here, data=data, content_type="multipart/form-data")

    assert desk.body["title"] == "New"
    assert len(desk.body["references"]) == 1
