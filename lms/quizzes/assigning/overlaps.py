"""Which other assignments ask the same items of the same fellows, and can still be taken."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import aliased

from lms.core.clock import local, say_when
from lms.core.db import db
from lms.core.figures import plural
from lms.people.models import User
from lms.program.models import Membership
from lms.quizzes.models import Assignment, Quiz, QuizItem, QuizVersion
from lms.quizzes.queries import concerned
from lms.quizzes.terms import terms_of


@dataclass(frozen=True)
class Overlap:
    """That an assignment asks so many of the same `items`, of `fellows`, until it `closes`."""

    title: str
    items: int
    fellows: int
    closes: datetime


def overlaps(assignment: Assignment, *, reader: User, now: datetime) -> list[Overlap]:
    """Return with what an assignment overlaps, by title; the key of what both ask waits for both.

    What has closed for a fellow is not among it, what was handed in early is. Nobody's
    accommodation is told but that of *reader*. At most five statements.
    """
    rows = db.session.execute(_shared(assignment, local(now, reader.time_zone).date())).all()
    pairs = {(row.id, row.fellow_id) for row in rows}
    terms = terms_of(pairs, told_to=reader.id) if pairs else {}
    found: dict[int, Overlap] = {}
    for other_id, fellow_id, title, items in rows:
        of_one = terms[other_id, fellow_id]
        if of_one.withdrawn is not None or of_one.closes <= now:
            continue
        before = found.get(other_id, Overlap(title, items, 0, of_one.closes))
        closes = max(before.closes, of_one.closes)
        found[other_id] = Overlap(title, items, before.fellows + 1, closes)
    return sorted(found.values(), key=lambda each: (each.title, each.closes))


def say_overlap(overlap: Overlap, zone: str) -> str:
    """Return the warning to who assigns."""
    asks = plural(overlap.items, "item")
    return (
        f"{asks} of this quiz {'is' if overlap.items == 1 else 'are'} in “{overlap.title}” too, "
        f"which is open for {plural(overlap.fellows, 'fellow')} of it until "
        f"{say_when(overlap.closes, zone)}. Who has not been able to read the answers so far reads "
        "them only when both quizzes are handed in or have closed."
    )


def _shared(assignment: Assignment, today: date) -> Any:
    """Return the query for other assignments with the fellows and how many items they share."""
    theirs, ours = aliased(QuizItem), aliased(QuizItem)
    shared = (
        select(func.count())
        .select_from(theirs)
        .join(ours, ours.item_id == theirs.item_id)
        .where(
            theirs.quiz_version_id == Assignment.quiz_version_id,
            ours.quiz_version_id == assignment.quiz_version_id,
        )
        .scalar_subquery()
    )
    same = concerned(User.id).where(Assignment.id == assignment.id, _belongs(today))
    return (
        concerned(Assignment.id, User.id.label("fellow_id"), Quiz.title, shared)
        .join(QuizVersion, QuizVersion.id == Assignment.quiz_version_id)
        .join(Quiz, Quiz.id == QuizVersion.quiz_id)
        .where(Assignment.id != assignment.id, shared > 0, _belongs(today), User.id.in_(same))
        .distinct()
    )


def _belongs(today: date) -> ColumnElement[bool]:
    """Return that a fellow is meant by name, or by a membership that has not ended."""
    ends = Membership.ends_on
    return or_(Membership.id.is_(None), ends.is_(None), ends >= today)
