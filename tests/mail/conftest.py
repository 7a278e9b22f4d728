from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from lms.config import Settings
from lms.core.db import db, init_db
from lms.core.jobs import init_jobs
from lms.core.logs import init_logs
from tests.mail.sink import Sink, running_sink


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Flask]:
    settings = Settings(instance=tmp_path, secret_key="test", base_url="http://localhost")
    app = Flask("lms")
    app.config.update(settings.flask())
    app.extensions["settings"] = settings
    init_logs("INFO")
    init_db(app)
    init_jobs(app, settings.celery())
    with app.app_context():
        db.create_all()
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def sink() -> Iterator[Sink]:
    with running_sink() as sink:
        yield sink
