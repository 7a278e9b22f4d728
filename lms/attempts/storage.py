"""A statement that both databases know in words of their own."""

from typing import Any

from sqlalchemy.dialects import postgresql, sqlite

from lms.core.db import Base, db


def insert_unless_present(table: type[Base], **values: object) -> Any:
    """Return an INSERT of *values* that does nothing where a unique key has them already."""
    dialect = postgresql if db.engine.dialect.name == "postgresql" else sqlite
    return dialect.insert(table).values(**values).on_conflict_do_nothing()
