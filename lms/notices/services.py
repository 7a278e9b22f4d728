"""Noting what people are told; stopping mails of a kind, and having them sent again."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete, update

from lms.core import audit
from lms.core.db import db
from lms.core.errors import NotFound
from lms.core.inserts import insert_or_change, insert_unless_present
from lms.core.mail import Message
from lms.core.mail.delivery import for_accounts, may_wait
from lms.core.settings import setting
from lms.notices.kinds import can_stop, kinds_for, stoppable_kind
from lms.notices.models import MailPreference, Notice
from lms.notices.queries import is_stopped
from lms.notices.quiet_hours import QUIET_HOURS
from lms.people.models import User
from lms.people.queries import user_by_id


def note(message: Message, object_type: str, object_id: int) -> None:
    """Note that *message*, which goes to an account, tells its recipient of an object.

    It belongs into the transaction that writes the message. Twice is as good as once.
    """
    told = insert_unless_present(
        Notice,
        user_id=message.recipient_id,
        kind=message.kind,
        object_type=object_type,
        object_id=object_id,
        key=message.key,
        at=message.created_at,
        message_id=message.id,
    )
    db.session.execute(told)


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
def is_wanted(message: Message, now: datetime) -> bool:
    """Whether the recipient has not stopped messages of this kind."""
    assert message.recipient_id is not None, "it goes to an account"  # noqa: S101
    return not is_stopped(message.recipient_id, message.kind)


@for_accounts
def holds_a_role(message: Message, now: datetime) -> bool:
    """Whether the recipient still has a role to which mails of this kind go."""
    assert message.recipient_id is not None, "it goes to an account"  # noqa: S101
    if not can_stop(message.kind):
        return True
    roles = stoppable_kind(message.kind).roles
    return not roles.isdisjoint(user_by_id(message.recipient_id).roles)


@may_wait
def quiet_until(message: Message, now: datetime) -> datetime | None:
    """Return when the reader's quiet hours are over, if the message can wait for that.

    What people can stop can wait; a link that somebody has asked for cannot.
    """
    if message.recipient_id is None or not can_stop(message.kind):
        return None
    quiet = setting(QUIET_HOURS)
    return quiet.over_at(now, user_by_id(message.recipient_id).time_zone)
