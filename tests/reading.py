"""Reading pages as people do."""

import html
import re

from werkzeug.test import TestResponse


def words(page: TestResponse) -> str:
    """Return what a reader of *page* sees, in one line."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page.text)).split())
