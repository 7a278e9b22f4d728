"""Texts of case files, as an author would hand them in."""

import json
from datetime import datetime
from typing import Any

from lms.cases.models import StoredCase
from lms.cases.services import load_cases
from lms.core.db import db, transaction
from tests.attempts.factories import case_body, choice_item
from tests.factories import NOW


def case_file(slug: str, *items: dict[str, Any], **changes: Any) -> tuple[str, str]:
    """Return name and text of the file of a case; JSON is YAML."""
    body = case_body(*(items or (choice_item(),)), slug=slug) | changes
    return f"{slug}.yaml", json.dumps(body)


def load(*files: tuple[str, str], now: datetime = NOW) -> None:
    """Bring *files* into the bank; all of them must be taken."""
    with transaction():
        report = load_cases(None, files, now=now)
    assert report.problems == []


def stored(slug: str) -> StoredCase:
    """Return a case of the bank, items loaded."""
    query = db.select(StoredCase).where(StoredCase.slug == slug)
    return db.session.scalars(query.options(db.selectinload(StoredCase.items))).one()
