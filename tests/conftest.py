"""The application on each database, and people signed in to it."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Thread

import flask_migrate
import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import settings
from playwright.sync_api import Browser
from sqlalchemy import text
from werkzeug.serving import make_server

from lms.app import create_app
from lms.config import Settings
from lms.core.clock import utcnow
from lms.core.db import Base, db, transaction
from lms.people.models import User
from lms.signin import sessions
from tests.mail.sink import Sink, running_sink
from tests.services import free_port, nothing_goes_without, temporary_folder
from tests.services.browser import running_browser
from tests.services.postgres import Postgres
from tests.services.processes import Service
from tests.services.valkey import Valkey

SERVERS = {"browser", "database", "postgres", "postgresql", "service", "valkey"}


NOT_FAST = SERVERS | {"slow", "xdist_group"}
"""What a test waits for, if one of these is a fixture, a parameter or a mark of it."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Know `--long`, the one switch between short and long forms."""
    parser.addoption("--long", action="store_true", help="search and break things ten times longer")


def pytest_configure(config: pytest.Config) -> None:
    """Let Hypothesis try as much as the form of this run has it do."""
    # A busy machine is not a defect.
    settings.register_profile("brief", deadline=None, max_examples=20)
    settings.register_profile("short", deadline=None)
    settings.register_profile("long", deadline=None, max_examples=1000)
    settings.load_profile("long" if config.getoption("long") else "short")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Repeat in a long run what hangs on chance."""
    marker = metafunc.definition.get_closest_marker("again")
    if marker and metafunc.config.getoption("long"):
        metafunc.fixturenames.append("repetition")
        metafunc.parametrize("repetition", range(*marker.args))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what is fast, for `-m fast`; begin with what takes long, or one core waits for it."""
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)
    for item in items:
        if NOT_FAST.isdisjoint([*getattr(item, "fixturenames", ()), *item.keywords]):
            item.add_marker("fast")


@pytest.fixture(scope="session")
def is_long(pytestconfig: pytest.Config) -> bool:
    """Whether this is a long run."""
    return bool(pytestconfig.getoption("long"))


@pytest.fixture(scope="session")
def postgres(request: pytest.FixtureRequest) -> Iterator[Postgres]:
    """A PostgreSQL server for the whole run."""
    server = Postgres()
    try:
        with nothing_goes_without(request.session):
            server.start()
        yield server
    finally:
        server.stop()


@pytest.fixture
def valkey(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Valkey]:
    """A Valkey server for one test, which may break it."""
    server = Valkey(tmp_path)
    try:
        with nothing_goes_without(request.session):
            server.start()
        yield server
    finally:
        server.stop()


@pytest.fixture(scope="session")
def browser(request: pytest.FixtureRequest) -> Iterator[Browser]:
    """Headless Chromium for the whole run."""
    with nothing_goes_without(request.session), running_browser() as browser:
        yield browser


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> str:
    """Each kind of database in turn."""
    return request.param


@pytest.fixture(scope="session")
def app_on_sqlite() -> Iterator[Flask]:
    """The application over a file; it stays for the whole run."""
    with temporary_folder("sqlite", in_memory=True) as folder:
        yield from make_app(Path(folder), f"sqlite:///{folder}/test.sqlite")


@pytest.fixture(scope="session")
def app_on_postgresql(postgres: Postgres) -> Iterator[Flask]:
    """The application over a server; it stays for the whole run."""
    with temporary_folder("instance", in_memory=True) as folder:
        yield from make_app(Path(folder), postgres.url())


def make_app(instance: Path, url: str) -> Iterator[Flask]:
    """Yield the application over an empty database with the migrated schema."""
    app = create_app(
        Settings(
            instance=instance,
            database_url=url,
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
def app(database: str, request: pytest.FixtureRequest) -> Iterator[Flask]:
    """The application; whatever the test leaves in the database is removed after it."""
    app: Flask = request.getfixturevalue(f"app_on_{database}")
    celery = app.extensions["celery"]
    celery.set_default()
    celery.set_current()  # this thread may know another test's application
    yield app
    with app.app_context():
        empty_all_tables()
    shutil.rmtree(Path(app.instance_path) / "broker", ignore_errors=True)
    (Path(app.instance_path) / "broker").mkdir()


def empty_all_tables() -> None:
    """Remove every row of every table; numbers begin again at 1."""
    tables = Base.metadata.sorted_tables
    with transaction():
        if db.engine.dialect.name == "postgresql":
            names = [f'"{table.name}"' for table in tables]
            deletes = "; ".join(f"DELETE FROM {name}" for name in names)
            db.session.execute(text(EMPTY.format(deletes=deletes, names=", ".join(names))))
            return
        db.session.execute(text("PRAGMA defer_foreign_keys=ON"))
        for table in tables:
            db.session.execute(table.delete())


EMPTY = """DO $$ BEGIN
    IF (SELECT max(pg_relation_size(oid)) FROM pg_class
        WHERE relkind = 'r' AND relnamespace = 'public'\\:\\:regnamespace) > 8192
    THEN
        TRUNCATE {names} RESTART IDENTITY CASCADE;
    ELSE
        SET LOCAL session_replication_role = replica;
        {deletes};
        PERFORM setval(format('%I.%I', schemaname, sequencename)\\:\\:regclass, 1, false)
        FROM pg_sequences WHERE last_value IS NOT NULL;
    END IF;
END $$"""
"""Truncating makes a file anew for each table and index, which takes many times as long as
deleting; but where rows were deleted on more than a page, new ones do not lie in their order."""


@pytest.fixture
def in_app(app: Flask) -> Iterator[Flask]:
    """The application with its context open, for tests of services."""
    with app.app_context():
        yield app


@pytest.fixture
def sink() -> Iterator[Sink]:
    """A mail server that does what the test has it do."""
    with running_sink() as sink:
        yield sink


@pytest.fixture
def smtp(in_app: Flask, sink: Sink, monkeypatch: pytest.MonkeyPatch) -> Sink:
    """The sink, as the application's mail server."""
    monkeypatch.setattr(in_app.extensions["settings"], "smtp_url", f"smtp://127.0.0.1:{sink.port}")
    return sink


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
