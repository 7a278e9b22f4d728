"""Which stored cases may tell nearly what a draft tells, by the sketches in the index."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from lms.cases.models import CaseVersion, StoredCase
from lms.cases.search.models import SearchEntry, SearchSketch
from lms.core.db import db

MOST = 12
"""How many cases are read to be compared word by word."""


@dataclass(frozen=True)
class Resembling:
    """A version of a case that shares numbers of a sketch; `body` is its JSON."""

    case_id: int
    slug: str
    title: str
    body: dict[str, Any]


def resembling(sketch: Collection[int], *, but: int | None) -> list[Resembling]:
    """Return what shares most numbers of *sketch*, most first: what is in use or is proposed.

    One statement, and `MOST` at most, however large the bank is. Retired cases are left out, and
    so is the case *but*.
    """
    shared = (
        select(SearchSketch.entry_id, func.count().label("numbers"))
        .where(SearchSketch.number.in_(sketch))
        .group_by(SearchSketch.entry_id)
        .subquery()
    )
    rows = db.session.execute(
        select(StoredCase.id, StoredCase.slug, StoredCase.title, CaseVersion.body)
        .select_from(shared)
        .join(SearchEntry, SearchEntry.id == shared.c.entry_id)
        .join(StoredCase, StoredCase.id == SearchEntry.case_id)
        .join(CaseVersion, CaseVersion.id == SearchEntry.version_id)
        .where(StoredCase.retired_at.is_(None), StoredCase.id != (but or 0))
        .order_by(shared.c.numbers.desc(), SearchEntry.id)
        .limit(MOST)
    )
    return [Resembling(*row) for row in rows if isinstance(row.body, dict)]
