"""Authors in real browsers, and the draft that each of them is at."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext

from lms.core.db import transaction
from lms.people.models import User
from tests.authoring.drafts.kept import kept_draft, make_author

Enter = Callable[..., tuple[BrowserContext, int]]


@pytest.fixture
def enter(app: Flask, browser: Browser, served: str, signed_in: Any) -> Iterator[Enter]:
    """A function that returns the browser of an author, and a draft of that author's own."""
    opened: list[BrowserContext] = []

    def come_in(author: str | User, body: dict[str, Any], **of: Any) -> tuple[BrowserContext, int]:
        with app.app_context(), transaction():
            author = make_author(author) if isinstance(author, str) else author
            draft_id = kept_draft(author, body=body).id
        context = browser.new_context(**of)
        context.set_default_timeout(10_000)
        context.grant_permissions(["clipboard-read", "clipboard-write"], origin=served)
        cookie = signed_in(author).get_cookie("session")
        assert cookie is not None
        context.add_cookies([{"name": "session", "value": cookie.value, "url": served}])
        opened.append(context)
        return context, draft_id

    yield come_in
    for context in opened:
        context.close()
