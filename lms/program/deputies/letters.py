"""What a deputy, the fellows and the mentor who is away are told."""

from datetime import datetime

from sqlalchemy import select

from lms.core.db import db
from lms.core.mail import Message
from lms.core.mail.rules import may_receive
from lms.notices.mentor_occasions import MentorOccasion
from lms.notices.models import Notice
from lms.notices.telling import Telling, tell, tell_each
from lms.people.models import User
from lms.program.deputies.queries import StandIn, own_mentorships
from lms.program.deputies.wording import say_days
from lms.program.models import Mentorship

OBJECT = "mentorship"
"""What a notice is about, as long as somebody is to stand in."""


def tell_named(found: StandIn, away: User, actor: User, *, now: datetime) -> None:
    """Tell the deputy, each fellow, and who is away unless that is who acts; each once."""
    own = {row.fellow_id for row in own_mentorships(found.deputy.id, found.ends_on)}
    tellings = [(_to_deputy(found, away), found.deputy)]
    tellings += [
        (_to_fellow(row, away, goes_on=row.fellow_id in own), row.fellow) for row in found.rows
    ]
    if actor.id != away.id:
        tellings.append((_to_away(found), away))
    tell_each(tellings, now=now)


def tell_ended(found: StandIn, away: User, *, now: datetime) -> None:
    """Tell the deputy and the fellows that nobody stands in any more."""
    for person, path in [
        (found.deputy, "/fellows"),
        *((row.fellow, "/progress") for row in found.rows),
    ]:
        telling = Telling(
            occasion=MentorOccasion.DEPUTY_NAMED,
            fact=f"{found.id}:ended",
            about=("user", away.id),
            subject=f"{found.deputy.name} does not stand in for {away.name} any more",
            sentences=(f"{away.name} is the mentor again who gets the weekly mail and answers.",),
            button="Open the page",
            path=path,
        )
        tell(telling, [person], now=now)


def _to_deputy(found: StandIn, away: User) -> Telling:
    days = say_days(found.starts_on, found.ends_on)
    return _telling(
        found.rows[0],
        f"You stand in for {away.name} {days}",
        f"With {', '.join(found.fellows)}. In these days the weekly mail about them comes to you, "
        "their reports are open to you, and you can note talks and agree on goals.",
        "If you cannot do it, tell a director.",
        path="/fellows",
    )


def _to_fellow(row: Mentorship, away: User, *, goes_on: bool) -> Telling:
    """Return what a fellow is told; *goes_on*: the deputy is a mentor of the fellow anyway."""
    assert row.ends_on is not None, "a deputy's mentorship has a last day"  # noqa: S101
    deputy = row.mentor.name
    return _telling(
        row,
        f"{deputy} stands in for {away.name} {say_days(row.starts_on, row.ends_on)}",
        f"In these days {deputy} reads what a mentor of yours reads: your report, your goals, and "
        "what you agreed in talks. What was noted of earlier talks stays between you and who "
        "noted it.",
        f"{deputy} is a mentor of yours anyway, and stays one."
        if goes_on
        else f"After the last day {deputy} reads nothing of it any more.",
        path="/progress",
    )


def _to_away(found: StandIn) -> Telling:
    return _telling(
        found.rows[0],
        f"{found.deputy.name} stands in for you {say_days(found.starts_on, found.ends_on)}",
        f"With {', '.join(found.fellows)}. In these days no mail about them comes to you; the "
        "first one after them tells all since your last one.",
        path="/fellows",
    )


def _telling(row: Mentorship, subject: str, *said: str, path: str) -> Telling:
    return Telling(
        occasion=MentorOccasion.DEPUTY_NAMED,
        fact=str(row.id),
        about=(OBJECT, row.id),
        subject=subject,
        sentences=said,
        button="Open the page",
        path=path,
    )


@may_receive(MentorOccasion.DEPUTY_NAMED)
def stands_in_still(message: Message, now: datetime) -> bool:
    """Return whether what is told still holds: nobody has taken it back."""
    told = select(Notice.object_type, Notice.object_id).where(Notice.message_id == message.id)
    about = db.session.execute(told).one_or_none()
    if about is None:
        return False
    return about.object_type != OBJECT or db.session.get(Mentorship, about.object_id) is not None
