"""Reading a fact, and the cases that rest on it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, String, and_, cast, func, or_, select

from lms.cases.models import Approval, ApprovalKind, CaseVersion, StoredCase, StoredFact
from lms.core.db import db
from lms.core.errors import NotFound
from lms.people.models import User


@dataclass(frozen=True)
class CaseOnFact:
    """A case in use that rests on a fact, and who looks after it.

    `stale`: the fact has changed since what is in use was published.
    """

    id: int
    title: str
    slug: str
    owner_id: int | None
    owner: str | None
    fact_id: str
    changed_at: datetime | None
    stale: bool


_PUBLISHED_AT = (
    select(func.max(Approval.at))
    .where(
        Approval.case_version_id == StoredCase.current_id, Approval.kind == ApprovalKind.EDITORIAL
    )
    .correlate(StoredCase)
    .scalar_subquery()
)

_STALE = and_(
    StoredFact.changed_at.is_not(None),
    or_(_PUBLISHED_AT.is_(None), StoredFact.changed_at > _PUBLISHED_AT),
)


def _names_it() -> ColumnElement[bool]:
    """Return whether the body of a version has the fact's id in it, as a word of its own."""
    return cast(CaseVersion.body, String).contains('"' + StoredFact.id + '"')


def _resting(*where: ColumnElement[bool]) -> Select[Any]:
    facts: tuple[Any, ...] = (
        StoredCase.id, StoredCase.title, StoredCase.slug, StoredCase.owner_id, User.name,
        StoredFact.id, StoredFact.changed_at, func.coalesce(_STALE, False),
        CaseVersion.body["facts"],
    )  # fmt: skip
    return (
        select(*facts)
        .select_from(StoredFact)
        .join(CaseVersion, _names_it())
        .join(StoredCase, StoredCase.current_id == CaseVersion.id)
        .outerjoin(User, User.id == StoredCase.owner_id)
        .where(StoredCase.retired_at.is_(None), *where)
        .order_by(StoredCase.title, StoredCase.id, StoredFact.id)
    )


def _read(query: Select[Any]) -> list[CaseOnFact]:
    found = ((CaseOnFact(*row[:-1]), row[-1]) for row in db.session.execute(query))
    return [each for each, named in found if isinstance(named, list) and each.fact_id in named]


def fact_by_id(fact_id: str) -> StoredFact:
    """Return a fact.

    Raises:
        NotFound: there is no such fact.
    """
    fact = db.session.get(StoredFact, fact_id, populate_existing=True)
    if fact is None:
        raise NotFound("There is no such fact in the fact base.")
    return fact


def cases_on(fact_id: str) -> list[CaseOnFact]:
    """Return the cases in use that rest on a fact, by title; in one statement."""
    return _read(_resting(StoredFact.id == fact_id))


def cases_on_changed_facts(owner_id: int | None = None) -> list[CaseOnFact]:
    """Return the cases that rest on a fact that changed after they were published.

    Those that a person looks after, or all; in one statement, which reads no case while no fact
    has changed.
    """
    own = () if owner_id is None else (StoredCase.owner_id == owner_id,)
    return _read(_resting(_STALE, *own))
