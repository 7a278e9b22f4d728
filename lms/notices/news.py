"""What a person was told lately, as the page shows it on which the person starts."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from lms.core.db import db
from lms.core.mail import Message
from lms.notices.kinds import kinds_for
from lms.notices.models import Notice
from lms.people.models import Role

STAFF = (Role.FACULTY, Role.DIRECTOR)
"""Who has one list of what they are told, though some have both roles."""

LATELY = timedelta(days=60)
"""For how long it is shown to them what they were told."""


@dataclass(frozen=True)
class News:
    """What a person was told, in a line; `leads`: there is a page about it."""

    id: int
    subject: str
    at: datetime
    leads: bool
    seen: bool


def kinds_of_news(*roles: Role) -> list[str]:
    """Return the kinds of what is told to people for one of *roles*."""
    return [each.kind for each in kinds_for(roles)]


def news_of(user_id: int, kinds: Collection[str], *, since: datetime, most: int) -> list[News]:
    """Return what a person was told of *kinds* after *since*: unseen first, newest first.

    One statement. What the person wants no mails of is there too.
    """
    rows = db.session.execute(
        select(
            Notice.id,
            Message.subject,
            Notice.at,
            Notice.path.is_not(None),
            Notice.seen_at.is_not(None),
        )
        .join(Message, Message.id == Notice.message_id)
        .where(Notice.user_id == user_id, Notice.kind.in_(list(kinds)), Notice.at > since)
        .order_by(Notice.seen_at.is_not(None), Notice.at.desc(), Notice.id.desc())
        .limit(most)
    )
    return [News(*row) for row in rows]


def told_to_staff(user_id: int, *, now: datetime) -> list[News]:
    """Return what a person was told lately who looks after fellows or the bank."""
    return news_of(user_id, kinds_of_news(*STAFF), since=now - LATELY, most=10)
