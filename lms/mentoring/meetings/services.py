"""Noting that a mentor and a fellow met, changing what was noted, and sharing what was agreed."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from lms.attempts.secrecy import AnswerFirst
from lms.core.audit import record
from lms.core.clock import local, say_date
from lms.core.db import db
from lms.core.errors import Invalid, NotFound, Refusal
from lms.mentoring.access import check_mentors
from lms.mentoring.answers import unsafe_answer
from lms.mentoring.meetings.models import LONGEST, Meeting
from lms.mentoring.prompts.models import PromptAnswer
from lms.mentoring.prompts.services import answer_prompts
from lms.notices.mentor_occasions import MentorOccasion
from lms.notices.telling import Telling, tell
from lms.people.locking import locked_person
from lms.people.models import User
from lms.results.services import acknowledge

MOST_DAYS = 366
"""How long ago a talk may be that is noted."""


@dataclass(frozen=True)
class Talk:
    """What a mentor notes of a talk.

    `met_on` is a day of the mentor's, `notes` and `agreed` at most 500 characters each, and
    `shared` says that directors may read what was agreed once the fellow shares it, too. `about`
    are the responses of the unsafe choices that were talked about.
    """

    met_on: date
    notes: str = ""
    agreed: str = ""
    shared: bool = False
    about: Collection[int] = ()


def note_meeting(mentor: User, fellow_id: int, talk: Talk, *, now: datetime) -> Meeting:
    """Note that *mentor* met a fellow, and tell the fellow; the same twice is noted once.

    The unsafe choices that it was about are acknowledged, those that the mentor can open *now*,
    and it answers what digests asked about its week or earlier ones. So does a talk that is noted
    already, of whose words the same or nothing is said.

    Raises:
        NotFound: the mentor does not look after the fellow.
        Invalid: a day to come or long ago, a text that is too long, or another talk is noted of
            that day.
    """
    today = local(now, mentor.time_zone).date()
    check_mentors(mentor, fellow_id, today)
    _check(talk, today)
    fellow = locked_person(fellow_id)
    meeting = _of_day(mentor.id, fellow_id, talk.met_on)
    if meeting is None:
        meeting = _noted(mentor, fellow, talk, now)
    else:
        _take_again(mentor, meeting, talk, now)
    _acknowledge(mentor, fellow_id, talk.about, now)
    answer_prompts(
        mentor.id,
        fellow_id,
        PromptAnswer.TALKED,
        meeting_id=meeting.id,
        met_on=meeting.met_on,
        now=now,
    )
    return meeting


def _of_day(mentor_id: int, fellow_id: int, day: date) -> Meeting | None:
    """Return the talk that is noted of a day; the fellow is locked, so that it stays so."""
    return db.session.scalar(
        select(Meeting)
        .where(
            Meeting.mentor_id == mentor_id,
            Meeting.fellow_id == fellow_id,
            Meeting.met_on == day,
        )
        .execution_options(populate_existing=True)
    )


def _noted(mentor: User, fellow: User, talk: Talk, now: datetime) -> Meeting:
    meeting = Meeting(
        fellow_id=fellow.id,
        mentor_id=mentor.id,
        met_on=talk.met_on,
        notes=talk.notes,
        agreed=talk.agreed,
        recorded_at=now,
        shared_by_mentor_at=now if talk.shared else None,
    )
    db.session.add(meeting)
    db.session.flush()
    record(mentor, "meeting.note", "meeting", meeting.id, now=now, after={"fellow": fellow.id})
    _tell(mentor, fellow, meeting, "noted", now)
    return meeting


def _take_again(mentor: User, known: Meeting, talk: Talk, now: datetime) -> None:
    """Take *talk* for the one that is *known* of its day, or refuse it: it says other words.

    Whether it is shared is changed only by who says what was agreed, too.
    """
    said = (talk.notes, talk.agreed)
    same = said == (known.notes, known.agreed)
    if any(said) and not same:
        raise _noted_already(talk.met_on)
    if talk.shared == (known.shared_by_mentor_at is not None):
        return
    if same:
        share(mentor, known.id, talk.shared, now=now)
    elif talk.shared:
        message = "What you agreed that day is noted already. Share it under Meetings."
        raise Invalid(message, field="shared")


def _noted_already(day: date) -> Invalid:
    message = f"You noted a meeting of {say_date(day)} already. Change that one under Meetings."
    return Invalid(message, field="met_on")


def change_meeting(mentor: User, meeting_id: int, talk: Talk, *, now: datetime) -> Meeting:
    """Change what *mentor* noted of a talk.

    Where other words say what was agreed, the fellow's sharing of it ends: it was of the old ones.

    Raises:
        NotFound: the mentor has noted no such talk, or does not look after the fellow any more.
        Invalid: as above; or another talk is noted of the day that is given to it.
    """
    meeting = hold(meeting_id)
    today = local(now, mentor.time_zone).date()
    if meeting.mentor_id != mentor.id:
        raise NotFound
    check_mentors(mentor, meeting.fellow_id, today)
    _check(talk, today)
    if _of_day(mentor.id, meeting.fellow_id, talk.met_on) not in (None, meeting):
        raise _noted_already(talk.met_on)
    before = (meeting.met_on, meeting.notes, meeting.agreed)
    if talk.agreed != meeting.agreed:
        meeting.shared_by_fellow_at = None
    meeting.met_on, meeting.notes, meeting.agreed = talk.met_on, talk.notes, talk.agreed
    db.session.flush()
    if talk.shared != (meeting.shared_by_mentor_at is not None):
        share(mentor, meeting_id, talk.shared, now=now)
    if before != (talk.met_on, talk.notes, talk.agreed):
        record(mentor, "meeting.change", "meeting", meeting.id, now=now)
        _tell(mentor, locked_person(meeting.fellow_id), meeting, f"changed:{now.isoformat()}", now)
    return meeting


class NothingAgreed(Refusal):
    """There is nothing to share."""

    message = "Nothing is noted as agreed, so there is nothing to share."


def share(person: User, meeting_id: int, wanted: bool, *, now: datetime) -> Meeting:
    """Share what was agreed with directors, or end that; it holds once both have shared it.

    Raises:
        NotFound: the person is neither its fellow, nor its mentor who still looks after the fellow.
        NothingAgreed: nothing is noted as agreed.
    """
    meeting = hold(meeting_id)
    at = now if wanted else None
    if wanted and not meeting.agreed:
        raise NothingAgreed
    if meeting.fellow_id == person.id:
        meeting.shared_by_fellow_at = at
    elif meeting.mentor_id == person.id:
        check_mentors(person, meeting.fellow_id, local(now, person.time_zone).date())
        meeting.shared_by_mentor_at = at
    else:
        raise NotFound
    db.session.flush()
    action = "meeting.share" if wanted else "meeting.unshare"
    record(person, action, "meeting", meeting.id, now=now)
    return meeting


def hold(meeting_id: int) -> Meeting:
    """Return a meeting, which nobody else changes until the commit.

    It is its fellow who is locked, as by who notes a talk, so that no two wait for each other.

    Raises:
        NotFound: there is none with that id.
    """
    fellow_id = db.session.scalar(select(Meeting.fellow_id).where(Meeting.id == meeting_id))
    if fellow_id is None:
        raise NotFound
    locked_person(fellow_id)
    held = select(Meeting).where(Meeting.id == meeting_id)
    return db.session.scalars(held.execution_options(populate_existing=True)).one()


def _check(talk: Talk, today: date) -> None:
    if talk.met_on > today:
        raise Invalid("The day is still to come. Give the day on which you met.", field="met_on")
    if (today - talk.met_on).days > MOST_DAYS:
        raise Invalid("Note talks of the last year only.", field="met_on")
    for name in ("notes", "agreed"):
        if len(getattr(talk, name)) > LONGEST:
            raise Invalid(f"Write at most {LONGEST} characters.", field=name)


def _acknowledge(mentor: User, fellow_id: int, about: Collection[int], now: datetime) -> None:
    for response_id in sorted(set(about)):
        try:
            unsafe_answer(mentor, fellow_id, response_id, now=now)
        except (NotFound, AnswerFirst):
            continue  # corrected, or not the mentor's to know any more, or not yet
        acknowledge(mentor, response_id, now=now)


def _tell(mentor: User, fellow: User, meeting: Meeting, what: str, now: datetime) -> None:
    changed = what != "noted"
    did = "changed what was noted of" if changed else "noted"
    day = say_date(meeting.met_on)
    tell(
        Telling(
            occasion=MentorOccasion.MEETING_NOTED,
            fact=f"{meeting.id}:{what}",
            about=("meeting", meeting.id),
            subject=f"{mentor.name} {did} your meeting of {day}",
            sentences=(
                "You and your mentor read what was noted. Your later mentors read what was agreed.",
                "Directors read that you met, and what was agreed once you both share it.",
            ),
            button="Read what was noted",
            path=f"/meetings/{meeting.id}",
        ),
        [fellow],
        now=now,
    )
