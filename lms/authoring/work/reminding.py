"""Telling owners, once a fact, of reviews that are due and of facts that changed."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from lms.attempts.secrecy import to_answer_blind
from lms.authoring.facts.queries import CaseOnFact, cases_on_changed_facts
from lms.authoring.work.queries import in_use
from lms.cases.models import StoredCase
from lms.core.clock import local, say_date
from lms.core.db import db
from lms.notices.occasions import Occasion
from lms.notices.queries import keys_told
from lms.notices.telling import Telling, key_of, tell_each
from lms.people.models import User
from question_bank.reviewing import AHEAD

MILESTONES = (0, 14, 60)
"""How many days before the day of a review its owner is told; the nearest that has come."""

AT_ONCE = 200
"""How many people are told by one sweep at most; the next one goes on."""


def remind(*, now: datetime) -> None:
    """Tell owners of what is due and of what changed; what was told already is not told again."""
    told = [*_due(now), *_changed()]
    keys = {key_of(telling, person) for telling, person in told}
    known = keys_told((Occasion.REVIEW_DUE, Occasion.FACT_CHANGED)) & keys
    new = [each for each in told if key_of(*each) not in known]
    tell_each(new[:AT_ONCE], now=now)


def _owners(cases: Sequence[StoredCase | CaseOnFact]) -> dict[int, User]:
    wanted = {case.owner_id for case in cases if case.owner_id is not None}
    people = select(User).where(User.id.in_(wanted), User.disabled_at.is_(None))
    found = db.session.scalars(people.options(selectinload(User.role_rows)))
    return {person.id: person for person in found}


def _due(now: datetime) -> list[tuple[Telling, User]]:
    horizon = now.date() + AHEAD + timedelta(days=1)
    cases = db.session.scalars(
        select(StoredCase)
        .where(*in_use(), StoredCase.owner_id.is_not(None), StoredCase.review_by <= horizon)
        .order_by(StoredCase.review_by, StoredCase.id)
    ).all()
    owners = _owners(cases)
    return [
        (_review_due(case, milestone), owner)
        for case in cases
        if case.owner_id in owners
        for owner in [owners[case.owner_id]]
        for milestone in [_milestone(case, local(now, owner.time_zone).date())]
        if milestone is not None
    ]


def _milestone(case: StoredCase, today: date) -> int | None:
    assert case.review_by is not None, "it was asked for"  # noqa: S101
    left = (case.review_by - today).days
    return next((days for days in MILESTONES if left <= days), None)


def _review_due(case: StoredCase, milestone: int) -> Telling:
    assert case.review_by is not None, "it was asked for"  # noqa: S101
    day = say_date(case.review_by)
    subject = (
        f"“{case.title}” was to be reviewed by {day}"
        if milestone == 0
        else f"“{case.title}” is to be reviewed by {day}"
    )
    return Telling(
        occasion=Occasion.REVIEW_DUE,
        fact=f"{case.id}:{case.review_by.isoformat()}:{milestone}",
        about=("case", case.id),
        subject=subject,
        sentences=("You look after this case. Read it again and approve it, or revise it.",),
        button="Read the case",
        path=f"/bank/{case.slug}",
    )


def _changed() -> list[tuple[Telling, User]]:
    cases = [case for case in cases_on_changed_facts() if case.owner_id is not None]
    owners = _owners(cases)
    blind = {owner_id: to_answer_blind(owner) for owner_id, owner in owners.items()}
    return [
        (_fact_changed(case), owners[case.owner_id])
        for case in cases
        if case.owner_id in owners and case.id not in blind[case.owner_id]
    ]


def _fact_changed(case: CaseOnFact) -> Telling:
    assert case.changed_at is not None, "it has changed"  # noqa: S101
    return Telling(
        occasion=Occasion.FACT_CHANGED,
        fact=f"{case.fact_id}:{case.changed_at.isoformat()}:{case.id}",
        about=("case", case.id),
        subject=f"A fact behind “{case.title}” has changed",
        sentences=(
            f"The case rests on fact {case.fact_id}, which says something else now, or has another "
            "source or state.",
            "Read what it says, and whether the case still holds.",
        ),
        button="See the fact",
        path=f"/facts/{case.fact_id}",
    )
