"""The way of a message from `queued` to an end, one guarded statement a step.

`queued → connecting → handing_over → sent | queued | failed | uncertain`, and `cancelled` where
the recipient has lost the right to it. Until the final dot nothing has been accepted, so a
message can be tried again freely. Between the dot and the reply nobody can know; such a message
is `uncertain`: held, shown to people, never sent again by itself.

The pair of a message's id and its `tries` names one claim: a worker whose lease has run out, and
whose message another has claimed since, can no longer change it.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, func, or_, select, update

from lms.core.db import db
from lms.core.doorbell import enqueue
from lms.core.logs import log_after_commit
from lms.core.mail.models import MailState, Message
from lms.core.mail.places import filled
from lms.core.mail.rules import allowed_of, waiting_until
from lms.core.waiting import watched

CONNECTING_LEASE = timedelta(minutes=5)
"""How long a worker may take to the final dot; after that it must not send it."""

HANDING_OVER_LEASE = timedelta(minutes=15)
"""Longer than any worker lives (`mail.deliver` is killed after 700 s)."""

FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=1)

GIVE_UP = timedelta(days=5)
"""How long a message is tried (RFC 5321, 4.5.4.1)."""

RUNG_AT_ONCE = 500
"""How many due messages one sweep rings for."""

TOGETHER = 20
"""How many messages one task delivers, on one connection where the server keeps it."""

PROMISE = timedelta(minutes=15)
"""How long a due message waits for a worker at most, while the mail server answers."""


@dataclass(frozen=True)
class Parcel:
    """A claimed message with its secrets, as a transport needs it. `tries` counts this try."""

    id: int
    tries: int
    kind: str
    address: str
    raw: bytes
    created_at: datetime


@dataclass(frozen=True)
class Outcome:
    """How a try ended: SENT, QUEUED (may be tried again), FAILED or UNCERTAIN, and what was said.

    `reply` is the server's answer or what went wrong, in one line.
    """

    state: MailState
    reply: str


def claim(message_id: int, *, now: datetime) -> Parcel | None:
    """Take a due message for this worker, or cancel it; None: there is nothing to send."""
    return next(iter(claim_all([message_id], now=now)), None)


def claim_all(message_ids: Collection[int], *, now: datetime) -> list[Parcel]:
    """Take those of the messages that are due for this worker, and cancel what may not go out."""
    taken = db.session.scalars(
        update(Message)
        .where(Message.id.in_(_locked(message_ids, now)), *_is_due(now))
        .values(
            state=MailState.CONNECTING, tries=Message.tries + 1, lease_until=now + CONNECTING_LEASE
        )
        .returning(Message)
        .execution_options(populate_existing=True, synchronize_session=False)
    )
    messages = sorted(taken, key=lambda message: message.id)
    waiting = waiting_until(messages, now)
    ready = [message for message in messages if message.id not in waiting]
    allowed = allowed_of(ready, now)
    for message in messages:
        if until := waiting.get(message.id):
            message.state, message.lease_until = MailState.QUEUED, None
            message.tries, message.next_try_at = message.tries - 1, until
        elif message.id not in allowed:
            message.state, message.lease_until = MailState.CANCELLED, None
            message.reply = "The recipient may no longer have it."
            log_after_commit("info", "mail_cancelled", message=message.id, kind=message.kind)
    return [_parcel(message) for message in ready if message.id in allowed]


def _locked(message_ids: Collection[int], now: datetime) -> Select[int]:
    """Return the query of what is due, whose rows are locked in the order of ids."""
    due = select(Message.id).where(Message.id.in_(sorted(message_ids)), *_is_due(now))
    return due.order_by(Message.id).with_for_update()


def _parcel(message: Message) -> Parcel:
    return Parcel(
        message.id,
        message.tries,
        message.kind,
        message.address,
        filled(message),
        message.created_at,
    )


def _is_due(now: datetime) -> tuple[ColumnElement[bool], ...]:
    """What was never put off is due at once, by whichever clock it was written."""
    never_put_off = Message.next_try_at <= Message.created_at
    return Message.state == MailState.QUEUED, or_(never_put_off, Message.next_try_at <= now)


def hand_over(parcel: Parcel, *, now: datetime) -> bool:
    """Note that the body is about to go out; False: the claim is lost, so it must not."""
    return (
        db.session.scalar(
            update(Message)
            .where(
                Message.id == parcel.id,
                Message.tries == parcel.tries,
                Message.state == MailState.CONNECTING,
                Message.lease_until > now,
            )
            .values(state=MailState.HANDING_OVER, lease_until=now + HANDING_OVER_LEASE)
            .returning(Message.id)
            .execution_options(synchronize_session=False)
        )
        is not None
    )


def put_back(parcels: Sequence[Parcel]) -> None:
    """Give up claims of which nothing was tried, and ring for them anew."""
    for parcel in parcels:
        db.session.execute(
            update(Message)
            .where(
                Message.id == parcel.id,
                Message.tries == parcel.tries,
                Message.state == MailState.CONNECTING,
            )
            .values(state=MailState.QUEUED, tries=Message.tries - 1, lease_until=None)
            .execution_options(synchronize_session=False)
        )
    ring([parcel.id for parcel in parcels])


def ring(message_ids: Iterable[int]) -> None:
    """Ring after the commit for messages that are due, `TOGETHER` at a time."""
    ids = list(message_ids)
    for start in range(0, len(ids), TOGETHER):
        enqueue("mail.deliver", *ids[start : start + TOGETHER])


def conclude(parcel: Parcel, outcome: Outcome, *, now: datetime) -> None:
    """Write down how the try of *parcel* ended, if the claim still stands."""
    state, reply = outcome.state, outcome.reply
    due = now + pause(parcel.tries)
    if state is MailState.QUEUED and due > parcel.created_at + GIVE_UP:
        state, reply = MailState.FAILED, f"Given up after {GIVE_UP.days} days. {reply}"
    db.session.execute(
        update(Message)
        .where(
            Message.id == parcel.id,
            Message.tries == parcel.tries,
            Message.state.in_((MailState.CONNECTING, MailState.HANDING_OVER)),
        )
        .values(
            state=state,
            reply=_one_line(reply),
            sent_at=now if state is MailState.SENT else None,
            next_try_at=due,
            lease_until=None,
        )
        .execution_options(synchronize_session=False)
    )
    log_after_commit(
        "info",
        "mail_tried",
        message=parcel.id,
        kind=parcel.kind,
        tries=parcel.tries,
        state=state,
    )


def pause(tries: int) -> timedelta:
    """Return how long to wait after try number *tries*: 1, 2, 4, … minutes, an hour at most."""
    return min(FIRST_PAUSE * (1 << min(tries - 1, 10)), LONGEST_PAUSE)


def sweep(*, now: datetime) -> None:
    """Free what a dead worker held, hold what it may have handed over, ring for what is due."""
    _expire(MailState.CONNECTING, MailState.QUEUED, "The worker stopped; nothing was sent.", now)
    lost = _expire(
        MailState.HANDING_OVER,
        MailState.UNCERTAIN,
        "The worker stopped while the message was handed over.",
        now,
    )
    if lost:
        log_after_commit("warning", "mail_uncertain", messages=lost)
    due = select(Message.id).where(*_is_due(now))
    ring(db.session.scalars(due.order_by(Message.next_try_at).limit(RUNG_AT_ONCE)))


@watched("mail", promise=PROMISE)
def oldest_due(now: datetime) -> datetime | None:
    """Return since when that message is due which has waited longest, if any is."""
    return db.session.scalar(select(func.min(Message.next_try_at)).where(*_is_due(now)))


def _expire(before: MailState, after: MailState, reply: str, now: datetime) -> list[int]:
    changed = db.session.scalars(
        update(Message)
        .where(Message.state == before, Message.lease_until <= now)
        .values(state=after, reply=reply, next_try_at=now, lease_until=None)
        .returning(Message.id)
    )
    return sorted(changed)


def _one_line(text: str) -> str:
    return " ".join(text.split())[:500]
