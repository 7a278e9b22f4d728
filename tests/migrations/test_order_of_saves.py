"""Visits of before stay; their pages count from their next save on."""

import flask_migrate
from alembic import command
from flask import Flask

from lms.core.db import migrate
from tests.attempts.test_terms_migration import BEFORE, found, told
from tests.test_schema import empty

__all__ = ["empty"]

OLD, NEW = "0038", "0039"
VISITS = "SELECT draft_id, user_id, tab, place FROM draft_visit"


def test_visits_stay_both_ways(empty: Flask) -> None:
    flask_migrate.upgrade(revision="0025")
    told(*BEFORE[:5])
    flask_migrate.upgrade(revision=OLD)
    user = found('SELECT min(id) FROM "user"')[0][0]
    told(
        f"""INSERT INTO draft (id, owner_id, body, revision, state, created_at, changed_at)
        VALUES (1, {user}, '{{}}', 0, 'writing', '2026-01-01', '2026-01-01')""",
        f"""INSERT INTO draft_visit (draft_id, user_id, tab, place, since, seen_at)
        VALUES (1, {user}, 'tab', 'title', '2026-01-01', '2026-01-01')""",
    )
    before = found(VISITS)

    flask_migrate.upgrade(revision=NEW)
    counted = found("SELECT saved_seq FROM draft_visit")
    command.downgrade(migrate.get_config(), OLD)

    assert found(VISITS) == before == [(1, user, "tab", "title")]
    assert counted == [(0,)]
