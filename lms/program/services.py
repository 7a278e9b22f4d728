"""Cohorts, memberships and mentorships: begun and ended, never rewritten."""

from datetime import date, datetime

from sqlalchemy import delete, or_, select, update

from lms.core import audit
from lms.core.audit import Deed
from lms.core.clock import say_date
from lms.core.db import db
from lms.core.errors import Invalid, NotFound, Refusal
from lms.people.locking import lock_people
from lms.people.models import Role, User
from lms.people.queries import user_by_id
from lms.program.deputies.ending import day_before, end_with
from lms.program.mending import hold_name, said_of, sound_name
from lms.program.models import Bond, Cohort, Membership, Mentorship, Track
from lms.program.queries import cohort_by_id
from question_bank.blueprint import Blueprint


def ensure_tracks(blueprint: Blueprint) -> None:
    """Make the blueprint's tracks exist, under the names it gives them."""
    known = {track.slug: track for track in db.session.scalars(select(Track))}
    for track in blueprint.tracks:
        if track.id in known:
            known[track.id].name = track.name
        else:
            db.session.add(Track(slug=track.id, name=track.name))
    db.session.flush()


def create_cohort(
    actor: User | None,
    *,
    track_id: int,
    name: str,
    starts_on: date,
    ends_on: date,
    now: datetime,
) -> Cohort:
    """Create a cohort that trains from one day to another, both included.

    Raises:
        Invalid: no such track, the name is empty, too long or taken, or the days are in
            the wrong order.
    """
    name = sound_name(name, starts_on, ends_on)
    hold_name(track_id, name)
    cohort = Cohort(track_id=track_id, name=name, starts_on=starts_on, ends_on=ends_on)
    db.session.add(cohort)
    db.session.flush()
    audit.record(actor, "cohort.create", "cohort", cohort.id, now=now, after=said_of(cohort))
    return cohort


def add_member(
    actor: User | None,
    cohort_id: int,
    fellow_id: int,
    *,
    starts_on: date,
    now: datetime,
    ends_on: date | None = None,
) -> Membership:
    """Put a fellow into a cohort from a day on, maybe to a day.

    Raises:
        Invalid: not an active fellow, or the days lie outside of the cohort's.
        Refusal: in the cohort already during those days.
    """
    lock_people(User.id == fellow_id)
    fellow = active_person(fellow_id, Role.FELLOW, "fellow_id")
    cohort = cohort_by_id(cohort_id)
    check_days(cohort, starts_on, ends_on)
    overlapping = select(Membership).where(
        Membership.cohort_id == cohort_id,
        Membership.fellow_id == fellow_id,
        or_(Membership.ends_on.is_(None), Membership.ends_on >= starts_on),
        Membership.starts_on <= (ends_on or cohort.ends_on),
    )
    known = db.session.scalar(overlapping.limit(1))
    if known is not None:
        raise Refusal(
            f"{fellow.name} is in {cohort.name} from {say_date(known.starts_on)} already."
        )
    member = Membership(
        cohort_id=cohort_id, fellow_id=fellow_id, starts_on=starts_on, ends_on=ends_on
    )
    db.session.add(member)
    db.session.flush()
    audit.record_all(actor, [deed_of_member(member, cohort)], now=now)
    return member


def deed_of_member(member: Membership, cohort: Cohort) -> Deed:
    """Return what the audit says of *member*, stored, being put into *cohort*."""
    after = {
        "cohort": cohort.name,
        "fellow_id": member.fellow_id,
        "starts_on": member.starts_on.isoformat(),
    }
    return Deed("membership.start", "membership", member.id, after=after)


def check_days(cohort: Cohort, starts_on: date, ends_on: date | None) -> None:
    """Check that a membership from *starts_on* to *ends_on* lies within the cohort's days.

    Raises:
        Invalid: it does not.
    """
    if not cohort.starts_on <= starts_on <= cohort.ends_on:
        raise Invalid(
            f"{cohort.name} runs from {say_date(cohort.starts_on)} to {say_date(cohort.ends_on)}. "
            "Choose a first day within it.",
            field="starts_on",
        )
    if ends_on is not None and not starts_on <= ends_on <= cohort.ends_on:
        raise Invalid(
            f"The last day is not before the first and not after {say_date(cohort.ends_on)}.",
            field="ends_on",
        )


def end_membership(
    actor: User | None, membership_id: int, *, ends_on: date, now: datetime
) -> Membership:
    """Let a membership end after *ends_on*.

    Raises:
        NotFound: there is no such membership.
        Refusal: it would end before it begins, or has an end that is not later.
    """
    member = _end(Membership, membership_id, ends_on)
    after = {"ends_on": ends_on.isoformat()}
    audit.record(actor, "membership.end", "membership", member.id, now=now, after=after)
    return member


