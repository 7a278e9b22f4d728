"""Keeping what a case says: the one place that stores a version."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from lms.cases.images import drawing_address, keep_drawings
from lms.cases.models import CaseVersion, StoredCase
from lms.cases.queries import parsed
from lms.cases.search.keeping import keep_proposed
from lms.core.db import db
from lms.people.models import User
from question_bank.case import Case as CaseBody
from question_bank.case import InvalidCase, case_to_json, content_hash, parse_case, said_hash
from question_bank.drawings import drawings_named


def newest_version(case: StoredCase) -> CaseVersion | None:
    """Return the newest version of *case*, published or not; its approvals loaded."""
    return db.session.scalar(
        select(CaseVersion)
        .where(CaseVersion.case_id == case.id)
        .order_by(CaseVersion.number.desc())
        .limit(1)
        .options(selectinload(CaseVersion.approvals))
        .execution_options(populate_existing=True)
    )


def says(version: CaseVersion, body: CaseBody) -> bool:
    """Return whether *version* says *body*, and shows what that would show today."""
    try:
        said = version.said_hash or said_hash(parsed(version))
    except InvalidCase:
        return False
    shipped = {name: drawing_address(name) for name in drawings_named(body)}
    return said == said_hash(body) and version.drawings == shipped


def add_version(
    case: StoredCase,
    body: CaseBody,
    *,
    author: User | None,
    note: str,
    of: CaseVersion | None,
    now: datetime,
) -> CaseVersion:
    """Keep that *case*, which nobody else changes, is to say *body*: its next version.

    It is a proposal until an act publishes it.

    Args:
        case: The case, known to the database.
        body: What it is to say.
        author: Who wrote or brought it; None: nobody who is known.
        note: What has changed, for its history.
        of: The version that *body* was made from, whose drawings it goes on showing.
        now: When.

    Raises:
        InvalidCase: what would be kept could not be read again, so nothing is kept.
    """
    kept = case_to_json(body)
    parse_case(kept)
    last = newest_version(case)
    version = CaseVersion(
        case_id=case.id,
        number=1 if last is None else last.number + 1,
        body=kept,
        content_hash=content_hash(body),
        said_hash=said_hash(body),
        sibling_of=body.sibling_of,
        drawings=keep_drawings(body, of, now=now),
        author_id=None if author is None else author.id,
        change_note=note,
        created_at=now,
    )
    db.session.add(version)
    db.session.flush()
    keep_proposed(case.id, version.id, version.body)
    return version
