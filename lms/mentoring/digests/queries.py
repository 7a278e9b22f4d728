"""Reading digests: which have been written, which are due."""

from datetime import UTC, datetime, time, timedelta

from sqlalchemy import Select, and_, case, func, select
from sqlalchemy.orm import contains_eager, joinedload

from lms.core.clock import at, local, sunday_of, week_bounds, week_of
from lms.core.db import db
from lms.core.errors import NotFound
from lms.core.mail import MailState, Message
from lms.core.paging import Page, page_of, whole
from lms.mentoring.digests.contents import Period
from lms.mentoring.digests.models import Digest
from lms.notices.models import MailPreference
from lms.notices.queries import wishes
from lms.people.models import Role, User
from lms.program.queries import mentors_since, mentors_with_fellows

KIND = "digest"
"""The kind of these mails, in rules and preferences."""

OBJECT = "digest"
"""What a notice of one is about."""

HOUR = time(6)
"""When, on Mondays and by the mentor's clock, the digest of the week before is due."""

PAGE = 20
"""How many past mails a page lists."""

_ADDRESSEE = (
    select(User, MailPreference.wanted, MailPreference.changed_at)
    .outerjoin(MailPreference, and_(MailPreference.user_id == User.id, MailPreference.kind == KIND))
    .options(joinedload(User.role_rows))
    .execution_options(populate_existing=True)
)
"""A person, and whether the person wants these mails, as was said last at that moment."""


def digest_of(mentor_id: int, week: str) -> Digest | None:
    """Return the digest about *week* ("2026-W47"), if it has been written; message loaded."""
    return db.session.scalar(
        select(Digest)
        .where(Digest.mentor_id == mentor_id, Digest.week == week)
        .options(joinedload(Digest.message))
        .execution_options(populate_existing=True)
    )


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
    query = _readable(mentor_id).order_by(Digest.week.desc())
    return page_of(query, page, size=PAGE, read=whole)


def _readable(mentor_id: int) -> Select[Digest]:
    return (
        select(Digest)
        .join(Digest.message)
        .where(Digest.mentor_id == mentor_id, Message.state != MailState.CANCELLED)
        .options(contains_eager(Digest.message))
    )


def occasion_for(mentor_id: int, week: str, now: datetime) -> tuple[User, Period] | None:
    """Return the mentor, roles loaded, and what the digest about *week* is to report on.

    None: the person is no active mentor, had stopped these mails when the week was over, or has
    stopped them since, or the week has not begun.

    The period starts where the last digest that was *sent* before it ended, or if none was,
    where the first one that was written starts: what a lost mail said is said again. What there
    was while the person had stopped these mails is not caught up: then it starts with the week in
    which they were wanted again. It ends with the week, or now if the week still runs. Two
    statements.

    Raises:
        NotFound: there is no such person.
    """
    row = db.session.execute(_ADDRESSEE.where(User.id == mentor_id)).unique().one_or_none()
    if row is None:
        raise NotFound
    mentor, wanted, changed_at = row
    if not mentor.is_active or Role.MENTOR not in mentor.roles:
        return None
    starts_at, ends_at = week_bounds(week, mentor.time_zone)
    if changed_at is not None and not _is_meant(wanted, changed_at, ends_at):
        return None
    ends_at = min(ends_at, now)
    sent = case((Message.state == MailState.SENT, Digest.ends_at))
    last_sent, first = db.session.execute(
        select(func.max(sent), func.min(Digest.starts_at))
        .join(Digest.message)
        .where(Digest.mentor_id == mentor_id, Digest.ends_at < ends_at)
    ).one()
    earliest = last_sent or first or starts_at
    if changed_at is not None:
        again_at, _ = week_bounds(
            week_of(local(changed_at, mentor.time_zone).date()), mentor.time_zone
        )
        earliest = max(earliest, again_at)
    starts_at = earliest
    return (mentor, Period(starts_at, ends_at, mentor.time_zone)) if starts_at < ends_at else None


def _is_meant(wanted: bool, changed_at: datetime, week_ends_at: datetime) -> bool:
    """Return whether a week that ends then is to be told to who wants these mails, or no more.

    Mails that are wanted again begin with the week in which that was said.
    """
    return wanted and changed_at < week_ends_at


def due_week(zone: str, now: datetime) -> str:
    """Return the week whose digest is due last at *now*: that before the last Monday, 6 AM."""
    today = local(now, zone).date()
    monday = today - timedelta(days=today.weekday())
    if now < at(monday, HOUR, zone):
        monday -= timedelta(days=7)
    return week_of(monday - timedelta(days=7))


def due_digests(now: datetime) -> list[tuple[int, str]]:
    """Return mentor and week of each digest that is due and not yet written.

    Four statements. However long the service was away, the last complete week is still due;
    earlier ones are not, since its digest goes back to where the last sent one ended. A week
    before the mentor had any fellow is not due, nor one that was over before the mails were wanted
    again, and one whose mail was called off is due again.
    """
    today = now.astimezone(UTC).date()
    mentors = mentors_with_fellows(today)
    since = mentors_since([mentor.id for mentor in mentors], today)
    said = wishes(since, KIND)
    due = {
        mentor.id: week
        for mentor in mentors
        for week in [due_week(mentor.time_zone, now)]
        for _, ends_at in [week_bounds(week, mentor.time_zone)]
        if since[mentor.id] <= sunday_of(week)
        and (mentor.id not in said or _is_meant(*said[mentor.id], ends_at))
    }
    written = db.session.execute(
        select(Digest.mentor_id, Digest.week)
        .join(Digest.message)
        .where(
            Digest.mentor_id.in_(due),
            Digest.week.in_(set(due.values())),
            Message.state != MailState.CANCELLED,
        )
    )
    done = {(row.mentor_id, row.week) for row in written}
    return [pair for pair in due.items() if pair not in done]
