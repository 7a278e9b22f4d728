"""Counting the rows that a step writes, by what is done to which table. On SQLite."""

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from sqlite3 import Connection as StdlibConnection
from typing import Any

from sqlalchemy import event

from lms.core.db import db

_WRITES = re.compile(r"\s*(INSERT|UPDATE|DELETE)\s+(?:INTO\s+|FROM\s+)?\"?(\w+)")


class _Writes:
    """What was written by one connection; SQLite says so when a statement is over."""

    def __init__(self, raw: StdlibConnection, written: Counter[str]) -> None:
        self.raw, self.written = raw, written
        self.statement = ""
        self.before = raw.total_changes

    def settle(self, following: str = "") -> None:
        """Say of the last statement what it wrote; now comes the *following*."""
        rows = self.raw.total_changes - self.before
        if rows:
            found = _WRITES.match(self.statement)
            assert found is not None, self.statement
            self.written[f"{found[1]} {found[2]}"] += rows
        self.statement, self.before = following, self.raw.total_changes


@contextmanager
def count_rows() -> Iterator[Counter[str]]:
    """Collect how many rows the block writes: `{"INSERT response": 20, …}`."""
    written: Counter[str] = Counter()
    of: dict[int, _Writes] = {}

    def note(connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        raw = connection.connection.driver_connection
        of.setdefault(id(raw), _Writes(raw, written)).settle(statement)

    engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield written
    finally:
        event.remove(engine, "before_cursor_execute", note)
        for each in of.values():
            each.settle()
