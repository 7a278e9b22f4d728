"""Inserts that may meet a row which is there already; each database has words of its own.

`INSERT … ON CONFLICT (one key) DO NOTHING` settles a race on that key alone: with two unique keys,
PostgreSQL may find the other one taken first, and raise. So no key is named here.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import FromClause
from sqlalchemy.dialects import postgresql, sqlite

from lms.core.db import Base, db


def insert_into(table: type[Base] | FromClause, dialect: str) -> Any:
    """Return an INSERT that does nothing where any unique key has the values already."""
    return _insert(table, dialect).on_conflict_do_nothing()


def insert_unless_present(table: type[Base], **values: object) -> Any:
    """Return an INSERT of *values* that does nothing where any unique key has them already."""
    return insert_into(table, db.engine.dialect.name).values(**values)


def insert_or_change(
    table: type[Base], rows: Sequence[Mapping[str, object]], *, key: Sequence[str]
) -> Any:
    """Return an INSERT of *rows*; where *key* has one already, its other columns are changed.

    *key* names the only unique key that the rows can meet.
    """
    insert = _insert(table, db.engine.dialect.name).values(rows)
    changed = {name: insert.excluded[name] for name in rows[0] if name not in key}
    return insert.on_conflict_do_update(index_elements=key, set_=changed)


def _insert(table: type[Base] | FromClause, dialect: str) -> Any:
    return (postgresql if dialect == "postgresql" else sqlite).insert(table)
