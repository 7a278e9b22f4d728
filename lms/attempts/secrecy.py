"""Who may read the keys of the bank: nobody who is still to answer without them.

That is a fellow who may be asked a case, and who was asked to review one and has not answered it
blind yet. Reviews belong to a room above, which registers how it knows of those.
"""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from lms.attempts.models import Attempt
from lms.attempts.queries import running
from lms.cases.models import CaseVersion
from lms.core.clock import local
from lms.core.db import db
from lms.core.errors import Refusal, WayOn
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


class AnswerFirst(KeysKept):
    """What would tell a reviewer the keys of a case before the blind answer to it."""

    message = "You have been asked to answer this case blind first"

    def __init__(self, review_page: str) -> None:
        super().__init__()
        self.way_on = WayOn(
            "You are its reviewer. Its keys, reasons and versions are shown to you as soon as you "
            "have answered it as a fellow would: what you choose without them shows whether the "
            "key is right and the items are clear. Whoever asked you can take the request back.",
            "Answer it now",
            review_page,
        )


ReviewsToAnswer = Callable[[Collection[int]], Mapping[int, Mapping[int, str]]]
"""Of people, by their ids: the cases to be answered blind, each with the page of its review."""

_asked_blind: list[ReviewsToAnswer] = []


def asks_blind(known: ReviewsToAnswer) -> ReviewsToAnswer:
    """Register how it is known which cases people are to answer blind, in one statement."""
    _asked_blind.append(known)
    return known


def to_answer_blind(user: User) -> dict[int, str]:
    """Return the cases that *user* has been asked to answer blind and has not, each with its page.

    The keys of these are kept from the person until the answer, or until whoever asked takes that
    back. Nobody is asked who wrote the version. Who wrote an earlier one, or has read the case
    before, may be: what is known then cannot be undone, but from the asking on no more is shown.
    What was released to a fellow who took the case stays released.
    """
    return all_to_answer_blind([user.id])[user.id]


def all_to_answer_blind(user_ids: Collection[int]) -> dict[int, dict[int, str]]:
    """Return the same for several people, by their ids; in as many statements."""
    found: dict[int, dict[int, str]] = {user_id: {} for user_id in user_ids}
    for known in _asked_blind:
        for user_id, cases in known(user_ids).items():
            found[user_id].update(cases)
    return found


def check_answered_first(user: User, case_id: int) -> None:
    """Refuse to go on if *user* is to answer a case blind first.

    Raises:
        AnswerFirst: see `to_answer_blind`.
    """
    if page := to_answer_blind(user).get(case_id):
        raise AnswerFirst(page)


def may_read_keys(user: User, case_id: int, now: datetime) -> bool:
    """Return whether *user* may read the keys of a case.

    Nobody may who is to answer it blind as its reviewer, see `to_answer_blind`; nor who may be
    asked it, unless it is the own one. Whoever holds the role of a fellow may be asked any case
    while in a cohort, or before that, and while an attempt runs or can be begun, wherever it was
    assigned.
    """
    return bool(readable_keys(user, [case_id], now))


def readable_keys(user: User, case_ids: Collection[int], now: datetime) -> set[int]:
    """Return of which of the cases *user* may read the keys; in as many statements as for one."""
    return _open_to_fellow(user, set(case_ids), now) - to_answer_blind(user).keys()


def may_review(user: User, case_id: int, now: datetime) -> bool:
    """Return whether *user* may be asked to review a case: its keys could be read then."""
    return bool(_open_to_fellow(user, {case_id}, now))


def _open_to_fellow(user: User, wanted: set[int], now: datetime) -> set[int]:
    """Return which of the cases *user* will not be asked as a fellow, or wrote."""
    if not keys_are_kept_from(user, now):
        return wanted
    wrote = (CaseVersion.case_id.in_(wanted), CaseVersion.author_id == user.id)
    return set(db.session.scalars(select(CaseVersion.case_id).where(*wrote).distinct()))


def readable_where(
    user: User, case_id: InstrumentedAttribute[int | None], now: datetime
) -> ColumnElement[bool] | None:
    """Return that *user* may read the keys of the case in the column *case_id*; None: of all.

    Of a row without a case it says nothing (NULL).
    """
    conditions: list[ColumnElement[bool]] = []
    if keys_are_kept_from(user, now):
        own = select(CaseVersion.case_id).where(CaseVersion.author_id == user.id)
        conditions.append(case_id.in_(own))
    if blind := to_answer_blind(user):
        conditions.append(case_id.not_in(list(blind)))
    return and_(*conditions) if conditions else None


def check_may_read_keys(user: User, case_id: int, now: datetime) -> None:
    """Refuse to go on if *user* may not read the keys of a case.

    Raises:
        AnswerFirst: the person is to answer it blind first.
        KeysKept: see `may_read_keys`.
    """
    check_may_read_all(user, [case_id], now)


def check_may_read_all(user: User, case_ids: Collection[int], now: datetime) -> None:
    """Refuse to go on if *user* may not read the keys of one of the cases; errors as for one."""
    wanted = set(case_ids)
    if _open_to_fellow(user, wanted, now) != wanted:
        raise KeysKept
    for case_id, page in to_answer_blind(user).items():
        if case_id in wanted:
            raise AnswerFirst(page)


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
