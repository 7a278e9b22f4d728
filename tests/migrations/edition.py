"""The first edition's database: loaded at its own revision, and read whatever the schema is."""

import base64
import gzip
import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

import flask_migrate
from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Connection,
    Date,
    DateTime,
    LargeBinary,
    MetaData,
    Table,
    Text,
    cast,
    select,
    text,
)

from lms.core.db import db

FOLDER = Path(__file__).with_name("first_edition")

REVISION = "0006"
"""The last schema of the first edition."""

NOW = datetime(2026, 11, 25, 15, 0, tzinfo=UTC)
"""The moment at which its rows were read."""

Row = Mapping[str, Any]
Rows = dict[str, dict[tuple[Any, ...], Row]]
"""Table, primary key, column."""


def load() -> None:
    """Make the first edition's schema in the empty database of the application, and fill it."""
    flask_migrate.upgrade(revision=REVISION)
    with db.engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
        else:  # cases and their versions point at each other
            connection.exec_driver_sql("SET session_replication_role = replica")
        for file in sorted(FOLDER.glob("*.jsonl.gz")):
            _fill(connection, file)
        connection.commit()
    db.engine.dispose()


def _fill(connection: Connection, file: Path) -> None:
    lines = gzip.decompress(file.read_bytes()).decode("utf-8").splitlines()
    names, *rows = [json.loads(line) for line in lines]
    table = Table(file.name.split(".")[0], MetaData(), autoload_with=connection)
    for column in table.columns:
        if isinstance(column.type, JSON):
            column.type = JSON(none_as_null=True)
    values = [
        {name: _value(table.c[name], value) for name, value in zip(names, row, strict=True)}
        for row in rows
    ]
    connection.execute(table.insert(), values)
    if connection.dialect.name == "postgresql" and "id" in table.c:
        last = max(row["id"] for row in values)
        sequence = f"pg_get_serial_sequence('\"{table.name}\"', 'id')"
        connection.execute(text(f"SELECT setval({sequence}, :last)"), {"last": last})


def _value(column: Column[Any], value: Any) -> Any:
    """Return what stands in a file as the value it was."""
    if value is None:
        return None
    if isinstance(column.type, JSON):
        found = json.loads(value)
        return JSON.NULL if found is None else found
    if isinstance(column.type, LargeBinary):
        return base64.b64decode(value)
    if isinstance(column.type, DateTime):
        return datetime.fromisoformat(value).replace(tzinfo=UTC)
    if isinstance(column.type, Date):
        return date.fromisoformat(value)
    return bool(value) if isinstance(column.type, Boolean) else value


def read() -> Rows:
    """Return every row of every table, JSON as the text that is stored."""
    with db.engine.connect() as connection:
        found = MetaData()
        found.reflect(connection, resolve_fks=False)
        return {
            name: _rows(connection, table)
            for name, table in sorted(found.tables.items())
            if name != "alembic_version"
        }


def _rows(connection: Connection, table: Table) -> dict[tuple[Any, ...], Row]:
    columns = [
        cast(column, Text).label(column.name) if isinstance(column.type, JSON) else column
        for column in table.columns
    ]
    keys = [column.name for column in table.primary_key]
    found = connection.execute(select(*columns)).mappings()
    return {tuple(row[key] for key in keys): dict(row) for row in found}


def credits_of(rows: Rows) -> dict[int, tuple[Fraction | None, bool, bool, bool]]:
    """Return what each response earned: credit, left out, waits, harmful."""
    return {row["id"]: _earned(row, rows) for row in rows["response"].values()}


def _earned(response: Row, rows: Rows) -> tuple[Fraction | None, bool, bool, bool]:
    if "credit_num" in response:
        credit, found = _fraction(response), response
        return credit, bool(found["left_out"]), bool(found["waits"]), bool(found["harmful"])
    grade = rows["grade"].get((response["id"], response["grade_number"]))
    if grade is None:
        return None, False, False, False
    state, harmful = grade["state"], grade["harms"] != "[]"
    return _fraction(grade), state == "left_out", state == "waits", harmful


def _fraction(row: Row) -> Fraction | None:
    return None if row["credit_num"] is None else Fraction(row["credit_num"], row["credit_den"])


def marks_of(rows: Rows) -> dict[int, tuple[Any, ...]]:
    """Return levels and note of each response on whose marks its grade rests."""
    if "marking" not in rows:
        return {
            row["id"]: (row["marks"], row["mark_note"] or "")
            for row in rows["response"].values()
            if row["marks"] is not None
        }
    counting = {(row["id"], row["grade_number"]) for row in rows["response"].values()}
    return {
        grade["response_id"]: (marking["levels"], marking["note"])
        for key, grade in rows["grade"].items()
        if key in counting and grade["marking_id"] is not None
        for marking in [rows["marking"][(grade["marking_id"],)]]
    }
