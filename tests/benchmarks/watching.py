"""What it costs to renew who is where with a quiz of 60 fellows."""

from collections.abc import Iterator
from statistics import median
from time import process_time

from flask.testing import FlaskClient

from lms.core.clock import utcnow
from lms.core.db import transaction
from lms.people.models import Role
from lms.signin import sessions
from tests.benchmarks.figures import Figure, Size
from tests.benchmarks.in_one_process import application
from tests.factories import make_user
from tests.supervision.whereabouts import MINUTE, begin, make_ward

FELLOWS = 60


def measure(size: Size) -> Iterator[Figure]:
    """Ask for the live part as a director and as faculty, anew and with the tag of what is so."""
    with application("sqlite") as app:
        now = utcnow()
        with app.app_context(), transaction():
            names = [f"{number:02}" for number in range(size.of(FELLOWS, 12))]
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
                yield Figure(f"{role}, {said}", spent, "ms", "sqlite")


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