def start_mentorship(
    actor: User | None,
    *,
    mentor_id: int,
    fellow_id: int,
    starts_on: date,
    now: datetime,
    ends_on: date | None = None,
) -> Mentorship:
    """Let a mentor look after a fellow from a day on: see the progress, get the digest.

    Raises:
        Invalid: not an active mentor or fellow, one person twice, or days in the wrong order.
        Refusal: the mentor looks after the fellow already during those days.
    """
    if mentor_id == fellow_id:
        raise Invalid("Choose a mentor who is another person than the fellow.", field="mentor_id")
    if ends_on is not None and ends_on < starts_on:
        raise Invalid("The last day is not before the first.", field="ends_on")
    lock_people(User.id.in_((fellow_id, mentor_id)))
    fellow = active_person(fellow_id, Role.FELLOW, "fellow_id")
    mentor = active_person(mentor_id, Role.MENTOR, "mentor_id")
    overlapping = select(Mentorship).where(
        Mentorship.mentor_id == mentor_id,
        Mentorship.fellow_id == fellow_id,
        Mentorship.stands_in_for_id.is_(None),
        or_(Mentorship.ends_on.is_(None), Mentorship.ends_on >= starts_on),
        *([Mentorship.starts_on <= ends_on] if ends_on else []),
    )
    if db.session.scalar(overlapping.limit(1)) is not None:
        raise Refusal(f"{mentor.name} is {fellow.name}’s mentor already.")
    mentorship = Mentorship(
        mentor_id=mentor_id, fellow_id=fellow_id, starts_on=starts_on, ends_on=ends_on
    )
    db.session.add(mentorship)
    db.session.flush()
    audit.record_all(actor, [deed_of_mentorship(mentorship)], now=now)
    return mentorship


def deed_of_mentorship(mentorship: Mentorship) -> Deed:
    """Return what the audit says of the beginning of *mentorship*, stored."""
    after = {
        "mentor_id": mentorship.mentor_id,
        "fellow_id": mentorship.fellow_id,
        "starts_on": mentorship.starts_on.isoformat(),
    }
    return Deed("mentorship.start", "mentorship", mentorship.id, after=after)


def end_mentorship(
    actor: User | None, mentorship_id: int, *, ends_on: date, now: datetime
) -> Mentorship:
    """Let a mentorship end after *ends_on*; from then on the mentor sees the fellow no more.

    Nor does who stands in for the mentor.

    Raises:
        NotFound: there is no such mentorship.
        Refusal: it would end before it begins, or has an end that is not later.
    """
    mentorship = _end(Mentorship, mentorship_id, ends_on)
    end_with(mentorship.mentor_id, mentorship.fellow_id, last=ends_on)
    after = {"ends_on": ends_on.isoformat()}
    audit.record(actor, "mentorship.end", "mentorship", mentorship.id, now=now, after=after)
    return mentorship


def remove_mentorship(actor: User | None, mentorship_id: int, *, on: date, now: datetime) -> None:
    """Undo a mentorship that begins on that day or later; the mentor sees the fellow no more.

    Nothing happens if it is gone already.

    Raises:
        Refusal: it began before that day, so it is a part of the record, and can only end.
    """
    young = (Mentorship.id == mentorship_id, Mentorship.starts_on >= on)
    gone = db.session.execute(
        delete(Mentorship).where(*young).returning(Mentorship.mentor_id, Mentorship.fellow_id)
    ).one_or_none()
    if gone is not None:
        end_with(gone.mentor_id, gone.fellow_id, last=day_before(on))
        audit.record(
            actor, "mentorship.remove", "mentorship", mentorship_id, now=now, after=gone._asdict()
        )
    elif db.session.get(Mentorship, mentorship_id) is not None:
        raise Refusal("It began before today, so it is kept in the record. End it instead.")


def _end(kind: type[Bond], row_id: int, ends_on: date) -> Bond:
    ended = db.session.scalar(
        update(kind)
        .where(
            kind.id == row_id,
            kind.starts_on <= ends_on,
            or_(kind.ends_on.is_(None), kind.ends_on > ends_on),
        )
        .values(ends_on=ends_on)
        .returning(kind)
        .execution_options(populate_existing=True)
    )
    if ended is not None:
        return ended
    row = db.session.get(kind, row_id)
    if row is None:
        raise NotFound
    if ends_on < row.starts_on:
        raise Invalid(
            f"It began on {say_date(row.starts_on)}. End it then or later.", field="ends_on"
        )
    raise Refusal("It ends by that day already, so nothing was changed.")


def active_person(user_id: int, role: Role, field: str) -> User:
    """Return a person, locked before, who may come in and holds *role*."""
    try:
        user = user_by_id(user_id)
    except NotFound:
        raise Invalid(f"Choose a {role}.", field=field) from None
    if not user.is_active or role not in user.roles:
        raise Invalid(f"{user.name} is not an active {role}.", field=field)
    return user
