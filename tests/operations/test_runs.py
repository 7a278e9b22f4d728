"""What directors see of the tasks that workers ran."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from lms.core.clock import utcnow
from lms.core.db import transaction
from lms.core.run_log import hour_of
from lms.people.models import Role
from tests.factories import make_user
from tests.reading import words

PAGE = "/records/runs"


@pytest.fixture
def director(app: Flask, signed_in):
    with app.app_context(), transaction():
        user = make_user(Role.DIRECTOR)
    return signed_in(user)


def note(app: Flask, task: str, outcome: str, ms: int | None, minutes: int) -> None:
    at = utcnow() - timedelta(minutes=minutes)
    facts = {"task": task, "outcome": outcome, "ms": ms, "at": int(at.timestamp())}
    app.extensions["runs"].append(hour_of(at), json.dumps(facts) + "\n")


def test_each_job_is_told_in_a_line(app: Flask, director) -> None:
    for outcome, ms in (("done", 340), ("done", 12_420), ("refused", 20), ("crashed", None)):
        note(app, "attempts.grade", outcome, ms, 5)
    note(app, "mail.sweep", "retried", 7, 30)

    page = words(director.get(PAGE))

    assert "attempts.grade 4 2 1 1 0 340 ms 12.4 s" in page
    assert "mail.sweep 1 0 0 0 1 7 ms 7 ms" in page
    assert 'href="/records/runs"' in director.get("/records").text


def test_where_no_worker_runs_the_page_says_so(director) -> None:
    assert "Nothing ran" in words(director.get(PAGE))


def test_the_page_says_that_the_figures_are_away(app: Flask, director) -> None:
    folder = Path(app.instance_path) / "broker" / "runs"
    note(app, "mail.sweep", "done", 7, 0)
    for file in folder.iterdir():
        file.unlink()
        file.mkdir()  # a file that cannot be read, whoever asks

    page = director.get(PAGE)

    assert page.status_code == 200
    assert "The figures cannot be read now" in words(page)
