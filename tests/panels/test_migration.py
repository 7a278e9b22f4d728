"""The ledger of mails survives the migration to panels and back, on both databases."""

import flask_migrate
import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from lms.core.db import db, transaction
from tests.test_schema import checks_of, empty

__all__ = ["empty"]

USER = """
INSERT INTO "user" (id, email, name, time_zone, theme, created_at)
VALUES (1, 'a@b.org', 'A', 'UTC', '', '2026-01-01 00:00:00')
"""
MESSAGE = """
INSERT INTO message
(id, kind, key, address, subject, message_id, raw, state, tries, next_try_at, created_at{columns})
VALUES ({id}, 'x', 'x:{id}', 'a@b.org', 'S', '<{id}>', '', 'queued', 0,
'2026-01-01 00:00:00', '2026-01-01 00:00:00'{values})
"""


def write(number: int, columns: str = "", values: str = "") -> None:
    with transaction():
        db.session.execute(text(MESSAGE.format(id=number, columns=columns, values=values)))


def kept() -> list[tuple[int, int | None]]:
    with transaction():
        rows = db.session.execute(text("SELECT id, recipient_id FROM message ORDER BY id"))
        return [(row[0], row[1]) for row in rows]


def test_mails_to_accounts_stay_and_rules_hold(empty: Flask) -> None:
    flask_migrate.upgrade(revision="0002")
    with transaction():
        db.session.execute(text(USER))
    write(1, ", recipient_id", ", 1")
    before = checks_of("message")
    db.session.remove()

    flask_migrate.upgrade(revision="0003")
    write(2, ", outside", ", true")
    for columns, values in ((", outside", ", false"), (", recipient_id, outside", ", 1, true")):
        with pytest.raises(IntegrityError):
            write(3, columns, values)
    there = kept()
    after = checks_of("message")
    db.session.remove()
    flask_migrate.downgrade(revision="0002")

    assert there == [(1, 1), (2, None)]
    assert after == before | {"ck_message_outside"}
    assert kept() == [(1, 1)]
    assert checks_of("message") == before
    with pytest.raises(IntegrityError):
        write(4)
