"""Counting statements, rows and write-ahead log in PostgreSQL itself."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, text

from lms.core.db import db
from tests.benchmarks.installation import Installation
from tests.benchmarks.servers import COUNTER

_MAKE = text(f"CREATE EXTENSION IF NOT EXISTS {COUNTER}")
_RESET = text(f"SELECT {COUNTER}_reset()")
_LOG = text("SELECT pg_current_wal_insert_lsn() - '0/0'::pg_lsn")
_HAS = text(f"SELECT count(*) FROM pg_available_extensions WHERE name = '{COUNTER}'")
_COUNTED = text(f"""
    SELECT coalesce(sum(calls) FILTER (WHERE query !~* '^(begin|commit|rollback)'), 0),
           coalesce(sum(calls) FILTER (WHERE query ~* '^(begin|commit|rollback)'), 0),
           coalesce(sum(CASE WHEN query ~* '^with logged' THEN 2 * calls ELSE rows END)
               FILTER (WHERE query ~* '^(insert|update|delete|with logged)'), 0)
    FROM {COUNTER} WHERE query !~* '({COUNTER}|pg_current_wal|sweep)'
""")
"""Without what beat's tasks note of themselves. A save is one statement and writes two rows."""


@contextmanager
def counted_by_server(place: Installation) -> Iterator[dict[str, float]]:
    """Yield what the block costs the database, known once it is over; empty on SQLite.

    Statements and rows are known only where PostgreSQL can count them.
    """
    counted: dict[str, float] = {}
    if place.profile != "service":
        yield counted
        return
    with place.app.app_context():
        engine = db.engine.execution_options(isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        counts = bool(connection.scalar(_HAS))
        if counts:
            connection.execute(_MAKE)
            connection.execute(_RESET)
        before = connection.scalar(_LOG)
        yield counted
        counted["WAL KiB"] = float(connection.scalar(_LOG) - before) / 1024
        if counts:
            counted |= _sums(connection)


def _sums(connection: Connection) -> dict[str, float]:
    statements, bounds, rows = connection.execute(_COUNTED).one()
    return {
        "statements": float(statements),
        "BEGIN and COMMIT": float(bounds),
        "rows written": float(rows),
    }
