"""Items of before weigh in a quiz what their cases say; another weight is not thrown away."""

import flask_migrate
import pytest
from alembic import command
from flask import Flask
from sqlalchemy.exc import IntegrityError

from lms.core.db import migrate
from tests.attempts.test_terms_migration import BEFORE, found, told
from tests.test_schema import empty

__all__ = ["empty"]

OLD, NEW = "0032", "0033"
WEIGHED = "SELECT quiz_version_id, position, points FROM quiz_item ORDER BY position"


@pytest.fixture
def upgraded(empty: Flask) -> Flask:
    flask_migrate.upgrade(revision="0025")
    told(
        *BEFORE[:5],
        """INSERT INTO "case" (id, slug, title, topic, approach, level, tracks, unfolds)
        VALUES (4, 'ward', 'Ward', 'topic', 'approach', 'recall', 'ipm', false)""",
        """INSERT INTO item (id, case_id, key, position, kind, "use", topic, approach, level)
        VALUES (6, 4, 'one', 1, 'essay', 'scored', 'topic', 'approach', 'recall')""",
        "INSERT INTO quiz_item (quiz_version_id, position, item_id) VALUES (1, 1, 6)",
    )
    flask_migrate.upgrade(revision=NEW)
    return empty


@pytest.mark.usefixtures("upgraded")
def test_items_stay_and_go_back_as_long_as_no_quiz_weighs_them() -> None:
    after = found(WEIGHED)
    command.downgrade(migrate.get_config(), OLD)
    flask_migrate.upgrade(revision=NEW)

    assert found(WEIGHED) == after == [(1, 1, None)]


@pytest.mark.usefixtures("upgraded")
def test_what_a_quiz_says_of_points_is_not_thrown_away_on_the_way_down() -> None:
    told("UPDATE quiz_item SET points = 7")

    with pytest.raises(RuntimeError, match="how much an item weighs"):
        command.downgrade(migrate.get_config(), OLD)

    assert found(WEIGHED) == [(1, 1, 7)]
    with pytest.raises(IntegrityError):
        told("UPDATE quiz_item SET points = 11")
