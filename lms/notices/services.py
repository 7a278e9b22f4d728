"""Noting what people are told; stopping mails of a kind, and having them sent again."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from sqlalchemy import delete, update

from lms.core import audit
from lms.core.db import db
from lms.core.errors import NotFound
from lms.core.inserts import insert_new, insert_or_change
from lms.core.mail import Message
from lms.core.mail.rules import for_accounts, may_wait
from lms.core.settings import setting
from lms.notices.kinds import can_stop, kinds_for, stoppable_kind
from lms.notices.models import MailPreference, Notice
from lms.notices.queries import is_stopped, stopped_among
from lms.notices.quiet_hours import QUIET_HOURS, QuietHours
from lms.people.models import User
from lms.people.queries import roles_and_zones, user_by_id


def note_all(told: Iterable[tuple[Message, int]], object_type: str) -> None:
    """Note that messages, which go to accounts, tell each its recipient of an object.

    It belongs into the transaction that writes the messages. Twice is as good as once.

    Args:
        told: Each message, and the number of the object.
        object_type: What the objects are.
    """
    rows = [
        {
            "user_id": message.recipient_id,
            "kind": message.kind,
            "object_type": object_type,
            "object_id": object_id,
            "key": message.key,
            "at": message.created_at,
            "message_id": message.id,
        }
        for message, object_id in told
    ]
    insert_new(Notice, rows)


def take_back(message_id: int) -> None:
    """Forget that a message told something: it was called off, and another tells it anew."""
    db.session.execute(delete(Notice).where(Notice.message_id == message_id))


def mark_seen(user_id: int, object_type: str, object_id: int, *, now: datetime) -> None:
    """Note that the person has opened the page about the object; the first time stays."""
    db.session.execute(
        update(Notice)
        .where(
            Notice.user_id == user_id,
            Notice.object_type == object_type,
            Notice.object_id == object_id,
            Notice.seen_at.is_(None),
        )
        .values(seen_at=now)
    )


def open_notice(user_id: int, notice_id: int, *, now: datetime) -> str:
    """Note that the person has opened what a notice tells of, and return where that is.

    Raises:
        NotFound: the person has no such notice, or it leads nowhere.
    """
    row = db.session.get(Notice, notice_id)
    if row is None or row.user_id != user_id or row.path is None:
        raise NotFound
    row.seen_at = row.seen_at or now
    return row.path


def mark_all_seen(user_id: int, kinds: Collection[str], *, now: datetime) -> None:
    """Note that the person has seen all that was told until now of *kinds*."""
    db.session.execute(
        update(Notice)
        .where(
            Notice.user_id == user_id,
            Notice.kind.in_(list(kinds)),
            Notice.seen_at.is_(None),
            Notice.at <= now,
        )
        .values(seen_at=now)
    )


def set_wanted(user_id: int, kind: str, wanted: bool, *, now: datetime) -> None:
    """Stop mails of *kind* to a person, or have them sent again. Twice is as good as once."""
    before = not is_stopped(user_id, kind)
    if before == wanted:
        return
    row = {"user_id": user_id, "kind": kind, "wanted": wanted, "changed_at": now}
    db.session.execute(insert_or_change(MailPreference, [row], key=("user_id", "kind")))
    audit.record(
        user_by_id(user_id),
        "mail.resume" if wanted else "mail.stop",
        "user",
        user_id,
        now=now,
        before={kind: before},
        after={kind: wanted},
    )


def choose_mails(user: User, wanted: Collection[str], *, now: datetime) -> None:
    """Have mails of the kinds *wanted* sent to *user*, and stop all others that go to the user."""
    for kind in kinds_for(user.roles):
        set_wanted(user.id, kind.kind, kind.kind in wanted, now=now)


@for_accounts
def wanted_of(messages: Sequence[Message], now: datetime) -> set[int]:
    """Return which messages are of kinds that their recipients have not stopped."""
    ids = {message.id for message in messages}
    return ids - stopped_among(ids)


@for_accounts
def hold_a_role(messages: Sequence[Message], now: datetime) -> set[int]:
    """Return which recipients still have a role to which mails of the kind go, by the message."""
    stoppable = [message for message in messages if can_stop(message.kind)]
    people = roles_and_zones(_recipients(stoppable)) if stoppable else {}
    lost = {
        message.id
        for message, user_id in zip(stoppable, _recipients(stoppable), strict=True)
        if stoppable_kind(message.kind).roles.isdisjoint(people[user_id][0])
    }
    return {message.id for message in messages} - lost


@may_wait
def quiet_until(messages: Sequence[Message], now: datetime) -> dict[int, datetime]:
    """Return when the readers' quiet hours are over, of messages that can wait for that.

    What people can stop can wait; a link that somebody has asked for cannot.
    """
    can_wait = [each for each in messages if not each.outside and can_stop(each.kind)]
    quiet = setting(QUIET_HOURS) if can_wait else QuietHours()
    if quiet.begins is None:
        return {}
    people = roles_and_zones(_recipients(can_wait))
    over = {
        message.id: quiet.over_at(now, people[user_id][1])
        for message, user_id in zip(can_wait, _recipients(can_wait), strict=True)
    }
    return {message_id: until for message_id, until in over.items() if until is not None}


def _recipients(messages: Sequence[Message]) -> list[int]:
    """Return to whom messages go that go to accounts, one by one."""
    return [message.recipient_id for message in messages if message.recipient_id is not None]
