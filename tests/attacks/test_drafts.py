"""Any JSON as the body of a draft, and any fields sent to its pages: nothing breaks."""

from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lms.authoring.drafts import services
from lms.core.db import transaction
from lms.core.errors import Refusal
from lms.people.models import User
from tests.attacks.test_wrong_shapes import TEXTS
from tests.authoring.drafts.factories import as_kept, stood
from tests.authoring.drafts.kept import kept_draft, make_author
from tests.factories import NOW
from tests.question_bank.drafts.made import BODIES
from tests.signin.helpers import send

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

FEW = settings(suppress_health_check=list(HealthCheck), max_examples=25)

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["stages", "items", "options", "#", "text", "facts", "title"])
            | st.text(max_size=8),
            inner,
            max_size=5,
        )
    ),
    max_leaves=20,
)

PAGES = (
    "",
    "/states",
    "/states/0",
    "/states/1",
    "/facts",
    "/facts?words=pain",
    "/conflict",
    "/preview",
)

NAMES = (
    "tab", "path", "choice", "both", "sight", "revision", "place", "words", "do", "how", "case",
    "text", "topic", "level", "setting", "statement", "source", "read", "title", "#", "@",
    "stages/@", "stages/s1/text", "stages/s1/items/i1/options/o1/key", "stages/s1/#", "a/" * 30,
)  # fmt: skip

ADDRESSES = (
    "", "/conflict", "/states/0", "/states/1", "/drop", "/take-up", "/here", "/facts",
    "/facts/I65/take", "/facts/%00/take", "/facts/I65/leave",
)  # fmt: skip

VALUES = st.sampled_from(sorted(TEXTS.values())) | st.text(max_size=30)


@pytest.fixture
def author(app: Flask) -> User:
    with app.app_context(), transaction():
        return make_author()


def begun(app: Flask, author: User) -> int:
    with app.app_context(), transaction():
        return kept_draft(author).id


def test_any_body_is_saved_or_refused_and_every_page_of_it_opens(app, author, signed_in) -> None:
    browser = signed_in(author)

    @FEW
    @given(JSON | BODIES, JSON | BODIES, st.integers(-2, 3))
    def attack(one: Any, other: Any, since: int) -> None:
        draft_id = begun(app, author)
        with app.app_context():
            for body, tab, revision in ((one, "a", 0), (other, "b", since)):
                try:
                    with transaction():
                        services.save(
                            author, draft_id, body, from_revision=revision, tab=tab, now=NOW
                        )
                except Refusal:
                    continue
            assert len(stood(draft_id)) == as_kept(draft_id).revision + 1
        for page in PAGES:
            assert browser.get(f"/drafts/{draft_id}{page}").status_code < 500

    attack()


def test_any_fields_are_answered_with_a_sentence_at_worst(app, author, signed_in) -> None:
    browser = signed_in(author)
    draft_id = begun(app, author)

    @FEW
    @given(
        st.sampled_from(ADDRESSES),
        st.dictionaries(st.sampled_from(NAMES) | st.text(max_size=12), VALUES, max_size=8),
    )
    def attack(address: str, sent: dict[str, str]) -> None:
        token = {"csrf_token": None} if "csrf_token" in sent else {}
        fields = {name: value for name, value in sent.items() if name not in token}
        page = send(browser, f"/drafts/{draft_id}{address}", fields, at="/settings")
        assert page.status_code < 500

    attack()


def test_any_way_to_begin_is_answered_with_a_sentence_at_worst(app, author, signed_in) -> None:
    browser = signed_in(author)

    @FEW
    @given(
        st.sampled_from(["blank", "gap", "text", "sibling", "revise", "other"]),
        st.dictionaries(st.sampled_from(NAMES), VALUES, max_size=6),
    )
    def attack(how: str, sent: dict[str, str]) -> None:
        page = send(browser, "/drafts/new", sent | {"how": how})
        asked = browser.get("/drafts/new", query_string=sent)
        assert (page.status_code < 500, asked.status_code < 500) == (True, True)

    attack()
