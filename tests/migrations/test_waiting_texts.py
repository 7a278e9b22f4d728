"""Texts that wait for a choice are not thrown away on the way down."""

from datetime import timedelta

import flask_migrate
import pytest
from alembic import command
from flask import Flask

from lms.authoring.models import DraftVisit, WaitingText
from lms.core.db import db, migrate, transaction
from tests.authoring.drafts.kept import kept_draft, make_author
from tests.factories import NOW, add
from tests.test_schema import empty

__all__ = ["empty"]


def test_a_text_that_waits_keeps_the_schema_from_going_down(empty: Flask) -> None:
    flask_migrate.upgrade()
    with transaction():
        author = make_author()
        draft = kept_draft(author)
        add(
            WaitingText(
                draft_id=draft.id, by_id=author.id, tab="t", path="title", mine="Itch", at=NOW
            )
        )

    with pytest.raises(RuntimeError, match="1 texts wait for a choice"):
        command.downgrade(migrate.get_config(), "0029")

    assert db.session.scalars(db.select(WaitingText.mine)).all() == ["Itch"]


def test_who_is_there_is_there_since_seen_last(empty: Flask) -> None:
    flask_migrate.upgrade()
    with transaction():
        author = make_author()
        draft = kept_draft(author)
        soon = NOW + timedelta(seconds=20)
        add(DraftVisit(draft_id=draft.id, user_id=author.id, tab="t", since=NOW, seen_at=soon))
    db.session.remove()
    command.downgrade(migrate.get_config(), "0029")
    command.upgrade(migrate.get_config(), "head")

    assert db.session.scalars(db.select(DraftVisit.since)).all() == [soon]
