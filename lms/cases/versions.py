"""Keeping what a case says: the one place that stores a version."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import aliased, selectinload

from lms.cases.images import drawing_address, keep_drawings
from lms.cases.models import CaseVersion, StoredCase
from lms.cases.queries import parsed
from lms.cases.search.keeping import VersionSaid, keep_proposed
from lms.core.db import db
from lms.core.inserts import insert_all
from lms.people.models import User
from question_bank.case import Case as CaseBody
from question_bank.case import InvalidCase, case_to_json, content_hash, said_hash
from question_bank.drawings import drawings_named


def newest_version(case: StoredCase) -> CaseVersion | None:
    """Return the newest version of *case*, published or not; its approvals loaded."""
    return newest_versions([case]).get(case.id)


def newest_versions(cases: Iterable[StoredCase]) -> dict[int, CaseVersion]:
    """Return the newest version of each of *cases*, by the case's id; see `newest_version`."""
    other = aliased(CaseVersion)
    newest = (
        select(func.max(other.number)).where(other.case_id == CaseVersion.case_id).scalar_subquery()
    )
    versions = db.session.scalars(
        select(CaseVersion)
        .where(CaseVersion.case_id.in_([case.id for case in cases]), CaseVersion.number == newest)
        .options(selectinload(CaseVersion.approvals))
        .execution_options(populate_existing=True)
    )
    return {version.case_id: version for version in versions}


def says(version: CaseVersion, body: CaseBody) -> bool:
    """Return whether *version* says *body*, and shows what that would show today."""
    try:
        said = version.said_hash or said_hash(parsed(version))
    except InvalidCase:
        return False
    shipped = {name: drawing_address(name) for name in drawings_named(body)}
    return said == said_hash(body) and version.drawings == shipped


@dataclass(frozen=True)
class ToSay:
    """What a case, which nobody else changes, is to say: its next version.

    `of`: the version that `body` was made from, whose drawings it goes on showing.
    """

    case: StoredCase
    body: CaseBody
    of: CaseVersion | None = None


def add_version(
    case: StoredCase,
    body: CaseBody,
    *,
    author: User | None,
    note: str,
    of: CaseVersion | None,
    now: datetime,
) -> CaseVersion:
    """Keep that *case*, known to the database, is to say *body*; see `add_versions` and `ToSay`."""
    (version,) = add_versions([ToSay(case, body, of)], author=author, note=note, now=now)
    return version


def add_versions(
    wanted: Sequence[ToSay], *, author: User | None, note: str, now: datetime
) -> list[CaseVersion]:
    """Keep what cases are to say, each once, and return their next versions in that order.

    They are proposals until an act publishes them.

    Args:
        wanted: The cases and what they are to say.
        author: Who wrote or brought it; None: nobody who is known.
        note: What has changed, for their history.
        now: When.

    Raises:
        InvalidCase: what would be kept could not be read again, so nothing is kept.
    """
    if not wanted:
        return []
    rows = [_row(each) for each in wanted]
    drawings = keep_drawings([(each.body, each.of) for each in wanted], now=now)
    numbers = _last_numbers([each.case for each in wanted])
    for row, shown in zip(rows, drawings, strict=True):
        row |= {
            "number": numbers.get(row["case_id"], 0) + 1,
            "drawings": shown,
            "author_id": None if author is None else author.id,
            "change_note": note,
            "created_at": now,
        }
    made = {version.case_id: version for version in insert_all(CaseVersion, rows)}
    versions = [made[each.case.id] for each in wanted]
    keep_proposed([VersionSaid(each.case_id, each.id, each.body) for each in versions])
    return versions


def _row(wanted: ToSay) -> dict[str, Any]:
    row = {
        "case_id": wanted.case.id,
        "body": case_to_json(wanted.body),
        "content_hash": content_hash(wanted.body),
        "said_hash": said_hash(wanted.body),
        "sibling_of": wanted.body.sibling_of,
    }
    parsed(CaseVersion(**row))
    return row


def _last_numbers(cases: Sequence[StoredCase]) -> dict[int, int]:
    """Return the number of the last version of each of *cases*, by its id."""
    last = (
        select(CaseVersion.case_id, func.max(CaseVersion.number).label("number"))
        .where(CaseVersion.case_id.in_([case.id for case in cases]))
        .group_by(CaseVersion.case_id)
    )
    return {row.case_id: row.number for row in db.session.execute(last)}
