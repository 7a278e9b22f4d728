"""How fast may be tried: rows that count what failed, for whom and from where.

A try counts before its outcome is known, by one guarded statement, so that many at once are as
many; one that succeeds is given back. Nobody is locked out: waits grow up to a bound, a known
device has a count of its own that only who sits at it can spend, and a mailed link needs no try.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from math import ceil
from typing import Any

from sqlalchemy import ColumnElement, and_, case, delete, func, literal, or_, select, tuple_, update

from lms.core.db import db
from lms.core.errors import Refusal
from lms.core.figures import plural
from lms.core.inserts import insert_or_count
from lms.core.moments import UtcDateTime
from lms.signin.models import Throttle, TryKind

COUNTED_FOR = timedelta(days=1)
"""How long failures count, from the first of them."""


@dataclass(frozen=True)
class Pace:
    """So many tries without a wait; then one that doubles with each, up to the longest."""

    free: int
    first: timedelta
    longest: timedelta

    @property
    def steps(self) -> dict[int, timedelta]:
        """The wait after so many failures, by the failures from which on it holds."""
        waits = [self.first]
        while waits[-1] < self.longest:
            waits.append(min(2 * waits[-1], self.longest))
        return {self.free + number: wait for number, wait in enumerate(waits)}


@dataclass(frozen=True)
class Paces:
    """Of one account from one network, of an account whatever network, and the reverse."""

    both: Pace
    account: Pace | None
    network: Pace


_MINUTE = timedelta(minutes=1)

PACES = {
    TryKind.PASSWORD: Paces(
        both=Pace(10, _MINUTE / 2, 15 * _MINUTE),
        account=Pace(100, _MINUTE / 2, 15 * _MINUTE),
        network=Pace(100, _MINUTE / 2, 15 * _MINUTE),
    ),
    TryKind.MAIL: Paces(
        both=Pace(5, 5 * _MINUTE, 60 * _MINUTE),
        account=None,  # else a stranger could spend the owner's way back
        network=Pace(60, 5 * _MINUTE, 60 * _MINUTE),
    ),
}
"""For passwords, a guesser has about a hundred tries a day of an account; for mails, its owner
gets at most five at once from one network, and what one network asks is no other's."""


class TooManyTries(Refusal):
    """Too much was tried of late, of this account or from this network."""

    http_status = HTTPStatus.TOO_MANY_REQUESTS

    def __init__(self, wait: timedelta) -> None:
        self.seconds = max(ceil(wait.total_seconds()), 1)
        super().__init__(
            f"Too many tries in a short time. Nothing was looked at; try again in {self._in_words}."
        )

    @property
    def _in_words(self) -> str:
        if self.seconds > 60:
            return plural(ceil(self.seconds / 60), "minute")
        return plural(self.seconds, "second")


@dataclass(frozen=True)
class Origin:
    """Where a try comes from: a network, and the known device of whom it is about, if it is one."""

    network: str
    device_id: int | None = None


@dataclass(frozen=True)
class Try:
    """A try that was counted."""

    kind: TryKind
    scopes: tuple[tuple[str, str], ...]


def count_try(kind: TryKind, email: str, origin: Origin, *, now: datetime) -> Try:
    """Count a try before it is made.

    Args:
        kind: What is tried.
        email: Whose it is, as typed; nobody looks whether there is such an account.
        origin: Where it comes from.
        now: The moment of the try.

    Raises:
        TooManyTries: it is not to be made yet. Nothing was counted, if the caller rolls back.
    """
    scopes = _scopes(kind, email, origin)
    rows = [
        {
            "kind": kind,
            "account": account,
            "network": network,
            "failures": 1,
            "since": now,
            "next_try_at": now,
        }
        for account, network in scopes
    ]
    counted = insert_or_count(
        Throttle,
        rows,
        key=["kind", "account", "network"],
        changes=_one_more(kind, now),
        where=_may_try(kind, now),
    ).returning(Throttle.account, Throttle.network)
    let = {(account, network) for account, network in db.session.execute(counted)}
    if len(let) < len(scopes):
        raise TooManyTries(_wait(kind, set(scopes) - let, now))
    return Try(kind, scopes)


def give_back(tried: Try, *, now: datetime) -> None:
    """Take a try that succeeded out of the counts; of its account from there, all of them."""
    here = and_(Throttle.kind == tried.kind, _is_one_of(tried.scopes))
    in_order = select(Throttle).where(here).order_by(Throttle.account, Throttle.network)
    db.session.execute(in_order.with_for_update())
    own = and_(Throttle.account != "", Throttle.network != "")
    db.session.execute(delete(Throttle).where(here, own))
    db.session.execute(
        update(Throttle)
        .where(here, Throttle.failures > 0)
        .values(failures=Throttle.failures - 1, next_try_at=now)
    )


def forget_old(*, now: datetime) -> None:
    """Remove counts that are over."""
    db.session.execute(delete(Throttle).where(Throttle.since <= now - COUNTED_FOR))


def _scopes(kind: TryKind, email: str, origin: Origin) -> tuple[tuple[str, str], ...]:
    """Return what a try counts for, in the order in which all lock it."""
    account = hashlib.sha256(email.strip().lower().encode()).hexdigest()
    if origin.device_id is not None:
        return ((account, f"device {origin.device_id}"),)
    whole_account = ((account, ""),) if PACES[kind].account else ()
    return (("", origin.network), *whole_account, (account, origin.network))


def _is_one_of(scopes: Sequence[tuple[str, str]] | set[tuple[str, str]]) -> ColumnElement[bool]:
    return tuple_(Throttle.account, Throttle.network).in_(scopes)


def _may_try(kind: TryKind, now: datetime) -> ColumnElement[bool]:
    """Whether no wait keeps a try back.

    There is none where little has failed: of requests that come at the same time, one that began
    earlier may be counted later. A wait that is longer than any was set by a clock that has been
    put right since.
    """
    paces = PACES[kind]
    most = [(Throttle.account == "", paces.network.free)]
    if paces.account:
        most.append((Throttle.network == "", paces.account.free))
    return or_(
        Throttle.next_try_at <= now,
        Throttle.failures < case(*most, else_=paces.both.free),
        Throttle.next_try_at > now + paces.both.longest,
    )


def _one_more(kind: TryKind, now: datetime) -> dict[str, ColumnElement[Any]]:
    over = Throttle.since <= now - COUNTED_FOR
    failures = case((over, 1), else_=Throttle.failures + 1)
    paces = PACES[kind]
    waits = [
        *_waits(Throttle.account == "", paces.network, failures, now),
        *(_waits(Throttle.network == "", paces.account, failures, now) if paces.account else ()),
        *_waits(and_(Throttle.account != "", Throttle.network != ""), paces.both, failures, now),
    ]
    return {
        "failures": failures,
        "since": case((over, literal(now, UtcDateTime)), else_=Throttle.since),
        "next_try_at": case(*waits, else_=literal(now, UtcDateTime)),
    }


def _waits(
    where: ColumnElement[bool], pace: Pace, failures: ColumnElement[int], now: datetime
) -> list[tuple[ColumnElement[bool], ColumnElement[datetime]]]:
    longest_first = sorted(pace.steps.items(), reverse=True)
    return [
        (and_(where, failures >= least), literal(now + wait, UtcDateTime))
        for least, wait in longest_first
    ]


def _wait(kind: TryKind, scopes: set[tuple[str, str]], now: datetime) -> timedelta:
    until = db.session.scalar(
        select(func.max(Throttle.next_try_at)).where(Throttle.kind == kind, _is_one_of(scopes))
    )
    return (until or now) - now
