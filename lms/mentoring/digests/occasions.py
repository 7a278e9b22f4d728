"""What digests are to report on: to whom, on which timetable, about what time."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, case, func, or_, select
from sqlalchemy.orm import joinedload

from lms.core.clock import local, week_bounds, week_of
from lms.core.db import db
from lms.core.errors import NotFound
from lms.core.mail import MailState, Message
from lms.mentoring.digests.contents import Period
from lms.mentoring.digests.models import Digest
from lms.mentoring.digests.queries import KIND, is_meant, timetables
from lms.mentoring.digests.rhythms import Timetable
from lms.notices.models import MailPreference
from lms.people.models import Role, User

_ADDRESSEES = (
    select(User, MailPreference.wanted, MailPreference.changed_at)
    .outerjoin(MailPreference, and_(MailPreference.user_id == User.id, MailPreference.kind == KIND))
    .options(joinedload(User.role_rows))
    .execution_options(populate_existing=True)
)
"""People, and whether each wants these mails, as was said last at that moment."""


@dataclass(frozen=True)
class DigestOccasion:
    """A digest that can be written: to whom, on which timetable, about what time.

    `for_all`: it speaks of all fellows, not of those in need. `told` says up to when mails in
    between spoke of a fellow. `handed_on`: of some fellows a deputy is told instead.
    """

    mentor: User
    timetable: Timetable
    period: Period
    for_all: bool
    told: Mapping[int, datetime]
    handed_on: bool = False


def occasions_for(mentor_ids: Collection[int], week: str, now: datetime) -> list[DigestOccasion]:
    """Return what digests about *week* are to report on; the mentors' roles are loaded.

    There is none for who is no active mentor, had stopped these mails when the week was over, or
    has stopped them since; nor is there one of a week that has not begun.

    The period starts where the last digest for all that was *sent* before it ended, or if none was,
    where the first one that was written starts: what a lost mail said is said again. The first one
    goes back as far as the rhythm has its mails apart. What there
    was while the person had stopped these mails is not caught up: then it starts with the week in
    which they were wanted again. It ends with the week, or now if the week still runs. Five
    statements at most.

    Raises:
        NotFound: there is no such person.
    """
    meant = _meant(mentor_ids, week, now)
    reported = _reported_until({each.mentor.id: each.ends_at for each in meant})
    periods = {each.mentor.id: each.period(reported.get(each.mentor.id)) for each in meant}
    begun = {who: period for who, period in periods.items() if period.starts_at < period.ends_at}
    told = _told_between(begun)
    return [
        DigestOccasion(
            each.mentor,
            each.timetable,
            begun[each.mentor.id],
            each.timetable.is_for_all(week),
            told[each.mentor.id],
        )
        for each in meant
        if each.mentor.id in begun
    ]


@dataclass(frozen=True)
class _Meant:
    """A mentor for whom a week is meant, and the time it is about if it is the first one."""

    mentor: User
    timetable: Timetable
    changed_at: datetime | None
    starts_at: datetime
    ends_at: datetime

    def period(self, reported: datetime | None) -> Period:
        """Return the time to report on, where earlier mails reported up to *reported*."""
        zone, starts_at = self.mentor.time_zone, reported or self.starts_at
        if self.changed_at is not None:
            again = week_of(local(self.changed_at, zone).date())
            starts_at = max(starts_at, week_bounds(again, zone)[0])
        return Period(starts_at, self.ends_at, zone)


def _meant(mentor_ids: Collection[int], week: str, now: datetime) -> list[_Meant]:
    rows = db.session.execute(_ADDRESSEES.where(User.id.in_(list(mentor_ids)))).unique().all()
    if len(rows) < len(mentor_ids):
        raise NotFound
    times = timetables({mentor.id: mentor.time_zone for mentor, _, _ in rows})
    found = []
    for mentor, wanted, changed_at in rows:
        starts_at, ends_at = times[mentor.id].bounds(week)
        wants = changed_at is None or is_meant(wanted, changed_at, ends_at)
        if wants and mentor.is_active and Role.MENTOR in mentor.roles:
            until = min(ends_at, now)
            found.append(_Meant(mentor, times[mentor.id], changed_at, starts_at, until))
    return found


def _reported_until(before: Mapping[int, datetime]) -> dict[int, datetime]:
    """Return up to when digests for all were sent to each mentor that ended before a moment.

    Where none was sent, it is from when on the first was written; where none was written, nothing.
    """
    ends: dict[datetime, list[int]] = {}
    for mentor_id, moment in before.items():
        ends.setdefault(moment, []).append(mentor_id)
    if not ends:
        return {}
    earlier = [
        and_(Digest.mentor_id.in_(ids), Digest.ends_at < moment) for moment, ids in ends.items()
    ]
    sent = case((Message.state == MailState.SENT, Digest.ends_at))
    rows = db.session.execute(
        select(Digest.mentor_id, func.max(sent), func.min(Digest.starts_at))
        .join(Digest.message)
        .where(Digest.for_all, or_(*earlier))
        .group_by(Digest.mentor_id)
    )
    return {mentor_id: last_sent or first for mentor_id, last_sent, first in rows}


def _told_between(periods: Mapping[int, Period]) -> dict[int, dict[int, datetime]]:
    """Return up to when mails that were not for all spoke of fellows, by mentor and fellow.

    They are those that ended within the period of their mentor.
    """
    told: dict[int, dict[int, datetime]] = {mentor_id: {} for mentor_id in periods}
    if not told:
        return {}
    rows = db.session.execute(
        select(Digest.mentor_id, Digest.said, Digest.ends_at)
        .join(Digest.message)
        .where(
            Digest.mentor_id.in_(list(periods)),
            ~Digest.for_all,
            Digest.ends_at > min(period.starts_at for period in periods.values()),
            Message.state == MailState.SENT,
        )
        .order_by(Digest.ends_at)
    )
    for mentor_id, said, ends_at in rows:
        if periods[mentor_id].starts_at < ends_at < periods[mentor_id].ends_at:
            told[mentor_id].update((fellow["id"], ends_at) for fellow in said["fellows"])
    return told
