"""The preview: a draft as a fellow sees it, however little of it there is."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from lms.authoring.editor.previewing import preview_sheet
from lms.core.db import transaction
from question_bank.drafts.bodies import taken
from tests.attempts.kinds import DRAWING
from tests.authoring.drafts.kept import kept_draft, make_author
from tests.authoring.editor.test_buttons import BODY

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=20,
)


def preview_of(app: Flask, signed_in: Callable[..., FlaskClient], body: dict[str, Any]) -> str:
    with app.app_context(), transaction():
        author = make_author()
        draft_id = kept_draft(author, body=body).id
    page = signed_in(author).get(f"/drafts/{draft_id}/preview?stage=1")
    assert page.status_code == 200
    return page.text


def test_it_shows_story_and_options_and_no_key(app: Flask, signed_in) -> None:
    page = preview_of(app, signed_in, BODY)

    assert "First part. Second part." in page
    assert "Which is best?" in page
    assert page.count('type="radio"') == 3 + 3  # options, and how sure
    assert "checked" not in page


@pytest.mark.parametrize(
    "item",
    [
        {"type": kind, "lead_in": "What?", **more}
        for kind, more in [
            ("single_best_answer", {}),
            ("multiple_response", {"options": [{"#": "o1", "text": "One"}]}),
            ("numeric", {"answer": "five", "unit": "furlongs"}),
            ("short_answer", {}),
            ("ordering", {"steps": [{"#": "p1", "text": "Begin"}]}),
            ("matching", {"pairs": [{"#": "p1", "left": "Left only"}]}),
            ("extended_matching", {"stems": [{"#": "p1", "text": "A man", "key": "gone"}]}),
            ("key_feature", {"permitted": "many"}),
            ("hotspot", {"regions": [{"#": "r1", "text": "Here", "polygon": "1,1 2,2"}]}),
            ("hotspot", {"image": "no-such-image.svg", "regions": [{"#": "r1", "text": "Here"}]}),
            ("script_concordance", {"idea": "Gout"}),
            ("essay", {"words": "-", "rubric": [{"#": "c1", "name": "Tone"}]}),
            ("no_such_type", {}),
        ]
    ],
    ids=lambda item: item["type"],
)
def test_a_half_written_item_is_drawn_or_said_to_lack_something(
    app: Flask, signed_in, item: dict[str, Any]
) -> None:
    body = {"stages": [{"#": "s1", "text": "Story", "items": [{"#": "i1", **item}]}]}

    page = preview_of(app, signed_in, taken(body).body)

    assert "What?" in page or "lacks something" in page


@given(JSON, st.integers(-3, 9))
def test_any_json_has_a_preview(raw: object, stage: int) -> None:
    body = taken({"stages": [{"text": "Story", "items": [raw]}, raw], "title": raw}).body

    assert preview_sheet(body, stage).stages >= 1


def test_only_our_own_pages_may_show_it_and_nothing_runs_in_it(app: Flask, signed_in) -> None:
    drawn = {"#": "e1", "title": "A knee", "image": DRAWING, "alt": "A knee from the front."}
    stage = BODY["stages"][0] | {"exhibits": [drawn]}
    with app.app_context(), transaction():
        author = make_author()
        draft_id = kept_draft(author, body=BODY | {"stages": [stage]}).id
    client = signed_in(author)

    editor = client.get(f"/drafts/{draft_id}").headers["Content-Security-Policy"].split("; ")
    page = client.get(f"/drafts/{draft_id}/preview")
    preview = page.headers["Content-Security-Policy"].split("; ")

    assert "frame-src 'self'" in editor
    assert "frame-ancestors 'none'" in editor
    assert "frame-ancestors 'self'" in preview
    assert "form-action 'none'" in preview
    assert not [part for part in preview if part.startswith(("script-src", "connect-src"))]
    assert page.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert 'class="exhibit"' in page.text
    assert "<script" not in page.text
    others = client.get("/bank").headers["Content-Security-Policy"]
    assert "frame-src" not in others
    assert "frame-ancestors 'none'" in others
