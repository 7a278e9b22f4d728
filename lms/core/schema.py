"""The schema of the database beside the one this code knows, and the way from one to the other."""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from enum import StrEnum
from functools import cache
from pathlib import Path

import structlog
from alembic import command
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from pysqlite3 import dbapi2 as sqlite
from sqlalchemy import Connection, MetaData, Table, func, inspect, select
from sqlalchemy.exc import DBAPIError

from lms.core.db import db, migrate, refresh_statistics, transaction

log = structlog.get_logger()

COPIES_KEPT = 2
"""How many copies from before a migration stay."""

COPY = re.compile(r"before-(?P<revision>\d{4})-(?P<moment>\d{8}-\d{6})\.sqlite")
"""How copies are called that we make; what is called otherwise is somebody else's."""

INDEX_OF_WORDS = re.compile(
    r"search_entry_(words|terms)(_[a-z]+)?|ix_search_entry_listed|(ix_search_entry_)?(open|all)_terms"
)
"""Tables, columns and indexes that a database finds words by: migrations make them, no model."""

RENAMED = {"mark": "marking"}
"""Tables that a migration gives another name."""


class CannotUpgrade(Exception):
    """Why the database stays as it is, in one sentence or two."""


class Schema(StrEnum):
    """The schema of the database, compared with the one this code knows."""

    OK = "ok"
    OLD = "old"
    NEWER = "newer"


def is_of_models(name: str | None, _kind: str, _parents: object) -> bool:
    """Return whether models are to describe what is called so in the database."""
    return name is None or INDEX_OF_WORDS.fullmatch(name) is None


def revision_of(connection: Connection) -> str | None:
    """Return the revision of the database's schema; None: it has no table yet."""
    return MigrationContext.configure(connection).get_current_revision()


def revision_known() -> str:
    """Return the revision of the schema that this code knows."""
    return _known(migrate.directory)[0]


def compare(revision: str | None) -> Schema:
    """Compare a database's revision with ours; one that we never heard of is newer."""
    newest, ours = _known(migrate.directory)
    if revision == newest:
        return Schema.OK
    return Schema.OLD if revision is None or revision in ours else Schema.NEWER


def differs(revision: str | None) -> str:
    """Say of a database that has not our schema what to do."""
    ours = revision_known()
    if compare(revision) is Schema.NEWER:
        return (
            f"The database has schema {revision}, which is newer than this installation ({ours}); "
            "start the version that it was used with last."
        )
    return (
        f"The database has schema {revision or 'none'}, which is older than this installation "
        f"({ours}); run “lms database upgrade”."
    )


def bring_up(copies: Path, *, now: datetime) -> None:
    """Give the database the schema this code knows, all of the way or nothing of it.

    Of a database in a file that holds something, a copy goes into the folder *copies* before.

    Raises:
        CannotUpgrade: it is newer, a copy cannot be made, or a migration failed.
        OperationalError: the database does not answer.
    """
    with db.engine.connect() as connection:
        revision = revision_of(connection)
    found = compare(revision)
    if found is Schema.NEWER:
        raise CannotUpgrade(differs(revision))
    if found is Schema.OK:
        return
    copy = _copied(copies, revision, now) if revision and _is_a_file() else None
    try:
        command.upgrade(migrate.get_config(), "head")
    except Exception as error:
        log.debug("migration_failed", revision=revision, exc_info=True)
        raise CannotUpgrade(_failed(revision, error, copy)) from error
    with transaction():
        refresh_statistics()


def _failed(revision: str | None, error: Exception, copy: Path | None) -> str:
    words = str(error.orig if isinstance(error, DBAPIError) else error).partition("\n")[0]
    said = (
        f"The database could not be brought from schema {revision or 'none'} to "
        f"{revision_known()}, and is as it was: {words.rstrip('.')}."
    )
    return f"{said} A copy from before is {copy}." if copy else said


@cache
def _known(folder: str) -> tuple[str, frozenset[str]]:
    """Return the newest revision and all, of the migrations in a folder.

    They are read once a process, which takes tens of milliseconds: they come and go with its code.
    """
    scripts = ScriptDirectory(folder)
    ours = frozenset(each.revision for each in scripts.walk_revisions())
    return str(scripts.get_current_head()), ours


# Copies


def _is_a_file() -> bool:
    return db.engine.dialect.name == "sqlite"


def _copied(folder: Path, revision: str, now: datetime) -> Path:
    """Copy the database, whole, for its owner's eyes alone; return where to.

    One copy a revision, so that a start that fails again and again does not drive out the copies
    of earlier ones.
    """
    path = folder / f"before-{revision}-{now:%Y%m%d-%H%M%S}.sqlite"
    part = path.with_suffix(".part")
    try:
        part.unlink(missing_ok=True)
        os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        with db.engine.connect() as connection:
            raw = connection.connection.driver_connection
            assert raw is not None  # noqa: S101 - it is only None once given back
            raw.execute("VACUUM INTO ?", (str(part),))
        part.rename(path)
    except (OSError, sqlite.Error) as error:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        raise CannotUpgrade(
            f"No copy of the database could be made in {folder}, so nothing was changed: {error}."
        ) from error
    _forget_old(folder, revision, keep=path)
    return path


def _forget_old(folder: Path, revision: str, keep: Path) -> None:
    named = [(path, COPY.fullmatch(path.name)) for path in folder.iterdir() if path != keep]
    others = {path: name for path, name in named if name}
    again = [path for path, name in others.items() if name["revision"] == revision]
    older = sorted(others.keys() - set(again), key=lambda path: others[path]["moment"])
    for path in [*again, *older[: len(older) - COPIES_KEPT + 1]]:
        path.unlink(missing_ok=True)


# Before the commit


@contextmanager
def nothing_lost(connection: Connection, scripts: ScriptDirectory) -> Iterator[None]:
    """Let the block migrate by *scripts*, and refuse what it must not do before it is committed.

    On the way up every table has at least as many rows as before, and on SQLite, where foreign
    keys are not looked at meanwhile, none points at nothing.

    Raises:
        CannotUpgrade: rows are missing, or point at nothing.
    """
    revision, rows = revision_of(connection), _counts(connection)
    yield
    newest_first = [each.revision for each in scripts.walk_revisions()]
    after = revision_of(connection)
    if revision and after and newest_first.index(after) < newest_first.index(revision):
        _check_counts(rows, _counts(connection))
    if connection.dialect.name == "sqlite":
        _check_keys(connection)


def _counts(connection: Connection) -> dict[str, int]:
    named = set(inspect(connection).get_table_names()) - {"alembic_version"}
    names = {name for name in named if is_of_models(name, "table", {})}
    counts = {name: select(func.count()).select_from(Table(name, MetaData())) for name in names}
    return {name: connection.execute(counts[name]).scalar_one() for name in sorted(names)}


def _check_counts(before: dict[str, int], after: dict[str, int]) -> None:
    fewer = [
        f"{name} had {count} and would have {found}"
        for name, count in before.items()
        for found in [after.get(RENAMED.get(name, name), after.get(name, 0))]
        if found < count
    ]
    if fewer:
        raise CannotUpgrade(f"rows would be lost ({', '.join(fewer)})")


def _check_keys(connection: Connection) -> None:
    loose = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    if loose:
        tables = ", ".join(sorted({row[0] for row in loose}))
        raise CannotUpgrade(f"{len(loose)} rows would point at nothing ({tables})")
