"""Links survive the change to signatures, and the way back, on both databases."""

import json

import flask_migrate
from flask import Flask
from sqlalchemy import text

from lms.core.db import db, transaction
from lms.core.links import hash_secret
from lms.core.signing import mark_of_todays_key, signature
from tests.test_schema import checks_of, empty

__all__ = ["empty"]

BEFORE, AFTER = "0011", "0012"

ROWS = (
    """INSERT INTO "user" (id, email, name, time_zone, theme, created_at)
    VALUES (1, 'a@b.org', 'A', 'UTC', '', '2026-01-01 00:00:00')""",
    """INSERT INTO "case" (id, slug, title, topic, approach, level, tracks, clinical_review,
    review_by, unfolds)
    VALUES (1, 'c', 'C', 't', 'a', 'l', 'ipm', 'pending', '2028-01-01', false)""",
    """INSERT INTO case_version (id, case_id, number, body, content_hash, change_note, created_at,
    said_hash) VALUES (1, 1, 1, '{}', '', '', '2026-01-01 00:00:00', '')""",
    """INSERT INTO panel (id, case_id, case_version_id, state, opened_by, opened_at)
    VALUES (1, 1, 1, 'open', 1, '2026-01-01 00:00:00')""",
    """INSERT INTO panelist (id, panel_id, email, name, invited_at)
    VALUES (1, 1, 'e@x.org', '', '2026-01-01 00:00:00')""",
    """INSERT INTO account_link (id, user_id, purpose, secret_hash, created_at, expires_at)
    VALUES (1, 1, 'invitation', '{hash}', '2026-01-01 00:00:00', '2030-01-15 00:00:00')""",
    """INSERT INTO panel_link (id, panelist_id, secret_hash, made_at, expires_at)
    VALUES (1, 1, '{hash}', '2026-01-01 00:00:00', '2030-01-15 00:00:00')""",
    """INSERT INTO message (id, kind, key, recipient_id, outside, address, subject, message_id,
    raw, state, tries, next_try_at, created_at) VALUES (1, 'invitation', 'invitation:1', 1, false,
    'a@b.org', 'S', '<1>', '/links/old', 'queued', 0, '2026-01-01 00:00:00',
    '2026-01-01 00:00:00')""",
)
NEW_LINK = """INSERT INTO account_link (id, user_id, purpose, created_at, expires_at)
VALUES ({id}, 1, '{purpose}', '2026-01-02 03:04:05.000006', '2030-01-15 00:00:00')"""
MOMENT = 1767323045000006
"""When these were made, in microseconds since 1970."""

NEW_MESSAGE = """INSERT INTO message (id, kind, key, recipient_id, outside, address, subject,
message_id, raw, places, link_in_clear, state, tries, next_try_at, created_at) VALUES ({id},
'{purpose}', '{purpose}:{id}', 1, false, 'a@b.org', 'S', '<{id}>', '', '{{}}', false,
'queued', 0, '2026-01-01 00:00:00', '2026-01-01 00:00:00')"""
BODY = "UPDATE message SET raw = :raw, places = :places WHERE id = :id"
HASHES = """SELECT secret_hash FROM (
SELECT 1 AS part, id, secret_hash FROM account_link
UNION ALL SELECT 2, id, secret_hash FROM panel_link) AS links ORDER BY part, id"""
TABLES = ("message", "account_link", "panel_link")


def run(*statements: str) -> None:
    with transaction():
        for statement in statements:
            db.session.execute(text(statement.replace("{hash}", hash_secret("a" * 43))))


def asked(sql: str) -> list[tuple[object, ...]]:
    with transaction():
        return [tuple(row) for row in db.session.execute(text(sql))]


def test_links_of_before_stay_and_those_of_after_keep_what_was_mailed(empty: Flask) -> None:
    flask_migrate.upgrade(revision=BEFORE)
    run(*ROWS)
    rules = [checks_of(table) for table in TABLES]
    db.session.remove()

    flask_migrate.upgrade(revision=AFTER)
    old = hash_secret("a" * 43)
    assert asked(HASHES) == [(old,), (old,)]
    assert [checks_of(table) for table in TABLES] == rules
    secrets = mailed_links(empty)
    db.session.remove()
    flask_migrate.downgrade(revision=BEFORE)

    assert [checks_of(table) for table in TABLES] == rules
    assert asked(HASHES) == [(old,), *((hash_secret(each),) for each in secrets), (old,)]
    raws = [bytes(raw) for (raw,) in asked("SELECT raw FROM message WHERE id > 1 ORDER BY id")]
    assert raws == [f"to /links/{each} twice".encode() for each in secrets]


def mailed_links(app: Flask) -> list[str]:
    """Have two links mailed, and our key changed between; return their secrets."""
    secrets = []
    for number, purpose in ((2, "invitation"), (3, "password_reset")):
        run(NEW_LINK.format(id=number, purpose=purpose))
        name = f"{number}@{MOMENT}"
        kept = {f"mark{number}": {"purpose": purpose, "name": name, "key": mark_of_todays_key()}}
        run(NEW_MESSAGE.format(id=number, purpose=purpose))
        raw = f"to /links/{number}.mark{number} twice".encode()
        with transaction():
            values = {"raw": raw, "places": json.dumps(kept), "id": number}
            db.session.execute(text(BODY), values)
        secrets.append(f"{number}." + signature(name, purpose=purpose))
        app.config["SECRET_KEY_FALLBACKS"] += [app.config["SECRET_KEY"]]
        app.config["SECRET_KEY"] = f"the key after {number}"
    return secrets
