"""What was told before leads where its page led, and stays on the way back."""

import flask_migrate
from alembic import command
from flask import Flask

from lms.core.db import migrate
from tests.attempts.test_terms_migration import BEFORE, found, told
from tests.test_schema import empty

__all__ = ["empty"]

OLD, NEW = "0040", "0041"
NOTICES = "SELECT key, object_type, object_id, seen_at FROM notice ORDER BY id"


def test_notices_stay_both_ways_and_lead_where_they_led(empty: Flask) -> None:
    flask_migrate.upgrade(revision="0025")
    told(*BEFORE[:5])
    flask_migrate.upgrade(revision=OLD)
    user = found('SELECT min(id) FROM "user"')[0][0]
    told(
        """INSERT INTO "case" (id, slug, title, topic, approach, level, tracks, unfolds)
        VALUES (4, 'ward', 'Ward', 'topic', 'approach', 'recall', 'ipm', false)""",
        """INSERT INTO case_version (id, case_id, number, body, content_hash, change_note,
        created_at) VALUES (6, 4, 1, '{}', 'hash', 'New', '2026-01-01')""",
    )
    about = [
        ("case_published", "case", 4),
        ("case_published", "case_version", 6),
        ("review_asked", "review", 41),
        ("digest", "digest", 5),
    ]
    for number, (kind, object_type, object_id) in enumerate(about, start=901):
        told(
            f"""INSERT INTO message (id, kind, key, recipient_id, outside, address, subject,
            message_id, raw, places, link_in_clear, state, tries, next_try_at, created_at)
            VALUES ({number}, '{kind}', 'k{number}', {user}, false, 'a@example.org', 'Told',
            '<{number}>', '', '{{}}', false, 'queued', 0, '2026-01-01', '2026-01-01')""",
            f"""INSERT INTO notice (id, user_id, kind, object_type, object_id, key, at, message_id)
            VALUES ({number}, {user}, '{kind}', '{object_type}', {object_id}, 'k{number}',
            '2026-01-01', {number})""",
        )
    before = found(NOTICES)

    flask_migrate.upgrade(revision=NEW)
    paths = found("SELECT path FROM notice ORDER BY id")
    command.downgrade(migrate.get_config(), OLD)

    assert found(NOTICES) == before
    assert [path for (path,) in paths] == ["/bank/ward", "/bank/ward", "/reviews/41", None]
