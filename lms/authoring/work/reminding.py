"""Telling owners, once a fact, of reviews that are due and of facts that changed."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import func, or_, select
from sqlalchemy.orm import selectinload

from lms.attempts.secrecy import all_to_answer_blind
from lms.authoring.facts.queries import CaseOnFact, cases_on_changed_facts
from lms.authoring.work.queries import in_use
from lms.cases.models import StoredCase
from lms.core.clock import local, say_date
from lms.core.db import db
from lms.notices.occasions import Occasion
from lms.notices.queries import keys_told
from lms.notices.telling import Telling, key_of, tell_each
from lms.people.models import Role, User
from lms.people.queries import people_with_one_of
from question_bank.reviewing import AHEAD

MILESTONES = (0, 14, 60)
"""How many days before the day of a review its owner is told; the nearest that has come."""

AT_ONCE = 200
"""How many people are told by one sweep at most; the next one goes on."""


def remind(*, now: datetime) -> None:
    """Tell owners of what is due and of what changed; what was told already is not told again."""
    told = [*_due(now), *_due_of_nobody(now), *_changed()]
    known = keys_told(key_of(telling, person) for telling, person in told)
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
        if case.review_by is not None
        for milestone in [_milestone(case.review_by, local(now, owner.time_zone).date())]
        if milestone is not None
    ]


def _due_of_nobody(now: datetime) -> list[tuple[Telling, User]]:
    """Return what directors are told of cases that nobody looks after: one mail for each day.

    Nobody looks after what only the installation published, nor what was left behind by people
    whose account is closed.
    """
    counts = db.session.execute(
        select(StoredCase.review_by, func.count(), func.min(StoredCase.id))
        .outerjoin(User, User.id == StoredCase.owner_id)
        .where(
            *in_use(),
            or_(StoredCase.owner_id.is_(None), User.disabled_at.is_not(None)),
            StoredCase.review_by <= now.date() + AHEAD + timedelta(days=1),
        )
        .group_by(StoredCase.review_by)
        .order_by(StoredCase.review_by)
    ).all()
    directors = people_with_one_of([Role.DIRECTOR]) if counts else ()
    return [
        (_nobodys_review_due(day, count, case_id, milestone), director)
        for day, count, case_id in counts
        if day is not None
        for director in directors
        for milestone in [_milestone(day, local(now, director.time_zone).date())]
        if milestone is not None
    ]


def _nobodys_review_due(day: date, count: int, case_id: int, milestone: int) -> Telling:
    cases = "A case that nobody looks after" if count == 1 else f"{count} cases without an owner"
    be = ("was" if count == 1 else "were") if milestone == 0 else ("is" if count == 1 else "are")
    return Telling(
        occasion=Occasion.REVIEW_DUE,
        fact=f"nobody:{day.isoformat()}:{milestone}",
        about=("bank", case_id),
        subject=f"{cases} {be} to be reviewed by {say_date(day)}",
        sentences=(
            "Directors are told, since nobody else is. Give each case to somebody on its page: "
            "that person is reminded from then on.",
        ),
        button="See the cases by their day of review",
        path="/bank?order=review",
    )


def _milestone(day: date, today: date) -> int | None:
    left = (day - today).days
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
    blind = all_to_answer_blind(owners.keys())
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
