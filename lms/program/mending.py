"""What a cohort may be called and when it may train, also afterwards."""

from datetime import date, datetime

from sqlalchemy import func, select

from lms.core import audit
from lms.core.clock import say_date
from lms.core.db import db
from lms.core.errors import Invalid
from lms.people.models import User
from lms.program.models import Cohort, Membership, Track
from lms.program.queries import cohort_by_id

LONGEST_NAME = 80


def sound_name(name: str, starts_on: date, ends_on: date) -> str:
    """Return the name of a cohort with single spaces; refuse one, or days, that will not do."""
    name = " ".join(name.split())
    if not name or len(name) > LONGEST_NAME:
        raise Invalid(f"Give the cohort a name of 1 to {LONGEST_NAME} characters.", field="name")
    if not name.isprintable():
        raise Invalid("The name contains a character that cannot be shown.", field="name")
    if ends_on <= starts_on:
        raise Invalid("The last day comes after the first.", field="ends_on")
    return name


def hold_name(track_id: int, name: str, but: int | None = None) -> None:
    """Keep a name of a track for a cohort, which is *but* if there is one, until the commit."""
    if not db.session.scalar(select(Track.id).where(Track.id == track_id).with_for_update()):
        raise Invalid("Choose a track.", field="track_id")
    others = select(Cohort.name).where(Cohort.track_id == track_id, Cohort.id != (but or 0))
    names = db.session.scalars(others)
    if name.casefold() in {known.casefold() for known in names}:  # databases fold ASCII alone
        raise Invalid("The track has a cohort with this name already.", field="name")


def locked_cohort(cohort_id: int) -> Cohort:
    """Return a cohort as it is; nobody else mends one of its track until the commit.

    Raises:
        NotFound: there is no such cohort.
    """
    track = select(Cohort.track_id).where(Cohort.id == cohort_id)
    db.session.execute(select(Track.id).where(Track.id.in_(track)).with_for_update())
    return cohort_by_id(cohort_id)


def mend_cohort(
    actor: User | None,
    cohort_id: int,
    *,
    name: str,
    starts_on: date,
    ends_on: date,
    now: datetime,
) -> Cohort:
    """Give a cohort another name or other days; all of its fellows stay within them.

    Raises:
        NotFound: there is no such cohort.
        Invalid: the name is empty, too long or taken, the days are in the wrong order, or a
            fellow would be in the cohort on a day outside of them.
    """
    cohort = cohort_by_id(cohort_id)
    name = sound_name(name, starts_on, ends_on)
    hold_name(cohort.track_id, name, but=cohort_id)
    _check_members_within(cohort_id, starts_on, ends_on)
    before = said_of(cohort)
    cohort.name, cohort.starts_on, cohort.ends_on = name, starts_on, ends_on
    after = said_of(cohort)
    if after != before:
        audit.record(actor, "cohort.mend", "cohort", cohort.id, now=now, before=before, after=after)
    return cohort


def said_of(cohort: Cohort) -> dict[str, str]:
    """Return what the audit says of a cohort."""
    return {
        "name": cohort.name,
        "starts_on": cohort.starts_on.isoformat(),
        "ends_on": cohort.ends_on.isoformat(),
    }


def _check_members_within(cohort_id: int, starts_on: date, ends_on: date) -> None:
    first, begun, ended = db.session.execute(
        select(
            func.min(Membership.starts_on),
            func.max(Membership.starts_on),
            func.max(Membership.ends_on),
        ).where(Membership.cohort_id == cohort_id)
    ).one()
    if first and first < starts_on:
        raise Invalid(
            f"A fellow is in it from {say_date(first)}. Let it begin then or earlier.",
            field="starts_on",
        )
    last = max((day for day in (begun, ended) if day), default=None)
    if last and last > ends_on:
        raise Invalid(
            f"A fellow is in it on {say_date(last)}. Let it end then or later.", field="ends_on"
        )
