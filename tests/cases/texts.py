"""Texts of case files, as an author would hand them in."""

import json
from datetime import datetime
from typing import Any

from lms.cases.models import CaseVersion, StoredCase
from lms.cases.revisions import propose_revision, publish_version
from lms.cases.services import load_cases, publish_newest
from lms.core.db import db, transaction
from lms.people.models import Role, User
from lms.people.queries import user_by_email
from question_bank.case import Case
from tests.attempts.factories import case_body, choice_item
from tests.factories import NOW, make_user


def case_file(slug: str, *items: dict[str, Any], **changes: Any) -> tuple[str, str]:
    """Return name and text of the file of a case; JSON is YAML."""
    body = case_body(*(items or (choice_item(),)), slug=slug) | changes
    return f"{slug}.yaml", json.dumps(body)


def publisher() -> User:
    """Return who publishes what tests bring in; the same one every time."""
    email = "publisher@example.org"
    return user_by_email(email) or make_user(Role.FACULTY, name="Dr. Publisher", email=email)


def load(*files: tuple[str, str], now: datetime = NOW) -> None:
    """Bring *files* into the bank, published; all of them must be taken."""
    with transaction():
        report = load_cases(publisher(), files, now=now)
        for slug in report.proposed:
            publish_newest(publisher(), slug, now=now)
    assert not report.problems, report.problems


def revise_case(
    actor: User, case_id: int, body: Case, *, of: int, note: str, now: datetime
) -> CaseVersion:
    """Have a case say *body*, published at once by the rule of fingerprints."""
    version = propose_revision(actor, case_id, body, of=of, note=note, now=now)
    return publish_version(actor, version, None, now)


def have_first_format() -> None:
    """Have every body say that it is of format 1, as all are in what the first edition can read.

    For ways down to its schema, which refuse others.
    """
    with transaction():
        for version in db.session.scalars(db.select(CaseVersion)):
            if isinstance(version.body, dict):
                version.body = version.body | {"format": 1}


def stored(slug: str) -> StoredCase:
    """Return a case of the bank, items loaded."""
    query = db.select(StoredCase).where(StoredCase.slug == slug)
    return db.session.scalars(query.options(db.selectinload(StoredCase.items))).one()
