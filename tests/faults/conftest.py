"""The service's real processes in both profiles, to be broken."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import count

import flask_migrate
import pytest
from flask import Flask

from lms.app import create_app
from lms.attempts import services
from lms.attempts.models import Attempt, AttemptState
from lms.config import Settings
from lms.core.clock import utcnow
from lms.core.db import db, transaction
from lms.people.models import User
from lms.signin import sessions
from tests.attempts.factories import make_assignment
from tests.attempts.sitting import YEARS
from tests.factories import NOW, make_fellow, make_track
from tests.faults.remote import Remote
from tests.services import wait_for
from tests.services.postgres import Postgres
from tests.services.processes import Service
from tests.services.valkey import Valkey
from tests.test_serve import Started

_serial = count(1)


@dataclass
class Stage:
    """The service's processes, and an application over the same database to look at it."""

    service: Service
    app: Flask

    def attempt(self) -> tuple[User, int]:
        """Return a fellow, and a running attempt that lasts for years."""
        with self.app.app_context(), transaction():
            fellow = make_fellow()
            assignment = make_assignment(fellow, closes_in=YEARS, due_in=YEARS, time_limit=None)
            attempt = services.start_attempt(fellow, assignment.id, now=NOW)
            return fellow, attempt.id

    def submitted(self) -> int:
        """Return an attempt handed in a minute ago, whose bell nobody heard."""
        _, attempt_id = self.attempt()
        with self.app.app_context(), transaction():
            ago = utcnow() - timedelta(minutes=1)
            db.session.execute(
                db.update(Attempt)
                .where(Attempt.id == attempt_id)
                .values(state=AttemptState.SUBMITTED, submitted_at=ago, submitted_by="fellow")
            )
        return attempt_id

    def remote(self, fellow: User) -> Remote:
        """Return a browser in which *fellow* is signed in."""
        with self.app.app_context(), transaction():
            secret = sessions.start(fellow, browser="test", now=utcnow())
        client = self.app.test_client()
        with client.session_transaction(base_url=self.service.url) as session:
            session["_user_id"] = secret
        cookie = client.get_cookie("session", domain="127.0.0.1")
        assert cookie is not None
        remote = Remote(self.service.port, cookie.value)
        remote.sign_up()
        return remote

    def find(self, attempt_id: int) -> Attempt:
        """Return an attempt as it is now."""
        with self.app.app_context():
            return db.session.get_one(Attempt, attempt_id)

    def rewind(self, attempt_id: int) -> None:
        """Let a minute pass for an attempt: what waits for a moment has waited enough."""
        past = utcnow() - timedelta(minutes=1)
        with self.app.app_context(), transaction():
            db.session.execute(
                db.update(Attempt)
                .where(Attempt.id == attempt_id)
                .values(submitted_at=past, grade_after=past)
            )

    def ring(self, task: str, *args: int) -> None:
        """Ring for a task, as beat or the web would."""
        self.app.extensions["celery"].send_task(task, args=args)

    def wait_until_graded(self, *attempt_ids: int, seconds: float = 30) -> None:
        """Wait for the grades."""
        wait_for(
            lambda: all(self.find(each).state is AttemptState.GRADED for each in attempt_ids),
            f"the grades of {attempt_ids}; the worker says {self.service.log('worker')[-2000:]}",
            seconds,
        )


def stage_of(service: Service, **settings: str) -> Iterator[Stage]:
    """Yield a stage over an empty, migrated database."""
    service.settings = {"demo": "false", "log_level": "WARNING"} | settings
    app = create_app(
        Settings(
            instance=service.instance,
            port=service.port,
            base_url=service.url,
            **{"demo": False, "log_level": "ERROR"} | settings,
        )
    )
    with app.app_context():
        flask_migrate.upgrade()
    yield Stage(service, app)
    for process in list(service.running):
        service.kill(process)
    with app.app_context():
        db.engine.dispose()


def in_service(postgres: Postgres, valkey: Valkey) -> dict[str, str]:
    """Return the settings of the service profile with a database of its own."""
    name = f"faults_{next(_serial)}"
    postgres.create(name)
    return {
        "profile": "service",
        "database_url": postgres.url(name),
        "redis_url": valkey.url,
        "secret_key": "for tests only, and long enough to be taken",
    }


@pytest.fixture(params=["embedded", "service"])
def stage(request: pytest.FixtureRequest, service: Service) -> Iterator[Stage]:
    """Each profile in turn."""
    settings = {}
    if request.param == "service":
        servers = (request.getfixturevalue(name) for name in ("postgres", "valkey"))
        settings = in_service(*servers)
    yield from stage_of(service, **settings)


def served_by(service: Service, **settings: str) -> Iterator[Stage]:
    """Yield a stage on which `lms serve` has started all processes."""
    for stage in stage_of(service, **settings):
        with stage.app.app_context(), transaction():
            make_track()  # so that the start loads no bank
        supervisor = Started(service.instance, service.port)
        try:
            supervisor.start(**service.environment())
            yield stage
        finally:
            supervisor.kill()


@pytest.fixture
def served(service: Service) -> Iterator[Stage]:
    """The embedded profile as `lms serve` starts it."""
    yield from served_by(service)


@pytest.fixture
def networked(service: Service, postgres: Postgres, valkey: Valkey) -> Iterator[Stage]:
    """The service profile alone."""
    yield from stage_of(service, **in_service(postgres, valkey))


@pytest.fixture
def own_postgres() -> Iterator[Postgres]:
    """A PostgreSQL server for one test, which may break it."""
    server = Postgres()
    try:
        server.start()
        yield server
    finally:
        server.stop()
