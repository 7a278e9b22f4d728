"""Reading what a director may want to know of one fellow, in a fixed number of statements."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from lms.attempts.models import Attempt
from lms.core.clock import local
from lms.core.db import db
from lms.core.paging import Page, page_of, whole
from lms.mentoring.access import relation_of
from lms.mentoring.goals.queries import TrackedGoal, all_goals
from lms.mentoring.handing_over.queries import Care, care_of
from lms.mentoring.meetings.queries import ToldMeeting, meetings_with
from lms.people.models import User
from lms.program.models import Cohort, Leave, Membership
from lms.quizzes.models import Assignment, QuizVersion
from lms.supervision.accommodating.queries import Allowed, allowed, fellow_by_id, leaves

PAGE = 10
"""How many attempts a page lists."""

TALKS = 10
"""How many talks are listed."""


@dataclass(frozen=True)
class OnRecord:
    """What is on record of a fellow besides answers and scores, on `today` in the fellow's zone.

    Of talks it has what the reader may know: that there was one, and what was shared.
    """

    fellow: User
    today: date
    memberships: Sequence[Membership]
    care: Care
    leaves: Sequence[Leave]
    allowed: Sequence[Allowed]
    attempts: Page[Attempt]
    meetings: Sequence[ToldMeeting]
    goals: Sequence[TrackedGoal]


def record_of(reader: User, fellow_id: int, page: int, *, now: datetime) -> OnRecord:
    """Return what is on record of a fellow, for a director.

    Args:
        reader: The director, roles loaded.
        fellow_id: Of whom.
        page: Which page of attempts, from 1.
        now: When it is read.

    Raises:
        NotFound: there is no such fellow.
    """
    fellow = fellow_by_id(fellow_id)
    today = local(now, fellow.time_zone).date()
    relation = relation_of(reader, fellow_id, local(now, reader.time_zone).date())
    return OnRecord(
        fellow=fellow,
        today=today,
        memberships=_memberships(fellow_id),
        care=care_of(fellow_id, today),
        leaves=leaves(fellow_id),
        allowed=allowed(fellow_id),
        attempts=_attempts(fellow_id, page),
        meetings=meetings_with(fellow_id, relation, most=TALKS),
        goals=all_goals(fellow_id, now=now),
    )


def _memberships(fellow_id: int) -> Sequence[Membership]:
    return db.session.scalars(
        select(Membership)
        .where(Membership.fellow_id == fellow_id)
        .options(joinedload(Membership.cohort).joinedload(Cohort.track))
        .order_by(Membership.starts_on.desc(), Membership.id.desc())
    ).all()


def _attempts(fellow_id: int, page: int) -> Page[Attempt]:
    query = (
        select(Attempt)
        .where(Attempt.fellow_id == fellow_id)
        .options(
            joinedload(Attempt.assignment)
            .joinedload(Assignment.version)
            .joinedload(QuizVersion.quiz)
        )
        .order_by(Attempt.started_at.desc(), Attempt.id.desc())
    )
    return page_of(query, page, size=PAGE, read=whole)
