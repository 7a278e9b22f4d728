"""Advice stands beside the fields of the editor, and its buttons save first and then mend."""

import pytest
from flask import Flask

from lms.core.db import transaction
from tests.authoring.drafts.factories import as_kept
from tests.authoring.drafts.kept import kept_draft, make_author
from tests.question_bank.advice.bodies import draft, option
from tests.signin.helpers import token_of

BODY = draft(option("oo1", "Always rest, .5 mg"), option("oo2", "Walk")) | {"title": "A calf"}
BODY["stages"][0]["#"], BODY["stages"][0]["items"][0]["#"] = "st1", "it1"
OPTION = "stages/st1/items/it1/options/oo1/text"


@pytest.fixture
def editor(app: Flask, signed_in):
    with app.app_context(), transaction():
        author = make_author()
        address = f"/drafts/{kept_draft(author, body=BODY).id}"
    browser = signed_in(author)

    def press(do: str, **fields: str):
        page = browser.get(address)
        data = {"csrf_token": token_of(page), "revision": now().revision, "tab": "tab", "do": do}
        return browser.post(address, data=data | fields, follow_redirects=True)

    def now():
        with app.app_context():
            return as_kept(int(address.rpartition("/")[2]))

    return browser, address, press, now


def test_the_page_says_what_blocks_and_where(editor) -> None:
    browser, address, _, _ = editor

    page = browser.get(address).text

    assert "things block approval" in page
    assert f'data-advised="{OPTION}"' in page
    assert f'value="mend:{OPTION}:L21:0"' in page
    assert "A fellow who chooses B would learn nothing." in page


def test_one_press_saves_what_was_typed_and_mends(editor) -> None:
    _, _, press, now = editor

    press(f"mend:{OPTION}:L21:0", **{OPTION: "Rest, .25 mg", "title": "A sore calf"})

    assert now().body["title"] == "A sore calf"
    assert now().body["stages"][0]["items"][0]["options"][0]["text"] == "Rest, 0.25 mg"


def test_advice_is_kept_with_a_reason_and_taken_back(editor) -> None:
    _, _, press, now = editor

    page = press(f"keep:{OPTION}:L09:0", **{f"why:{OPTION}:L09:0": "The guideline's own words."})
    assert "Kept: The guideline&#39;s own words." in page.text
    assert "tells the test-wise" not in page.text

    (waiver,) = now().body["waivers"]
    page = press(f"letgo:{waiver['#']}")
    assert now().body.get("waivers", []) == []
    assert "tells the test-wise" in page.text


def test_a_picture_is_uploaded_after_what_was_typed_is_saved(editor) -> None:
    _, _, press, now = editor

    page = press("pictures:stages/st1/exhibits", title="Typed before")

    assert "Add a picture" in page.text
    assert 'name="at" type="hidden" value="stages/st1/exhibits"' in page.text
    assert now().body["title"] == "Typed before"


def test_a_press_that_is_refused_saves_what_was_typed_all_the_same(editor) -> None:
    _, _, press, now = editor

    page = press(f"keep:{OPTION}:L09:0", **{f"why:{OPTION}:L09:0": "no", "title": "Typed since"})

    assert "Say in 12 characters or more why this stays as it is." in page.text
    assert now().body["title"] == "Typed since"
