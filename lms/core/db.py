"""The database: one declarative base, one session, one committer."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from enum import StrEnum
from sqlite3 import Connection as StdlibConnection
from typing import Any, Final, TypeVar

import pysqlite3
from flask import Flask
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    JSON,
    Connection,
    Engine,
    Enum,
    MetaData,
    event,
)
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.pool import ConnectionPoolEntry

from lms.core import postgres
from lms.core.moments import UtcDateTime
from lms.core.write_turns import PATIENCE, NoTurn, WriteTurn

Result = TypeVar("Result")

RENEWED = 600
"""After how many seconds a connection to SQLite, which would plan by old statistics, is renewed."""

LARGEST_ID = 2**31 - 1
"""The largest number of a row."""

KEPT = 8
"""How many connections a process keeps: one for each request that is worked on at once."""

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """What every table is declared on."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map: Final = {datetime: UtcDateTime, dict[str, Any]: JSON, list[int]: JSON}


db = SQLAlchemy(metadata=Base.metadata, session_options={"expire_on_commit": False})
migrate = Migrate()


def text_enum(kind: type[StrEnum]) -> Enum:
    """Return a column type that keeps *kind* as its text, and refuses other text."""
    return Enum(
        kind,
        name=kind.__name__.lower(),
        native_enum=False,
        create_constraint=True,
        length=32,
        values_callable=lambda members: [member.value for member in members],
    )


@contextmanager
def transaction() -> Iterator[None]:
    """Commit what the block did, all or nothing; then run what waited for the commit.

    On SQLite the block holds the write lock from its first statement, so that what it
    read is still true when it writes. Objects read before stay usable, but a decision
    belongs in a guarded statement inside the block.

    Raises:
        RuntimeError: a transaction is open already.
    """
    session = db.session()
    if session.info.get("writing"):
        raise RuntimeError("transactions do not nest")
    session.commit()
    session.info.update(writing=True, after_commit=[])
    try:
        session.connection(execution_options={"writes": True})
        yield
        session.commit()
    except BaseException:
        session.rollback()
        raise
    else:
        callbacks = session.info["after_commit"]
    finally:
        session.info.update(writing=False, after_commit=[])
    for callback in callbacks:
        callback()


def stop_reading() -> None:
    """End what was read so far, so that the database waits for nothing that takes long outside.

    What was loaded stays usable.

    Raises:
        RuntimeError: a transaction is open.
    """
    session = db.session()
    if session.info.get("writing"):
        raise RuntimeError("what is being written is not ended here")
    session.commit()


class _TakenBackAtOnce(Exception):
    """What was rehearsed is taken back."""


def rehearsed(act: Callable[[], Result]) -> Result:
    """Return what *act* comes to in a transaction of which nothing is kept."""
    results = []
    try:
        with transaction():
            results.append(act())
            raise _TakenBackAtOnce
    except _TakenBackAtOnce:
        return results[0]


def after_commit(callback: Callable[[], None]) -> None:
    """Have *callback* run once the open transaction is durable, and not otherwise.

    Raises:
        RuntimeError: no transaction is open.
    """
    session = db.session()
    if not session.info.get("writing"):
        raise RuntimeError("no transaction is open")
    session.info["after_commit"].append(callback)


def refresh_statistics() -> None:
    """Let SQLite plan by what its tables hold by now; PostgreSQL sees to that by itself.

    Of the tables that have grown or shrunk much a sample is read, nothing of the others.
    Connections know of it once they are renewed.
    """
    connection = db.session.connection()
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA optimize=0x10012")


def be_patient() -> None:
    """Let the statements of this session take as long as they need, be it many seconds.

    A lock is waited for no longer than by others.
    """
    db.session().info["patient"] = True


def asked_first(ask: Callable[[Connection], Result]) -> Result:
    """Return what *ask* reads, which shows whether the database is there.

    It is waited for no longer than for any sign of life, and asked once more where the connection
    was lost since it was used last.
    """
    session = db.session()
    try:
        return _answer_soon(session, ask)
    except DBAPIError as error:
        if not error.connection_invalidated or session.info.get("writing"):
            raise
        session.rollback()
        return _answer_soon(session, ask)


def _answer_soon(session: Session, ask: Callable[[Connection], Result]) -> Result:
    connection = session.connection()
    if connection.dialect.name != "postgresql":
        return ask(connection)
    postgres.have_patience(connection, postgres.PING)
    answer = ask(connection)
    _limit_patience(session, connection)
    return answer


def _limit_patience(session: Session, connection: Connection) -> None:
    patient = session.info.get("patient")
    postgres.have_patience(connection, None if patient else postgres.ANSWER)


@event.listens_for(db.session, "after_begin")
def _begin(session: Session, _transaction: object, connection: Connection) -> None:
    """Set *connection* up; on PostgreSQL who reads sends no BEGIN and no COMMIT.

    There each statement sees what is committed as it begins, within a transaction or without.
    """
    if connection.dialect.name != "postgresql":
        return
    _limit_patience(session, connection)
    if session.info.get("patient"):
        connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
    elif not session.info.get("writing"):
        postgres.stand_alone(connection, each=True)


@event.listens_for(db.session, "before_flush")
def _begin_late(session: Session, _context: object, _instances: object) -> None:
    """Keep nothing of what is flushed outside of `transaction()`, unless it is committed."""
    connection = session.connection()
    if connection.dialect.name == "postgresql" and not session.info.get("writing"):
        postgres.stand_alone(connection, each=False)


def init_db(app: Flask) -> None:
    """Connect *app* to its database."""
    options = app.config["SQLALCHEMY_ENGINE_OPTIONS"]
    options |= {"pool_size": KEPT, "pool_use_lifo": True}
    if app.config["SQLALCHEMY_DATABASE_URI"].startswith("sqlite"):
        options |= {
            "module": pysqlite3,
            "pool_recycle": RENEWED,
            "connect_args": {"timeout": 20, "isolation_level": None},
        }
    else:
        options |= {"connect_args": postgres.CONNECTING}
    db.init_app(app)
    app.teardown_appcontext(_let_go)  # before the extension does it
    migrate.init_app(app, db, compare_type=True)
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            _teach_sqlite(db.engine)
        else:
            postgres.teach(db.engine)


def _let_go(_error: BaseException | None) -> None:
    """End the session, also where its database is away: what was answered is answered."""
    try:
        db.session.remove()
    except DBAPIError:
        db.session().invalidate()
        db.session.remove()


def _teach_sqlite(engine: Engine) -> None:
    """Durable, checked, locked at the start of a writing transaction; what is deleted is gone."""
    path = (engine.url.database or "").removeprefix(":memory:")

    @event.listens_for(engine, "connect")
    def set_up(connection: StdlibConnection, _record: object) -> None:
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            "secure_delete=ON",
            f"busy_timeout={1000 * PATIENCE:.0f}",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("writes")
        if writes and path and "turn" not in connection.info:
            _wait_to_write(connection, path)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    @event.listens_for(engine, "checkin")
    def let_others_write(_connection: object, record: ConnectionPoolEntry) -> None:
        turn = record.info.pop("turn", None)
        if turn:
            turn.end()


def _wait_to_write(connection: Connection, path: str) -> None:
    """Wait for a turn, which ends when the connection is given back, also by its loss."""
    turn = connection.info["turn"] = WriteTurn(path)
    try:
        turn.wait()
    except NoTurn as error:
        raise OperationalError("BEGIN IMMEDIATE", None, error) from error
