"""What an attempt costs the server, in milliseconds of CPU: `python -m tests.benchmarks.attempt`.

One process, no network, SQLite in a folder that is thrown away; the numbers are for comparing
one version with the next on the same machine.
"""

import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

import flask_migrate
from flask import Flask
from flask.testing import FlaskClient

from lms.app import create_app
from lms.cases.content import starter_files
from lms.cases.services import load_cases
from lms.config import Settings
from lms.core.clock import utcnow
from lms.core.db import transaction
from lms.grading import tasks
from lms.people.models import User
from lms.program.models import Cohort
from lms.quizzes.assembling import services as quizzes
from lms.quizzes.assigning.services import AssignmentTerms, assign
from lms.signin import sessions
from tests.factories import make_cohort, make_fellow, make_user
from tests.taking.pages import Fellow

ITEMS = 20


ATTEMPTS = 30


def main() -> None:
    """Take a quiz of twenty items again and again, and print the medians."""
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(Settings(instance=Path(folder), secret_key="bench", log_level="ERROR"))
        with app.app_context():
            flask_migrate.upgrade()
            with transaction():
                load_cases(None, starter_files(), now=utcnow())
            fellows = prepare()
        spent: dict[str, list[float]] = {}
        for fellow in fellows:
            take(app, fellow, spent)
    for name, times in spent.items():
        print(f"{name:28} {median(times):7.2f} ms  n={len(times)}")  # noqa: T201


def prepare() -> list[User]:
    """Return fellows of a cohort that a drawn quiz is assigned to."""
    with transaction():
        fellows = [make_fellow() for _ in range(ATTEMPTS)]
        cohort: Cohort = make_cohort(*fellows)
        faculty = make_user()
        quiz = quizzes.create_quiz(faculty, title="Bench", now=utcnow())
        quizzes.fill_by_blueprint(faculty, quiz.id, cohort_id=cohort.id, items=ITEMS, now=utcnow())
        now = utcnow()
        terms = AssignmentTerms(
            now - timedelta(hours=1), now + timedelta(days=1), now + timedelta(days=2)
        )
        assign(faculty, quiz.id, cohort_id=cohort.id, terms=terms, now=now)
    return fellows


def timed(spent: dict[str, list[float]], name: str, work: Callable[[], Any]) -> Any:
    """Run *work* and note the CPU it took."""
    start = time.process_time()
    done = work()
    spent.setdefault(name, []).append((time.process_time() - start) * 1000)
    return done


def take(app: Flask, user: User, spent: dict[str, list[float]]) -> None:
    """Take the quiz once, through the pages."""
    fellow = Fellow(sign_in(app, user))
    timed(spent, "home", lambda: fellow.get("/home"))
    begun = timed(spent, "start", lambda: fellow.post("/assignments/1/begin"))
    url = begun.headers["Location"].partition("/cases/")[0]
    attempt_id = int(url.rpartition("/")[2])
    timed(spent, "view a case", lambda: fellow.get(f"{url}/cases/1"))
    for position in range(1, ITEMS + 1):
        packet = {"tab": "bench", "seq": position, "controls": {"answer": ["0"]}}
        where = f"{url}/items/{position}"
        timed(spent, "save an answer", partial(fellow.send, where, **packet))
    timed(spent, "submit", lambda: fellow.post(f"{url}/submit"))
    with app.app_context():
        timed(spent, "grade", lambda: tasks.grade(attempt_id))
    timed(spent, "result with every reason", lambda: fellow.get(f"{url}/result"))


def sign_in(app: Flask, user: User) -> FlaskClient:
    """Return a browser in which *user* is signed in."""
    with app.app_context(), transaction():
        secret = sessions.start(user, browser="bench", now=utcnow())
    client = app.test_client()
    with client.session_transaction() as session:
        session["_user_id"] = secret
    return client


if __name__ == "__main__":
    main()
