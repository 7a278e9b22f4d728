"""Which cases wait for a clinician."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, or_, select

from lms.attempts.secrecy import to_answer_blind
from lms.authoring.models import Draft, DraftEvent
from lms.cases.models import CaseVersion, StoredCase
from lms.cases.signing import is_signed
from lms.core.db import db
from lms.people.models import User

PAGE = 20
"""How many cases a page of the queue lists."""


@dataclass(frozen=True)
class CaseToSign:
    """A case that waits for a clinician: nobody answers for it, or its review is overdue."""

    slug: str
    title: str
    topic: str
    overdue: bool


def waiting_cases(person: User, today: date) -> list[CaseToSign]:
    """Return the cases that wait for a clinician and may be signed by *person*, by title.

    Not those that the person wrote in, nor those to be answered blind before. Two statements,
    however many there are.
    """
    overdue = and_(StoredCase.review_by.is_not(None), StoredCase.review_by < today)
    rows = db.session.execute(
        select(StoredCase.slug, StoredCase.title, StoredCase.topic, overdue)
        .where(
            StoredCase.retired_at.is_(None),
            StoredCase.current_id.is_not(None),
            or_(~is_signed(StoredCase.current_id), overdue),
            ~_wrote(person),
            StoredCase.id.not_in(list(to_answer_blind(person))),
        )
        .order_by(StoredCase.title, StoredCase.id)
    )
    return [CaseToSign(slug, title, topic, bool(late)) for slug, title, topic, late in rows]


def _wrote(person: User) -> ColumnElement[bool]:
    """Return that *person* wrote in a case."""
    versions = select(CaseVersion.id).where(
        CaseVersion.case_id == StoredCase.id, CaseVersion.author_id == person.id
    )
    drafts = (
        select(Draft.id)
        .outerjoin(DraftEvent, DraftEvent.draft_id == Draft.id)
        .where(
            Draft.case_id == StoredCase.id,
            or_(Draft.owner_id == person.id, DraftEvent.by_id == person.id),
        )
    )
    return or_(versions.exists(), drafts.exists())


def beside(cases: list[CaseToSign], slug: str) -> tuple[str | None, str | None]:
    """Return the slugs before and after *slug* in the queue; after one that left it: the first."""
    slugs = [each.slug for each in cases]
    if slug not in slugs:
        return None, slugs[0] if slugs else None
    place = slugs.index(slug)
    return (
        slugs[place - 1] if place else None,
        slugs[place + 1] if place + 1 < len(slugs) else None,
    )
