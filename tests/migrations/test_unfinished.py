"""Attempts of before go on under what was promised; what is abandoned is not thrown away."""

import flask_migrate
import pytest
from alembic import command
from flask import Flask
from sqlalchemy.exc import IntegrityError

from lms.core.db import migrate
from tests.attempts.test_terms_migration import BEFORE, MOMENT, found, told
from tests.test_schema import empty

__all__ = ["empty"]

FIRST, OLD, NEW = "0008", "0046", "0047"

STATES = "SELECT state, submitted_at IS NULL, scored, waiting FROM attempt"


@pytest.fixture
def upgraded(empty: Flask) -> Flask:
    flask_migrate.upgrade(revision=FIRST)
    told(*BEFORE)
    flask_migrate.upgrade(revision=NEW)
    return empty


@pytest.mark.usefixtures("upgraded")
def test_what_is_saved_is_handed_in_as_before_and_all_goes_back() -> None:
    rows = found(STATES)
    assert found("SELECT unfinished, grace_minutes FROM assignment") == [("hand_in", 60)]

    command.downgrade(migrate.get_config(), OLD)
    assert found(STATES) == rows
    flask_migrate.upgrade(revision=NEW)

    assert found(STATES) == rows


@pytest.mark.usefixtures("upgraded")
@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("UPDATE attempt SET state = 'abandoned'", "There is an abandoned attempt"),
        ("UPDATE assignment SET unfinished = 'grace'", "does not hand in what is saved"),
    ],
)
def test_what_the_schema_before_cannot_hold_is_refused(change: str, said: str) -> None:
    told(change)

    with pytest.raises(RuntimeError, match=said):
        command.downgrade(migrate.get_config(), OLD)


@pytest.mark.usefixtures("upgraded")
@pytest.mark.parametrize(
    "impossible",
    [
        f"UPDATE attempt SET state = 'abandoned', submitted_at = '{MOMENT}'",
        "UPDATE attempt SET state = 'abandoned', deadline_at = NULL",
        "UPDATE attempt SET state = 'lost'",
        "UPDATE attempt SET state = 'submitted'",
        "UPDATE attempt SET waiting = -1",
        "UPDATE assignment SET unfinished = 'never'",
        "UPDATE assignment SET grace_minutes = 4",
    ],
)
def test_what_cannot_be_is_refused_by_the_database(impossible: str) -> None:
    with pytest.raises(IntegrityError):
        told(impossible)
