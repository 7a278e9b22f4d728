"""Nobody goes back over what was acknowledged."""

import flask_migrate
import pytest
from alembic import command
from flask import Flask

from lms.core.db import db, migrate, transaction
from lms.results.models import Acknowledgement
from lms.results.services import acknowledge
from tests.attempts.factories import begin, row_of
from tests.factories import NOW
from tests.test_schema import empty

__all__ = ["empty"]


def test_what_was_acknowledged_is_not_thrown_away_on_the_way_down(empty: Flask) -> None:
    flask_migrate.upgrade()
    fellow, attempt = begin()
    with transaction():
        acknowledge(fellow, row_of(attempt.id, 1).id, now=NOW)

    with pytest.raises(RuntimeError, match="1 unsafe choices were acknowledged"):
        command.downgrade(migrate.get_config(), "0023")

    assert db.session.scalars(db.select(Acknowledgement.at)).all() == [NOW]
