"""Who may read the keys of the bank: not a fellow who may still be asked them."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import and_, func, or_, select

from lms.attempts.models import Attempt
from lms.attempts.queries import running
from lms.cases.models import CaseVersion
from lms.core.clock import local
from lms.core.db import db
from lms.core.errors import Refusal
from lms.people.models import Role, User, UserRole
from lms.program.queries import is_or_will_be_member
from lms.quizzes.models import Assignment, Audience
from lms.quizzes.terms import terms_of


class KeysKept(Refusal):
    """What would tell keys to somebody who may still be asked them."""

    http_status = 403
    message = (
        "As a fellow you work with the keys only of cases that you wrote: "
        "you may be asked this one. Ask a colleague."
    )


def may_read_keys(user: User, case_id: int, now: datetime) -> bool:
    """Return whether *user* may read the keys of a case: nobody who may be asked it, or its author.

    Whoever holds the role of a fellow may be asked any case while in a cohort, or before that, and
    while an attempt runs or can be begun, wherever it was assigned.
    """
    return bool(readable_keys(user, [case_id], now))


def readable_keys(user: User, case_ids: Collection[int], now: datetime) -> set[int]:
    """Return of which of the cases *user* may read the keys; in as many statements as for one."""
    wanted = set(case_ids)
    if not keys_are_kept_from(user, now):
        return wanted
    wrote = (CaseVersion.case_id.in_(wanted), CaseVersion.author_id == user.id)
    return set(db.session.scalars(select(CaseVersion.case_id).where(*wrote).distinct()))


def check_may_read_keys(user: User, case_id: int, now: datetime) -> None:
    """Refuse to go on if *user* may not read the keys of a case.

    Raises:
        KeysKept: see `may_read_keys`.
    """
    if not may_read_keys(user, case_id, now):
        raise KeysKept


def keys_are_kept_from(user: User, now: datetime) -> bool:
    """Return whether *user* may be asked cases, and so reads the keys of none but the own ones."""
    role = (UserRole.user_id == user.id, UserRole.role == Role.FELLOW)
    if db.session.scalar(select(UserRole.user_id).where(*role)) is None:
        return False
    today = local(now, user.time_zone).date()
    return (
        is_or_will_be_member(user.id, today)
        or bool(running(Attempt.fellow_id == user.id))
        or _may_begin_one(user.id, now)
    )


def _may_begin_one(fellow_id: int, now: datetime) -> bool:
    """Return whether an attempt can be begun of what was assigned by name, or was begun before."""
    by_name = select(Audience.assignment_id).where(Audience.fellow_id == fellow_id)
    own = and_(Attempt.assignment_id == Assignment.id, Attempt.fellow_id == fellow_id)
    rows = db.session.execute(
        select(Assignment.id, func.count(Attempt.id))
        .outerjoin(Attempt, own)
        .where(or_(Attempt.id.is_not(None), Assignment.id.in_(by_name)))
        .group_by(Assignment.id)
    )
    begun = {(row[0], fellow_id): row[1] for row in rows}
    terms = terms_of(begun.keys()) if begun else {}
    return any(terms[pair].may_begin(count, now) for pair, count in begun.items())
