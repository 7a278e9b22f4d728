"""Rows of extension; who adds them also sets the clocks that run."""

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from lms.core.audit import Deed, record_all
from lms.core.clock import say_when
from lms.core.db import db
from lms.core.errors import Invalid
from lms.core.inserts import insert_all
from lms.people.models import User
from lms.quizzes import queries
from lms.quizzes.models import Extension
from lms.quizzes.terms import published
from question_bank.terms import Grant

_granter = aliased(User)


@dataclass(frozen=True)
class GivenMore:
    """That `count` fellows were granted the same at once; `fellow` is one of them."""

    at: datetime
    by: str
    grant: Grant
    reason: str
    count: int
    fellow: str


def add_extensions(
    actor: User,
    assignment_id: int,
    fellow_ids: Collection[int],
    *,
    grant: Grant,
    reason: str,
    now: datetime,
) -> Sequence[Extension]:
    """Note what fellows are granted with one assignment, beyond what all have: a row for each.

    Raises:
        NotFound: there is no such assignment.
        Invalid: nothing is granted, without a reason, out of range, in the wrong order, or later
            than when results are shown.
    """
    _check(actor, assignment_id, grant, reason)
    granted = {"assignment_id": assignment_id, **asdict(grant), "reason": reason.strip()}
    by = {"granted_by": actor.id, "granted_at": now}
    rows = insert_all(
        Extension, [{**granted, **by, "fellow_id": each} for each in sorted(fellow_ids)]
    )
    deeds = [
        Deed(
            "extension.grant",
            "extension",
            row.id,
            after={"assignment": assignment_id, "fellow": row.fellow_id, "reason": reason.strip()},
        )
        for row in rows
    ]
    record_all(actor, deeds, now=now)
    return rows


def minutes_granted(assignment_id: int, fellow_id: int) -> int:
    """Return how many minutes more than all have a fellow was granted."""
    own = (Extension.assignment_id == assignment_id, Extension.fellow_id == fellow_id)
    return db.session.scalar(select(func.max(Extension.minutes)).where(*own)) or 0


def granted_so(assignment_id: int, grant: Grant) -> set[int]:
    """Return the fellows of whom one extension gives the dates of *grant*, and as much or more."""
    dates = [
        getattr(Extension, name) == moment
        for name in ("opens_at", "due_at", "closes_at")
        for moment in [getattr(grant, name)]
        if moment is not None
    ]
    return set(
        db.session.scalars(
            select(Extension.fellow_id).where(
                Extension.assignment_id == assignment_id,
                Extension.minutes >= grant.minutes,
                Extension.attempts >= grant.attempts,
                *dates,
            )
        )
    )


def granted(assignment_id: int, *, most: int) -> list[GivenMore]:
    """Return the *most* newest grants with an assignment; fellows granted alike are one."""
    same = (
        Extension.granted_at,
        _granter.name,
        Extension.minutes,
        Extension.opens_at,
        Extension.due_at,
        Extension.closes_at,
        Extension.attempts,
        Extension.reason,
    )
    rows = db.session.execute(
        select(*same, func.count(), func.min(User.name))
        .join(_granter, _granter.id == Extension.granted_by)
        .join(User, User.id == Extension.fellow_id)
        .where(Extension.assignment_id == assignment_id)
        .group_by(*same)
        .order_by(Extension.granted_at.desc())
        .limit(most)
    )
    return [
        GivenMore(at, by, Grant(minutes, opens, due, closes, attempts), reason, count, fellow)
        for at, by, minutes, opens, due, closes, attempts, reason, count, fellow in rows
    ]


def _check(actor: User, assignment_id: int, grant: Grant, reason: str) -> None:
    for_all = published(queries.assignment_by_id(assignment_id))
    if grant == Grant():
        raise Invalid("Grant more minutes, other dates, or more attempts.")
    if not 0 <= grant.minutes <= 600:
        raise Invalid("Grant 0 to 600 minutes more.", field="minutes")
    if not 0 <= grant.attempts <= 9:
        raise Invalid("Grant 0 to 9 attempts more.", field="attempts")
    if not reason.strip():
        raise Invalid("Say why.", field="reason")
    opens = grant.opens_at or for_all.opens_at
    due = grant.due_at or for_all.due_at
    closes = grant.closes_at or max(for_all.closes_at, due)
    if not opens < due <= closes:
        raise Invalid("A quiz opens first, is due later, and closes when it is due or later.")
    if closes > for_all.results_at:
        until = say_when(for_all.results_at, actor.time_zone)
        raise Invalid(f"Results are shown from {until} on. Close it earlier.", field="closes_at")
