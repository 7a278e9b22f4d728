"""Reading digests: which have been written, which are due."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from sqlalchemy import Select, select
from sqlalchemy.orm import contains_eager, defer, joinedload

from lms.core.clock import at, local
from lms.core.db import db
from lms.core.errors import NotFound
from lms.core.mail import MailState, Message
from lms.core.paging import Page, page_of, whole
from lms.core.settings import setting
from lms.mentoring.digests.models import ChosenRhythm, Digest, QuietWeek
from lms.mentoring.digests.rhythms import DEFAULT_RHYTHM, WEEK, Rhythm, Timetable, Told
from lms.notices.queries import wishes
from lms.people.models import User
from lms.program.beginnings import mentors_since
from lms.program.queries import mentors_with_fellows

KIND = "digest"
"""The kind of these mails, in rules and preferences."""

OBJECT = "digest"
"""What a notice of one is about."""

PAGE = 20
"""How many past mails a page lists."""

LOOKED_BACK = 4 * WEEK
"""A digest about the week that is due now ends later than so long ago."""


def digest_of(mentor_id: int, week: str) -> Digest | None:
    """Return the digest about *week* ("2026-W47"), if it has been written; message loaded."""
    return digests_of([mentor_id], week).get(mentor_id)


def digests_of(mentor_ids: Collection[int], week: str) -> dict[int, Digest]:
    """Return the digests about *week* that have been written, by mentor; messages loaded."""
    digests = db.session.scalars(
        select(Digest)
        .where(Digest.mentor_id.in_(list(mentor_ids)), Digest.week == week)
        .options(joinedload(Digest.message).options(defer(Message.raw), defer(Message.places)))
        .execution_options(populate_existing=True)
    )
    return {digest.mentor_id: digest for digest in digests}


def own_digest(mentor_id: int, digest_id: int) -> Digest:
    """Return a mentor's own digest; message loaded.

    Raises:
        NotFound: there is none such, it is another mentor's, or its mail was called off, as it
            is when the mentor may not read it any more.
    """
    digest = db.session.scalar(_readable(mentor_id).where(Digest.id == digest_id))
    if digest is None:
        raise NotFound
    return digest


def past_digests(mentor_id: int, page: int) -> Page[Digest]:
    """Return a page of a mentor's digests, newest first; messages loaded.

    Those whose mail was called off are not among them.
    """
    query = _readable(mentor_id).order_by(Digest.ends_at.desc(), Digest.id.desc())
    return page_of(query, page, size=PAGE, read=whole)


def _readable(mentor_id: int) -> Select[Digest]:
    return (
        select(Digest)
        .join(Digest.message)
        .where(Digest.mentor_id == mentor_id, Message.state != MailState.CANCELLED)
        .options(contains_eager(Digest.message))
    )


def timetables(zones: Mapping[int, str]) -> dict[int, Timetable]:
    """Return when each mentor, whose zone is given, gets the digest; two statements."""
    default = setting(DEFAULT_RHYTHM)
    chosen = db.session.scalars(
        select(ChosenRhythm)
        .where(ChosenRhythm.mentor_id.in_(list(zones)))
        .execution_options(populate_existing=True)
    )
    own = {
        row.mentor_id: Timetable(
            Rhythm(row.weeks, row.weekday, row.hour, row.full),
            zones[row.mentor_id],
            local(row.changed_at, zones[row.mentor_id]).date(),
        )
        for row in chosen
    }
    return {each: own.get(each) or Timetable(default, zone) for each, zone in zones.items()}


def is_meant(wanted: bool, changed_at: datetime, week_ends_at: datetime) -> bool:
    """Return whether a week that ends then is to be told to who wants these mails, or no more.

    Mails that are wanted again begin with the week in which that was said.
    """
    return wanted and changed_at < week_ends_at


def due_digests(now: datetime) -> list[tuple[int, str]]:
    """Return mentor and week of each digest that is due and not yet written: week by week.

    Mentors of one time zone follow each other. Seven statements.

    However long the service was away, the last day on which one was due still counts; earlier ones
    do not, since its digest goes back to where the last sent one ended. None is due where a later
    one has told all, nor before the mentor had any fellow, nor one that was over before the mails
    were wanted again, nor one for which nobody needed a word and that the rhythm leaves out. One
    whose mail was called off is due again.
    """
    mentors = mentors_with_fellows(now.astimezone(UTC).date())
    dues = _dues({mentor.id: mentor.time_zone for mentor in mentors}, now)
    due = {each: of.key_on(of.times.due_day(now)) for each, of in dues.items()}
    known = [(mentor_id, week) for mentor_id, week in due.items() if week is not None]
    return sorted(known, key=lambda each: (each[1], dues[each[0]].times.zone))


def next_digest(mentor: User, now: datetime) -> date | None:
    """Return the day of a mentor's next digest about all fellows; if past, it is being written.

    None: the mentor has no fellow, or has stopped these mails. Six statements.
    """
    of = _dues({mentor.id: mentor.time_zone}, now).get(mentor.id)
    days = [of.times.due_day(now) + number * WEEK for number in range(9)] if of else []
    return next((day for day in days if of and of.is_for_all_on(day)), None)


@dataclass(frozen=True)
class _Dues:
    """What decides when digests are due to a mentor, who has had a fellow since a day."""

    times: Timetable
    told: Told
    since: date
    wish: tuple[bool, datetime] | None

    def key_on(self, day: date) -> str | None:
        """Return the key of the digest that is due on *day*; None: none is."""
        ends_at = at(day, time(), self.times.zone)
        if self.since >= day or (self.wish is not None and not is_meant(*self.wish, ends_at)):
            return None
        return self.times.week_due_on(day, self.told)

    def is_for_all_on(self, day: date) -> bool:
        """Return whether one is due on *day* that speaks of all fellows."""
        return self.key_on(day) is not None and self.times.is_for_all_on(day)


def _dues(zones: Mapping[int, str], now: datetime) -> dict[int, _Dues]:
    """Return what decides on the digests to each mentor who has a fellow, whose zone is given."""
    since = mentors_since(zones, now.astimezone(UTC).date())
    said = wishes(since, KIND)
    times = timetables({each: zones[each] for each in since})
    told = _told(times, now - LOOKED_BACK)
    return {
        each: _Dues(times[each], told[each], began, said.get(each)) for each, began in since.items()
    }


def _told(times: Mapping[int, Timetable], since: datetime) -> dict[int, Told]:
    """Return what each mentor has been told from *since* on; two statements.

    Where nobody needed a word, the mentor needed not be told up to the day on which that was so.
    """
    told: dict[int, dict[str, datetime]] = {each: {} for each in times}
    written = (
        select(Digest.mentor_id, Digest.week, Digest.ends_at)
        .join(Digest.message)
        .where(
            Digest.mentor_id.in_(times),
            Digest.ends_at >= since,
            Message.state != MailState.CANCELLED,
        )
    )
    for row in db.session.execute(written):
        told[row.mentor_id][row.week] = row.ends_at
    quiet = select(QuietWeek.mentor_id, QuietWeek.week, QuietWeek.at).where(
        QuietWeek.mentor_id.in_(times), QuietWeek.at >= since
    )
    for row in db.session.execute(quiet):
        zone = times[row.mentor_id].zone
        midnight = at(local(row.at, zone).date(), time(), zone)
        known = told[row.mentor_id].get(row.week, midnight)
        told[row.mentor_id][row.week] = max(known, midnight)
    return {each: Told(max(of.values(), default=None), of.keys()) for each, of in told.items()}
