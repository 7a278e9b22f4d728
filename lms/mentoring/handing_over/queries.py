"""Finding who looks after a fellow, who did before, and what has just been handed over."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import aliased, joinedload

from lms.core.clock import local
from lms.core.db import db
from lms.people.models import User
from lms.program.models import Mentorship
from lms.program.queries import mentorships

TOLD_WITHIN = timedelta(days=14)
"""So long after it a hand-over is told, if nothing ran before; older ones are no news."""

BETWEEN = timedelta(days=62)
"""So long a fellow may have been without a mentor in between."""

BESIDE = timedelta(days=31)
"""So long both may have mentored the fellow; longer, they were two mentors of whom one left."""

FORMER = 5
"""How many mentors of before a page names."""

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Care:
    """Who looks after a fellow `now` or will, by name, and who did `before`, the last one first.

    Mentors are loaded, and for whom a deputy stands in.
    """

    now: Sequence[Mentorship]
    before: Sequence[Mentorship]


def care_of(fellow_id: int, on: date) -> Care:
    """Return who looks after a fellow on that day, and who did before; two statements."""
    before = db.session.scalars(
        select(Mentorship)
        .where(
            Mentorship.fellow_id == fellow_id,
            Mentorship.stands_in_for_id.is_(None),
            Mentorship.ends_on < on,
        )
        .options(joinedload(Mentorship.mentor))
        .order_by(Mentorship.ends_on.desc(), Mentorship.id.desc())
        .limit(FORMER)
    ).all()
    return Care(mentorships([fellow_id], on).get(fellow_id, []), before)


@dataclass(frozen=True)
class Handover:
    """That a fellow has a new mentor, and a former one has not any more; people loaded."""

    new: Mentorship
    former: Mentorship


def handovers(now: datetime) -> list[Handover]:
    """Return what was handed over lately, of people who are active; one statement.

    It is once the new mentorship has begun and the former one is over, by the new mentor's clock.
    A former mentor who looks after the fellow again is no former one.
    """
    new, former, again = aliased(Mentorship), aliased(Mentorship), aliased(Mentorship)
    latest = (now + _DAY).astimezone(UTC).date()
    earliest = (now - TOLD_WITHIN - _DAY).astimezone(UTC).date()
    still = select(again.id).where(
        again.mentor_id == former.mentor_id,
        again.fellow_id == former.fellow_id,
        or_(again.ends_on.is_(None), again.ends_on > former.ends_on),
    )
    rows = db.session.execute(
        select(new, former)
        .join(former, former.fellow_id == new.fellow_id)
        .options(
            joinedload(new.mentor).selectinload(User.role_rows),
            joinedload(new.fellow),
            joinedload(former.mentor),
        )
        .where(
            new.stands_in_for_id.is_(None),
            former.stands_in_for_id.is_(None),
            new.mentor_id != former.mentor_id,
            former.starts_on < new.starts_on,
            new.starts_on <= latest,
            former.ends_on < latest,
            or_(new.starts_on >= earliest, former.ends_on >= earliest),
            or_(new.ends_on.is_(None), new.ends_on >= latest - _DAY),
            ~still.exists(),
        )
        .order_by(new.id, former.ends_on.desc(), former.id)
    )
    return [each for each in (Handover(*row) for row in rows) if _is_news(each, now)]


def _is_news(found: Handover, now: datetime) -> bool:
    new, former = found.new, found.former
    if former.ends_on is None or not -BESIDE < new.starts_on - former.ends_on <= BETWEEN:
        return False
    today = local(now, new.mentor.time_zone).date()
    since = max(new.starts_on, former.ends_on + _DAY)
    return since <= today < since + TOLD_WITHIN and new.holds(today) and new.fellow.is_active
