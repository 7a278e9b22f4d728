"""A statement that both databases know in words of their own."""

from typing import Any

from sqlalchemy import FromClause
from sqlalchemy.dialects import postgresql, sqlite

from lms.core.db import Base, db


def insert_into(table: type[Base] | FromClause, dialect: str) -> Any:
    """Return an INSERT that does nothing where a unique key has the values already."""
    words = postgresql if dialect == "postgresql" else sqlite
    return words.insert(table).on_conflict_do_nothing()


def insert_unless_present(table: type[Base], **values: object) -> Any:
    """Return an INSERT of *values* that does nothing where a unique key has them already."""
    return insert_into(table, db.engine.dialect.name).values(**values)
