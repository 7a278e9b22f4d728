"""The application on each database, and people signed in to it."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Thread

import flask_migrate
import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser
from sqlalchemy import text
from werkzeug.serving import make_server

from lms.accounts import sessions
from lms.accounts.models import User
from lms.app import create_app
from lms.config import Settings
from lms.core.clock import utcnow
from lms.core.db import Base, db, transaction
from tests.services import free_port
from tests.services.browser import running_browser
from tests.services.postgres import Postgres
from tests.services.processes import Service
from tests.services.valkey import Valkey


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Postgres]:
    """A PostgreSQL server for the whole run."""
    server = Postgres(tmp_path_factory.mktemp("postgres"))
    server.start()
    yield server
    server.stop()


@pytest.fixture
def valkey(tmp_path: Path) -> Iterator[Valkey]:
    """A Valkey server for one test, which may break it."""
    server = Valkey(tmp_path)
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Headless Chromium for the whole run."""
    with running_browser() as browser:
        yield browser


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of a database, of each kind in turn."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path_factory.mktemp('database') / 'test.sqlite'}"
    return request.getfixturevalue("postgres").url()


@pytest.fixture(scope="session")
def made_app(database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The application over an empty database with the migrated schema."""
    app = create_app(
        Settings(
            instance=tmp_path_factory.mktemp("instance"),
            database_url=database,
            base_url="http://localhost",
            secret_key="for tests only",
            log_level="ERROR",
        )
    )
    with app.app_context():
        flask_migrate.upgrade()
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def app(made_app: Flask) -> Iterator[Flask]:
    """The application; whatever the test leaves in the database is removed after it."""
    made_app.extensions["celery"].set_default()
    made_app.extensions["celery"].set_current()  # this thread may know another test's application
    yield made_app
    with made_app.app_context():
        empty_all_tables()
    shutil.rmtree(Path(made_app.instance_path) / "broker", ignore_errors=True)
    (Path(made_app.instance_path) / "broker").mkdir()


def empty_all_tables() -> None:
    """Remove every row of every table."""
    names = ", ".join(f'"{table.name}"' for table in Base.metadata.sorted_tables)
    with transaction():
        if db.engine.dialect.name == "postgresql":
            db.session.execute(text(f"TRUNCATE {names} RESTART IDENTITY CASCADE"))
            return
        db.session.execute(text("PRAGMA defer_foreign_keys=ON"))
        for table in Base.metadata.sorted_tables:
            db.session.execute(table.delete())


@pytest.fixture
def in_app(app: Flask) -> Iterator[Flask]:
    """The application with its context open, for tests of services."""
    with app.app_context():
        yield app


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser in which nobody is signed in."""
    return app.test_client()


@pytest.fixture
def signed_in(app: Flask) -> Callable[[User], FlaskClient]:
    """A function that returns a browser in which a person is signed in."""

    def enter(user: User) -> FlaskClient:
        with app.app_context(), transaction():
            secret = sessions.start(user, browser="test", now=utcnow())
        client = app.test_client()
        with client.session_transaction() as session:
            session["_user_id"] = secret
        return client

    return enter


@pytest.fixture
def served(app: Flask) -> Iterator[str]:
    """The address under which the application answers browsers."""
    port = free_port()
    server = make_server("localhost", port, app, threaded=True)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://localhost:{port}"
    server.shutdown()
    thread.join(10)


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    """The service's own processes, embedded profile, not started yet."""
    running = Service(tmp_path)
    yield running
    running.stop()
