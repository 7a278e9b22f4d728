"""What tests of the editor in a real browser do at a draft, and how it stands then."""

from typing import Any
from urllib.parse import quote_plus

from flask import Flask
from playwright.sync_api import Locator, Page, expect

from lms.authoring.models import Draft
from lms.core.db import db


def body_of(app: Flask, draft_id: int) -> dict[str, Any]:
    with app.app_context():
        return db.session.get_one(Draft, draft_id).body


def saved(page: Page) -> None:
    expect(page.locator("[data-save]")).to_have_attribute("data-state", "saved")


def story(page: Page) -> Locator:
    return page.get_by_role("textbox", name="Story", exact=True)


def write(page: Page, field: Locator, words: str) -> None:
    """Write *words* into *field*, and wait until they were sent and an answer came."""
    sent = quote_plus(words)
    with page.expect_response(lambda each: sent in (each.request.post_data or "")):
        field.fill(words)
