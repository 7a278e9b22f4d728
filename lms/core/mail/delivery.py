"""The way of a message from `queued` to an end, one guarded statement a step.

`queued → connecting → handing_over → sent | queued | failed | uncertain`, and `cancelled` where
the recipient has lost the right to it. Until the final dot nothing has been accepted, so a
message can be tried again freely. Between the dot and the reply nobody can know; such a message
is `uncertain`: held, shown to people, never sent again by itself.

The pair of a message's id and its `tries` names one claim: a worker whose lease has run out, and
whose message another has claimed since, can no longer change it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, or_, select, update

from lms.core.db import db
from lms.core.doorbell import enqueue
from lms.core.logs import log_after_commit
from lms.core.mail.models import MailState, Message
from lms.core.mail.places import filled
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

PROMISE = timedelta(minutes=15)
"""How long a due message waits for a worker at most, while the mail server answers."""

Rule = Callable[[Message, datetime], bool]

_rules: dict[str, Rule] = {}
_for_accounts: list[Rule] = []

Patience = Callable[[Message, datetime], datetime | None]
_patience: list[Patience] = []


@dataclass(frozen=True)
class Parcel:
    """A claimed message with its secrets, as a transport needs it. `tries` counts this try."""

    id: int
    tries: int
    kind: str
    address: str
    raw: bytes


@dataclass(frozen=True)
class Outcome:
    """How a try ended: SENT, QUEUED (may be tried again), FAILED or UNCERTAIN, and what was said.

    `reply` is the server's answer or what went wrong, in one line.
    """

    state: MailState
    reply: str


def may_receive(kind: str) -> Callable[[Rule], Rule]:
    """Register the rule that decides, at sending, whether messages of *kind* may still go out.

    It is asked in the transaction that claims the message, in addition to the rules
    `for_accounts`. For somebody without an account it decides alone; without a rule nothing
    goes out to them.
    """

    def register(rule: Rule) -> Rule:
        _rules[kind] = rule
        return rule

    return register


def for_accounts(rule: Rule) -> Rule:
    """Register a rule about every message to an account: all of them must let it out.

    The room that knows people says who is there to be written to; without it nobody is.
    """
    _for_accounts.append(rule)
    return rule


def may_wait(rule: Patience) -> Patience:
    """Register a rule that says until when a due message is not handed over yet; None: it is."""
    _patience.append(rule)
    return rule


def claim(message_id: int, *, now: datetime) -> Parcel | None:
    """Take a due message for this worker, or cancel it; None: there is nothing to send."""
    message = db.session.scalar(
        update(Message)
        .where(
            Message.id == message_id,
            *_is_due(now),
        )
        .values(
            state=MailState.CONNECTING, tries=Message.tries + 1, lease_until=now + CONNECTING_LEASE
        )
        .returning(Message)
        .execution_options(populate_existing=True)
    )
    if message is None:
        return None
    if until := _waits_until(message, now):
        message.state, message.lease_until = MailState.QUEUED, None
        message.tries, message.next_try_at = message.tries - 1, until
        return None
    if not _may_have(message, now):
        message.state, message.lease_until = MailState.CANCELLED, None
        message.reply = "The recipient may no longer have it."
        log_after_commit("info", "mail_cancelled", message=message.id, kind=message.kind)
        return None
    return Parcel(message.id, message.tries, message.kind, message.address, filled(message))


def _is_due(now: datetime) -> tuple[ColumnElement[bool], ...]:
    """What was never put off is due at once, by whichever clock it was written."""
    never_put_off = Message.next_try_at <= Message.created_at
    return Message.state == MailState.QUEUED, or_(never_put_off, Message.next_try_at <= now)


def _waits_until(message: Message, now: datetime) -> datetime | None:
    moments = [until for rule in _patience if (until := rule(message, now)) is not None]
    return max(moments, default=None)


def _may_have(message: Message, now: datetime) -> bool:
    rule = _rules.get(message.kind)
    if message.outside:
        return rule is not None and rule(message, now)
    if not _for_accounts or not all(asked(message, now) for asked in _for_accounts):
        return False
    return rule is None or rule(message, now)


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
        )
        is not None
    )


def conclude(parcel: Parcel, outcome: Outcome, *, now: datetime) -> None:
    """Write down how the try of *parcel* ended, if the claim still stands."""
    state, reply = outcome.state, outcome.reply
    due = now + pause(parcel.tries)
    created_at = db.session.scalar(select(Message.created_at).where(Message.id == parcel.id))
    if state is MailState.QUEUED and created_at is not None and due > created_at + GIVE_UP:
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
    for message_id in db.session.scalars(due.order_by(Message.next_try_at).limit(RUNG_AT_ONCE)):
        enqueue("mail.deliver", message_id)


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
