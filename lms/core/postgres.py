"""PostgreSQL that does not answer: how long it is waited for, and how rarely it is asked then.

A server that is frozen, or cut off without a word, sends nothing at all; its own limits do not
run out. So each wait has an end on our side.
"""

from time import monotonic
from typing import Any

import psycopg
from psycopg.pq import TransactionStatus
from sqlalchemy import Connection, Dialect, Engine, event
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection

PING = 3.0
"""Seconds that the sign of life of an idle connection, and a new connection, may take."""

ANSWER = 20.0
"""Seconds that an answer may take in a transaction: longer than any statement may (15 s)."""

IDLE = 1.0
"""Seconds without use after which a connection is to give a sign of life before it is used."""

LOOK = 0.1
"""Seconds between two looks whether somebody wants this process to end."""

REST = 2.0
"""Seconds for which nobody tries to connect after that failed: requests must not each wait."""

CONNECTING: dict[str, Any] = {
    "options": "-c lock_timeout=5s -c statement_timeout=15s -c TimeZone=UTC",
    "connect_timeout": int(PING),
    "tcp_user_timeout": 10_000,
    "keepalives": 1,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
}
"""How to connect. The last five end a connection whose other end is gone: at most 25 s idle."""


class ImpatientConnection(psycopg.Connection[Any]):
    """Waits for `patience` seconds for each answer, or for as long as it takes if that is None."""

    patience: float | None = PING

    def wait(self, gen: Any, interval: float = LOOK, timeout: float | None = None) -> Any:
        """Wait; a connection that was given up in the middle of an answer is no use any more."""
        try:
            return super().wait(
                gen, interval, timeout=self.patience if timeout is None else timeout
            )
        except psycopg.OperationalError:
            if self.pgconn.transaction_status == TransactionStatus.ACTIVE:
                self.pgconn.finish()
            raise


def teach(engine: Engine) -> None:
    """Let *engine* wait no longer than this module says."""
    rest = _Rest()

    @event.listens_for(engine, "do_connect")
    def connect(
        dialect: Dialect, _record: object, args: list[Any], kwargs: dict[str, Any]
    ) -> ImpatientConnection:
        rest.check()
        try:
            return ImpatientConnection.connect(*args, **kwargs)
        except psycopg.OperationalError:
            rest.begin()
            raise

    @event.listens_for(engine, "checkout")
    def take(connection: Any, record: ConnectionPoolEntry, _proxy: PoolProxiedConnection) -> None:
        try:
            if monotonic() - record.info.get(_USED, monotonic()) > IDLE:
                engine.dialect.do_ping(connection)
            _stand_alone(connection, each=False)
        except psycopg.Error as error:
            raise InvalidatePoolError from error
        connection.patience = None

    @event.listens_for(engine, "checkin")
    def give_back(connection: Any, record: ConnectionPoolEntry) -> None:
        if connection is not None:  # else it was given up
            connection.patience = PING
            record.info[_USED] = monotonic()

    @event.listens_for(engine, "before_cursor_execute")
    def refuse(_connection: Connection, cursor: Any, statement: str, *_: object) -> None:
        if cursor.connection.autocommit and statement.startswith(_WRITING):
            raise RuntimeError("what writes belongs in a transaction")


_WRITING = ("INSERT", "UPDATE", "DELETE")
"""How statements begin that would be kept at once where each stands alone."""

_USED = "used"
"""Where the pool notes when a connection was used last."""


def stand_alone(connection: Connection, *, each: bool) -> None:
    """Let each statement of *connection* stand alone from now on, or all of them together."""
    _stand_alone(connection.connection.driver_connection, each=each)


def _stand_alone(raw: Any, *, each: bool) -> None:
    if raw.autocommit is not each:
        raw.autocommit = each


def have_patience(connection: Connection, seconds: float | None) -> None:
    """Let each answer of *connection* take *seconds* from now on, until it is given back."""
    raw: Any = connection.connection.driver_connection
    raw.patience = seconds


class _Rest:
    """Answers in the place of a server that did not let us in a moment ago."""

    def __init__(self) -> None:
        self._until = 0.0

    def begin(self) -> None:
        self._until = monotonic() + REST

    def check(self) -> None:
        if monotonic() < self._until:
            raise psycopg.OperationalError("it did not let us in a moment ago")
