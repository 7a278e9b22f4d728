"""Reading what people were told, and which mails they want."""

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import func, select

from lms.core.db import db
from lms.core.mail import Message
from lms.notices.models import MailPreference, Notice


def is_stopped(user_id: int, kind: str) -> bool:
    """Whether the person has stopped mails of *kind*."""
    preference = db.session.get(MailPreference, (user_id, kind), populate_existing=True)
    return preference is not None and not preference.wanted


def stopped_among(message_ids: Collection[int]) -> set[int]:
    """Return which messages are of kinds that their recipients have stopped; one statement."""
    stopped = (
        select(Message.id)
        .join(MailPreference, MailPreference.user_id == Message.recipient_id)
        .where(
            Message.id.in_(list(message_ids)),
            MailPreference.kind == Message.kind,
            MailPreference.wanted.is_(False),
        )
    )
    return set(db.session.scalars(stopped))


BATCH = 500
"""How many keys are looked for by one statement."""


def keys_told(keys: Iterable[str]) -> set[str]:
    """Return those of *keys* of which somebody was told."""
    wanted, found = sorted(set(keys)), set[str]()
    for start in range(0, len(wanted), BATCH):
        of_batch = Notice.key.in_(wanted[start : start + BATCH])
        found |= set(db.session.scalars(select(Notice.key).where(of_batch)))
    return found


def told_about(
    object_type: str, object_ids: Iterable[int], kinds: Iterable[str]
) -> dict[str, datetime]:
    """Return the keys of what anybody was told of objects, of *kinds*, and when each was."""
    rows = db.session.execute(
        select(Notice.key, Notice.at).where(
            Notice.object_type == object_type,
            Notice.object_id.in_(list(object_ids)),
            Notice.kind.in_(list(kinds)),
        )
    )
    return {row.key: row.at for row in rows}


def count_told(object_type: str, object_id: int) -> dict[datetime, int]:
    """Return how many were told something of an object, by the moment at which they were."""
    rows = db.session.execute(
        select(Notice.at, func.count())
        .where(Notice.object_type == object_type, Notice.object_id == object_id)
        .group_by(Notice.at)
    )
    return {row[0]: row[1] for row in rows}


def stopped_kinds(user_id: int) -> set[str]:
    """Return the kinds of mail that the person has stopped."""
    return set(
        db.session.scalars(
            select(MailPreference.kind).where(
                MailPreference.user_id == user_id, MailPreference.wanted.is_(False)
            )
        )
    )


def wishes(user_ids: Iterable[int], kind: str) -> dict[int, tuple[bool, datetime]]:
    """Return, for who ever stopped mails of *kind*, if they are wanted now and since when so."""
    rows = db.session.execute(
        select(MailPreference.user_id, MailPreference.wanted, MailPreference.changed_at).where(
            MailPreference.user_id.in_(list(user_ids)), MailPreference.kind == kind
        )
    )
    return {row.user_id: (row.wanted, row.changed_at) for row in rows}


def is_unseen(user_id: int, object_type: str, object_id: int) -> bool:
    """Whether the person was told of the object, and has not opened its page since."""
    unseen = select(Notice.id).where(
        Notice.user_id == user_id,
        Notice.object_type == object_type,
        Notice.object_id == object_id,
        Notice.seen_at.is_(None),
    )
    return db.session.scalar(unseen.limit(1)) is not None
