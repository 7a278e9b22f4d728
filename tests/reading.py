"""Reading pages as people do."""

import html
import re

from werkzeug.test import TestResponse


def words(page: TestResponse) -> str:
    """Return what a reader of *page* sees, in one line."""
    return words_of(page.text)


def place_of(page: TestResponse) -> str:
    """Return the address that *page* leads to, without the place on the page there."""
    assert page.location, page.text
    return page.location.partition("#")[0]


def words_of(text: str) -> str:
    """Return the same of the HTML of a page."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", text)).split())
