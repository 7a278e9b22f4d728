"""A program many times over: what people did is copied in the database, the bank is not."""

from typing import Any

from sqlalchemy import Column, String, Table, UniqueConstraint, func, select, text

from lms.core.db import Base, be_patient, db, refresh_statistics, transaction

COPIED = {
    *("user", "user_role", "cohort", "membership", "mentorship", "leave", "accommodation"),
    *("quiz", "quiz_version", "quiz_item", "assignment", "audience", "extension"),
    *("attempt", "sitting", "freeze", "response", "response_event", "refused_answer"),
    *("grade", "marking", "exposure", "key_opening", "own_words", "acknowledgement"),
    *("goal", "meeting", "prompt", "message", "notice", "digest", "audit_event"),
    *("mail_preference", "rhythm", "quiet_week"),
}
"""The tables that grow with people and with what they take."""


def multiply(copies: int) -> None:
    """Add so many copies of all people, quizzes and attempts that there are.

    A copy is whole: whatever points to a copied row points to the one of the same copy.
    """
    be_patient()
    tables = [table for table in Base.metadata.sorted_tables if table.name in COPIED]
    with transaction():
        strides = {table.name: _last_id(table) for table in tables}
        for table in tables:
            db.session.execute(text(_copying(table, strides, copies)))
            if db.engine.dialect.name == "postgresql" and "id" in table.c:
                db.session.execute(text(_COUNT_ON.format(table=f'"{table.name}"')))
        db.session.execute(text(_MARK.format(last=strides["response"])))
        db.session.execute(text(_NONE_WAITS.format(last=strides["attempt"])))
    with transaction():
        refresh_statistics()
    if db.engine.dialect.name == "sqlite":
        db.engine.dispose()
    else:
        engine = db.engine.execution_options(isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.exec_driver_sql("SET statement_timeout = 0")
            connection.exec_driver_sql("VACUUM ANALYZE")


_COUNT_ON = "SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}"

_MARK = (
    "UPDATE grade SET state = 'earned', credit_num = 1, credit_den = 1 "
    "WHERE state = 'waits' AND response_id > {last}"
)
_NONE_WAITS = "UPDATE attempt SET waiting = 0 WHERE waiting > 0 AND id > {last}"
"""What was written years ago has been marked: only the first program has answers that wait."""


def _last_id(table: Table) -> int:
    return db.session.scalar(select(func.max(table.c.id))) or 0 if "id" in table.c else 0


def _copying(table: Table, strides: dict[str, int], copies: int) -> str:
    quote = db.engine.dialect.identifier_preparer.quote
    renamed = _told_apart(table)
    names = [quote(column.name) for column in table.c]
    values = [
        _value(column, quote(column.name), strides, is_renamed=column.name in renamed)
        for column in table.c
    ]
    return (
        f"WITH RECURSIVE copy(n) AS "
        f"(SELECT 1 UNION ALL SELECT n + 1 FROM copy WHERE n < {copies}) "
        f"INSERT INTO {quote(table.name)} ({', '.join(names)}) "
        f"SELECT {', '.join(values)} FROM {quote(table.name)} CROSS JOIN copy"
    )


def _value(column: Column[Any], name: str, strides: dict[str, int], *, is_renamed: bool) -> str:
    target = _moves_with(column)
    if target:
        return f"{name} + n * {strides[target]}"
    return f"'c{strides['user']}-' || n || '-' || {name}" if is_renamed else name


def _moves_with(column: Column[Any]) -> str | None:
    """Return the copied table whose row a column names; None: it names none, or one that stays."""
    if column.name == "id":
        return str(column.table.name)
    named = {key.column.table.name for key in column.foreign_keys} & COPIED
    return str(named.pop()) if named else None


def _told_apart(table: Table) -> set[str]:
    """Return the columns of text that are to differ from copy to copy, since rows must."""
    unique = [each.columns for each in table.constraints if isinstance(each, UniqueConstraint)]
    return {
        column.name
        for columns in unique
        if not any(_moves_with(column) for column in columns)
        for column in columns
        if isinstance(column.type, String)
    }
