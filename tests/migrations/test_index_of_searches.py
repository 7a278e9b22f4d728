"""Words are found after the index of them was made otherwise, on the way up and down."""

import flask_migrate
from alembic import command
from flask import Flask
from sqlalchemy import text

from lms.cases.search.keeping import forget_draft, keep_draft
from lms.cases.search.queries import AskedFor, search
from lms.core.db import db, migrate, transaction
from tests.factories import NOW
from tests.test_schema import empty

__all__ = ["empty"]


def found(words: str) -> int:
    return search(AskedFor(words), 1, today=NOW.date()).total


def test_words_are_found_and_forgotten_after_their_index_was_made_anew(empty: Flask) -> None:
    flask_migrate.upgrade()
    with transaction():
        keep_draft(1, None, {"title": "Burning feet", "takeaway": "Mind the 5 mg/day."})
    db.session.remove()
    command.downgrade(migrate.get_config(), "0034")
    before = found("mg/d")
    db.session.remove()
    command.upgrade(migrate.get_config(), "head")
    after = [found(words) for words in ("mg/d", "fe", "burning f")]
    with transaction():
        forget_draft(1)

    assert before == 1
    assert after == [1, 1, 1]
    assert found("feet") == 0


def test_sqlite_reads_what_lists_are_made_of_from_the_narrow_index(empty: Flask) -> None:
    flask_migrate.upgrade()
    if db.engine.dialect.name != "sqlite":
        return
    plan = db.session.execute(
        text(
            "EXPLAIN QUERY PLAN SELECT id, case_id, draft_id, layer, title, tags"
            " FROM search_entry WHERE +id IN"
            " (SELECT rowid FROM search_entry_words WHERE search_entry_words MATCH 'a')"
        )
    )

    assert any("COVERING INDEX ix_search_entry_listed" in row[-1] for row in plan)
