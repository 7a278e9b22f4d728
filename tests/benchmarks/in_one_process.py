"""The application in this process alone, over a database of its own: for what needs no network."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import flask_migrate
from flask import Flask

from lms.app import create_app
from lms.config import Settings
from lms.core.clock import utcnow
from lms.core.db import db
from tests.benchmarks.servers import durable_postgres
from tests.journeys.contents import fill

DATABASES = ("sqlite", "postgresql")


@contextmanager
def application(database: str) -> Iterator[Flask]:
    """Yield the application over an empty database with the migrated schema.

    PostgreSQL answers each statement by one process, so that its CPU can be told.
    """
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="rounds-bench-")))
        url = f"sqlite:///{folder}/bench.sqlite"
        if database == "postgresql":
            server = durable_postgres("max_parallel_workers_per_gather=0")
            url = stack.enter_context(server).url()
        app = create_app(
            Settings(
                instance=folder,
                database_url=url,
                base_url="http://localhost",
                secret_key="for a benchmark only",
                log_level="ERROR",
            )
        )
        app.extensions["celery"].set_default()
        with app.app_context():
            flask_migrate.upgrade()
        yield app
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


@contextmanager
def program(database: str) -> Iterator[tuple[Flask, dict[str, Any]]]:
    """Yield the application over the program that the journeys visit, and what addresses want."""
    with application(database) as app:
        with app.app_context():
            _, arguments = fill(utcnow())
        yield app, arguments
