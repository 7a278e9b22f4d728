"""The service as `lms serve` runs it, in both profiles, on this machine's loopback and disk."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import flask_migrate
from flask import Flask

from lms.app import create_app
from lms.cases.content import starter_files
from lms.cases.services import load_cases
from lms.config import Settings
from lms.core.clock import utcnow
from lms.core.db import db, transaction
from lms.program.blueprint import blueprint
from lms.program.services import ensure_tracks
from tests.benchmarks.servers import durable_postgres
from tests.mail.sink import Sink, running_sink
from tests.services import free_port
from tests.services.valkey import Valkey
from tests.test_serve import Started

PROFILES = ("service", "embedded")


@dataclass
class Installation:
    """An application over the database of a profile, and the processes of the service.

    `servers` are the processes that the service needs besides its own.
    """

    profile: str
    app: Flask
    started: Started
    servers: list[int]
    settings: dict[str, str]
    sink: Sink | None = None

    @property
    def port(self) -> int:
        """Where the web server listens."""
        return self.started.port

    def start(self) -> None:
        """Start the service over what the database has."""
        with self.app.app_context():
            db.session.remove()
            db.engine.dispose()
        self.started.start(**{f"LMS_{key.upper()}": value for key, value in self.settings.items()})

    @property
    def roots(self) -> list[int]:
        """The processes under which all of the service runs."""
        own = self.started.process
        return [*self.servers, *([own.pid] if own else [])]

    def ring(self, task: str, *args: object) -> None:
        """Ring for a task, as beat or the web would."""
        self.app.extensions["celery"].send_task(task, args=args)


@contextmanager
def installation(profile: str) -> Iterator[Installation]:
    """Yield the starter bank installed in *profile*; nothing runs but its servers."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="rounds-bench-")))
        started = Started(folder / "instance", free_port())
        settings = {"demo": "false", "log_level": "WARNING", "secret_key": "for a benchmark " * 3}
        servers: list[int] = []
        sink = None
        if profile == "service":
            sink = stack.enter_context(running_sink())
            settings |= _addresses(stack, folder, servers) | {
                "base_url": f"http://127.0.0.1:{started.port}",
                "smtp_url": f"smtp://127.0.0.1:{sink.port}",
                "mail_from": "Pain Rounds <rounds@example.org>",
            }
        app = create_app(
            Settings(
                instance=started.instance,
                port=started.port,
                **settings | {"demo": False, "log_level": "ERROR"},  # type: ignore[arg-type]
            )
        )
        app.extensions["celery"].set_default()
        with app.app_context():
            flask_migrate.upgrade()
            with transaction():
                ensure_tracks(blueprint())
                load_cases(None, starter_files(), now=utcnow())
        stack.callback(started.kill)
        yield Installation(profile, app, started, servers, settings, sink)
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


def _addresses(stack: ExitStack, folder: Path, servers: list[int]) -> dict[str, str]:
    """Start PostgreSQL and Valkey, and return how the service finds them."""
    postgres = stack.enter_context(durable_postgres())
    (folder / "valkey").mkdir()
    valkey = Valkey(folder / "valkey")
    valkey.start()
    stack.callback(valkey.stop)
    for server in (postgres, valkey):
        assert server.process is not None
        servers.append(server.process.pid)
    return {"profile": "service", "database_url": postgres.url(), "redis_url": valkey.url}
