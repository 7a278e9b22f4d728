"""What the new mentor, the fellow and the former mentor are told."""

from datetime import datetime

from sqlalchemy import func, select

from lms.core.clock import say_date
from lms.core.db import db
from lms.core.figures import plural
from lms.core.mail import Message
from lms.core.mail.rules import may_receive
from lms.mentoring.goals.queries import how_many_live
from lms.mentoring.handing_over.queries import Handover
from lms.mentoring.meetings.models import Meeting
from lms.notices.mentor_occasions import MentorOccasion
from lms.notices.models import Notice
from lms.notices.telling import Telling
from lms.people.models import User
from lms.program.models import Mentorship


def letters_of(found: Handover) -> list[tuple[Telling, User]]:
    """Return what each of the three is told; the first two once, whoever else left, too."""
    new, former, fellow = found.new.mentor, found.former.mentor, found.new.fellow
    return [
        (_to_new(found), new),
        (_to_fellow(found), fellow),
        (_to_former(found), former),
    ]


def _to_new(found: Handover) -> Telling:
    fellow, former = found.new.fellow, found.former
    assert former.ends_on is not None, "it is over"  # noqa: S101
    noted = select(func.count()).select_from(Meeting).where(Meeting.fellow_id == fellow.id)
    talks = plural(db.session.scalar(noted) or 0, "talk")
    goals = plural(how_many_live(fellow.id), "goal")
    return _telling(
        found,
        f"{fellow.name} is handed over to you",
        f"{former.mentor.name} looked after {fellow.name} until {say_date(former.ends_on)}.",
        f"The report has what they agreed in {talks} and {goals} that are open or proposed; "
        "not what was noted for the two of them.",
        button="Open the report",
        path=f"/fellows/{fellow.id}",
    )


def _to_fellow(found: Handover) -> Telling:
    new, former = found.new.mentor.name, found.former.mentor.name
    return _telling(
        found,
        f"{new} is your mentor now",
        f"{new} reads your report, your goals, and what you agreed with {former} in talks.",
        f"What {former} noted of your talks {new} does not read, and {former} reads nothing of "
        "yours any more.",
        button="Open my progress",
        path="/progress",
    )


def _to_former(found: Handover) -> Telling:
    new, fellow = found.new.mentor.name, found.new.fellow.name
    return _telling(
        found,
        f"{new} looks after {fellow} now",
        f"{new} reads what you agreed and the goals, not what you noted.",
        f"The report on {fellow} is not open to you any more, and links about {fellow} in earlier "
        "mails do nothing.",
        button="Open my fellows",
        path="/fellows",
        left=f":{found.former.id}",
    )


def _telling(
    found: Handover, subject: str, *said: str, button: str, path: str, left: str = ""
) -> Telling:
    return Telling(
        occasion=MentorOccasion.HANDED_OVER,
        fact=f"{found.new.id}{left}",
        about=("mentorship", found.new.id),
        subject=subject,
        sentences=said,
        button=button,
        path=path,
    )


@may_receive(MentorOccasion.HANDED_OVER)
def is_handed_over_still(message: Message, now: datetime) -> bool:
    """Return whether the new mentorship was not undone meanwhile."""
    about = select(Notice.object_id).where(Notice.message_id == message.id)
    row = select(Mentorship.id).where(Mentorship.id.in_(about))
    return db.session.scalar(row) is not None
