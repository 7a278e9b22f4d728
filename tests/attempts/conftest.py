from collections.abc import Iterator

import pytest
from flask import Flask

from lms.app import create_app
from lms.config import Settings
from lms.core.db import db


@pytest.fixture
def app(tmp_path) -> Iterator[Flask]:
    app = create_app(Settings(instance=tmp_path, log_level="ERROR", demo=False))
    app.testing = True
    with app.app_context():
        db.create_all()
        yield app
        db.session.remove()
        db.engine.dispose()
