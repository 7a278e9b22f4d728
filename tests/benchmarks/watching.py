"""What it costs to renew who is where with a quiz of 60 fellows, in ms of CPU.

`python -m tests.benchmarks.watching`
"""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from time import process_time

import click
import flask_migrate
from flask.testing import FlaskClient

from lms.app import create_app
from lms.config import Settings
from lms.core.clock import utcnow
from lms.core.db import transaction
from lms.people.models import Role
from lms.signin import sessions
from tests.factories import make_user
from tests.supervision.whereabouts import MINUTE, begin, make_ward

FELLOWS = 60


def main() -> None:
    """Ask for the live part as a director and as faculty, anew and with the tag of what is so."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/watched.sqlite"
        app = create_app(
            Settings(
                instance=Path(folder),
                database_url=url,
                secret_key="for a benchmark only",
                log_level="ERROR",
            )
        )
        with app.app_context():
            flask_migrate.upgrade()
            now = utcnow()
            with transaction():
                names = [f"{number:02}" for number in range(FELLOWS)]
                ward = make_ward(now, *names)
                for name in names[:-6]:
                    begin(ward, name, now - 3 * MINUTE, answered=2)
        for role in (Role.DIRECTOR, Role.FACULTY):
            browser = app.test_client()
            with app.app_context(), transaction():
                secret = sessions.start(make_user(role), browser="benchmark", now=now)
            with browser.session_transaction() as session:
                session["_user_id"] = secret
            for said, spent in measured(browser, f"{ward.page}/now"):
                click.echo(f"{role}, {said}: {spent:.0f} ms")


def measured(browser: FlaskClient, address: str) -> Iterator[tuple[str, float]]:
    """Yield what was asked for, and what it took in the median."""
    tag = browser.get(address).headers["ETag"]
    for said, headers in (("drawn anew", {}), ("nothing new", {"If-None-Match": tag})):
        taken = []
        for _ in range(15):
            start = process_time()
            browser.get(address, headers=headers)
            taken.append(1000 * (process_time() - start))
        yield said, median(taken)


if __name__ == "__main__":
    main()
