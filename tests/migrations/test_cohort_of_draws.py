"""Quizzes of before were drawn for no cohort, and nobody goes back over what was drawn for one."""

import flask_migrate
import pytest
from alembic import command
from flask import Flask

from lms.core.db import migrate
from tests.attempts.test_terms_migration import BEFORE, found, told
from tests.test_schema import empty

__all__ = ["empty"]

OLD, NEW = "0025", "0026"
DRAWN = "SELECT id, title, cohort_id FROM quiz ORDER BY id"


@pytest.fixture
def upgraded(empty: Flask) -> Flask:
    flask_migrate.upgrade(revision=OLD)
    told(*BEFORE[:4])
    flask_migrate.upgrade(revision=NEW)
    return empty


@pytest.mark.usefixtures("upgraded")
def test_quizzes_stay_and_go_back_as_long_as_none_was_drawn_for_a_cohort() -> None:
    after = found(DRAWN)
    command.downgrade(migrate.get_config(), OLD)
    before = found("SELECT id, title FROM quiz")
    flask_migrate.upgrade(revision=NEW)

    assert after == found(DRAWN) == [(1, "Rounds", None)]
    assert before == [(1, "Rounds")]


@pytest.mark.usefixtures("upgraded")
def test_what_was_drawn_for_a_cohort_is_not_thrown_away_on_the_way_down() -> None:
    told("UPDATE quiz SET cohort_id = 7")

    with pytest.raises(RuntimeError, match="for which cohort they were drawn"):
        command.downgrade(migrate.get_config(), OLD)

    assert found(DRAWN) == [(1, "Rounds", 7)]
