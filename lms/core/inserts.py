"""Inserts of many rows, and those that may meet a row which is there already.

For these each database has words of its own.

`INSERT … ON CONFLICT (one key) DO NOTHING` settles a race on that key alone: with two unique keys,
PostgreSQL may find the other one taken first, and raise. So no key is named here.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar, cast

from sqlalchemy import ColumnElement, FromClause, Insert, Select, Table, insert
from sqlalchemy.dialects import postgresql, sqlite

from lms.core.db import Base, db

Row = TypeVar("Row", bound=Base)


def insert_all(table: type[Row], rows: Sequence[Mapping[str, object]]) -> list[Row]:
    """Insert *rows* and return them as they are stored, in no order.

    As many as fit go by one statement: objects added to the session go one by one on SQLite,
    which does not say which of several rows got which number. What is None in a row is stored as
    null, so that rows need not be told apart by what they lack.
    """
    if not rows:
        return []
    return list(db.session.scalars(inserting(table).returning(table), rows))


def inserting(table: type[Base]) -> Insert:
    """Return the INSERT of rows, each of which may have None in other places than the next."""
    return insert(table).execution_options(render_nulls=True)


def insert_into(table: type[Base] | FromClause, dialect: str) -> Any:
    """Return an INSERT that does nothing where any unique key has the values already."""
    return _insert(table, dialect).on_conflict_do_nothing()


def insert_new(table: type[Base], rows: Sequence[Mapping[str, object]]) -> list[int]:
    """Insert *rows*, in order, but those of which any unique key has the values already.

    Return the ids of what was inserted. Rows say the same columns; the statement is put together
    once, however many there are.
    """
    into = cast(Table, table.__table__)
    inserted = insert_into(into, db.engine.dialect.name).returning(into.c.id)
    return list(db.session.scalars(inserted, rows))


def insert_unless_present(table: type[Base], **values: object) -> Any:
    """Return an INSERT of *values* that does nothing where any unique key has them already."""
    return insert_into(table, db.engine.dialect.name).values(**values)


def insert_or_change(
    table: type[Base],
    rows: Sequence[Mapping[str, object]],
    *,
    key: Sequence[str],
    where: ColumnElement[bool] | None = None,
) -> Any:
    """Return an INSERT of *rows*; where *key* has one already, its other columns are changed.

    *key* names the only unique key that the rows can meet. *where* says which rows that are there
    may be changed; None: all.
    """
    inserted = _insert(table, db.engine.dialect.name).values(rows)
    changed = {name: inserted.excluded[name] for name in rows[0] if name not in key}
    return inserted.on_conflict_do_update(index_elements=key, set_=changed, where=where)


def insert_selected(
    table: FromClause,
    columns: Sequence[str],
    query: Select[Any],
    *,
    key: Sequence[str],
    merge: Callable[[Any], tuple[Mapping[str, Any], ColumnElement[bool]]],
) -> Any:
    """Return an INSERT of what *query* finds; where *key* has a row already, it is changed.

    *key* names the only unique key that the rows can meet. *merge* is given the new row, and
    returns what is changed in the old one, and where. *query* has a WHERE, which SQLite wants.
    """
    inserted = _insert(table, db.engine.dialect.name).from_select(list(columns), query)
    changed, where = merge(inserted.excluded)
    return inserted.on_conflict_do_update(index_elements=key, set_=changed, where=where)


def insert_or_count(
    table: type[Base],
    rows: Sequence[Mapping[str, object]],
    *,
    key: Sequence[str],
    changes: Mapping[str, ColumnElement[Any]],
    where: ColumnElement[bool],
) -> Any:
    """Return an INSERT of *rows*; where *key* has one already, *changes* are made in it.

    *key* names the only unique key that the rows can meet. *changes* and *where* are about the row
    that is there; one that is not to be changed is left, and not returned.
    """
    inserted = _insert(table, db.engine.dialect.name).values(rows)
    return inserted.on_conflict_do_update(index_elements=key, set_=changes, where=where)


def _insert(table: type[Base] | FromClause, dialect: str) -> Any:
    return (postgresql if dialect == "postgresql" else sqlite).insert(table)
