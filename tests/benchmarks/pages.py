"""Every page that can be opened, by everybody who may: what one opening costs."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from time import process_time
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from lms.core.clock import utcnow
from lms.core.db import db, transaction
from lms.operations import mailbox_door
from lms.people.queries import user_by_email
from lms.signin import sessions
from tests.journeys.contents import PEOPLE
from tests.journeys.visits import BROKEN, Visit, visits_of

BESIDES = (
    Visit("taking.status", "/attempts/{running}/status", "fellow"),
    Visit("supervision.now", "/assignments/{assignment}/now", "faculty"),
    Visit("rosters.export", "/cohorts/{cohort}/roster.csv", "director"),
    Visit("exporting.scores", "/assignments/{assignment}/scores.csv", "director"),
)
"""What pages ask for besides, and files: visits are to pages alone."""


@dataclass(frozen=True)
class Opening:
    """A page as somebody opens it."""

    view: str
    address: str
    who: str

    def __str__(self) -> str:
        return f"{self.address} ({self.who})"


def openings(app: Flask, arguments: dict[str, Any]) -> dict[Opening, str]:
    """Return each page with each role that may open it, and its address over the site's data."""
    every = [*visits_of(app), *((visit, visit.who) for visit in BESIDES)]
    return {
        Opening(visit.view, visit.address, who): visit.address.format(**arguments)
        for visit, who in every
        if not visit.press and visit.view not in (BROKEN, "no such page") and visit.status == 200
    }


def sign_in(app: Flask, now: datetime) -> dict[str, FlaskClient]:
    """Return a browser for everybody the site knows, and one for nobody in particular."""
    browsers = {"nobody": app.test_client()}
    with app.app_context():
        browsers["nobody"].set_cookie(mailbox_door.COOKIE, mailbox_door.DOOR.secret())
    for who, email in PEOPLE.items():
        browsers[who] = app.test_client()
        with app.app_context(), transaction():
            user = user_by_email(email)
            assert user is not None
            secret = sessions.start(user, browser="bench", now=now)
        with browsers[who].session_transaction() as session:
            session["_user_id"] = secret
    return browsers


def opened(
    app: Flask, arguments: dict[str, Any], times: int
) -> Iterator[tuple[Opening, float, int]]:
    """Yield each page, the least ms of CPU it took, with the database's, and its bytes."""
    browsers, used = sign_in(app, utcnow()), _clock(app)
    for opening, address in openings(app, arguments).items():
        browser = browsers[opening.who]
        size = len(open_page(browser, address))  # what is kept from then on is not measured
        costs = []
        for _ in range(times):
            began = used()
            open_page(browser, address)
            costs.append(used() - began)
        yield opening, 1000 * min(costs), size


def open_page(browser: FlaskClient, address: str) -> bytes:
    """Return what a page is made of."""
    page = browser.get(address)
    assert page.status_code < 400, (address, page.status_code)
    return page.data


def _clock(app: Flask) -> Callable[[], float]:
    """Return what says how many seconds of CPU this process has used, and its database."""
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            return process_time
        spent = Path(f"/proc/{db.session.scalar(text('SELECT pg_backend_pid()'))}/schedstat")
    return lambda: process_time() + int(spent.read_text().split()[0]) / 1e9
