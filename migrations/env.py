"""How Alembic reaches the database of the current application."""

from typing import Any, Literal

from alembic import context
from flask import current_app
from sqlalchemy import Connection

from lms.core.db import Base
from lms.core.moments import UtcDateTime
from lms.core.schema import is_of_models, nothing_lost

config = context.config
engine = current_app.extensions["migrate"].db.engine


def render_item(kind: str, thing: Any, autogen: Any) -> str | Literal[False]:
    """Write our own column type as the plain one it stores."""
    if kind == "type" and isinstance(thing, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    return False


def migrate(connection: Connection) -> None:
    """Run the migrations that were asked for, all in one transaction."""
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        render_item=render_item,
        compare_type=True,
        include_name=is_of_models,
        transaction_per_migration=False,
    )
    if connection.dialect.name == "postgresql":  # rows in plenty take their time; a lock must not
        connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
        connection.exec_driver_sql("SET LOCAL lock_timeout = '5s'")
    with nothing_lost(connection, context.script):
        context.run_migrations()


if context.is_offline_mode():
    raise SystemExit("Migrations run against a database; there is no offline mode.")

with engine.connect() as connection:
    raw = connection.connection.driver_connection
    sqlite = connection.dialect.name == "sqlite"
    if sqlite:  # a table is altered by copying it, which foreign keys would forbid
        raw.execute("PRAGMA foreign_keys=OFF")
    try:
        with connection.execution_options(writes=True).begin():
            migrate(connection)
    finally:
        if sqlite:
            raw.execute("PRAGMA foreign_keys=ON")
