"""The pages of jobs: how far one is, what it did, and to whom that is shown."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from lms.core.clock import utcnow
from lms.core.db import db, transaction
from lms.jobs import services, tasks
from lms.jobs.models import Job, JobState
from lms.people.models import Role, User
from lms.rosters import importing_by_steps
from lms.rosters.importing_by_steps import ask_for_import
from tests.factories import make_cohort, make_user
from tests.program.test_pages import words
from tests.reading import place_of
from tests.rosters.test_import import ROSTER, TODAY

SignIn = Callable[[User], FlaskClient]


@pytest.fixture
def director(app: Flask, monkeypatch: pytest.MonkeyPatch) -> User:
    """Who has asked for the import of a roster, which takes four steps."""
    monkeypatch.setattr(importing_by_steps, "AT_ONCE", 2)
    with app.app_context(), transaction():
        make_cohort(name="Class of 2027")
        owner = make_user(Role.DIRECTOR)
        ask_for_import(owner, ROSTER, time_zone="UTC", on=TODAY, now=utcnow())
    return owner


def take(app: Flask, steps: int) -> None:
    for _ in range(steps):
        with app.app_context():
            tasks.run(1)


def someone(app: Flask, role: Role) -> User:
    with app.app_context(), transaction():
        return make_user(role)


def test_the_page_says_how_far_it_is_and_then_what_it_did(
    app: Flask, director: User, signed_in: SignIn
) -> None:
    browser, pages = signed_in(director), []

    for steps in (0, 1, 3):
        take(app, steps)
        pages.append(words(browser.get("/jobs/1")))

    waiting, running, done = pages
    assert "Waiting for a worker 0 % done." in waiting
    assert "Under way 25 % done." in running
    assert "3 imported, 1 not imported." in done
    assert "Line 2, Dr. Amara Okafor" in done
    assert "Invite as fellow. Add to Class of 2027" in done
    assert "There is no cohort “Class of 1999”." in done
    assert "Roster import" in words(browser.get("/jobs"))


def test_a_script_can_ask_how_far_it_is(app: Flask, director: User, signed_in: SignIn) -> None:
    browser = signed_in(director)
    take(app, 1)

    assert browser.get("/jobs/1/status").json == {"state": "running", "progress": 0.25}


@pytest.mark.parametrize("role", [Role.FELLOW, Role.MENTOR, Role.FACULTY])
def test_nobody_else_finds_it(app: Flask, director: User, signed_in: SignIn, role: Role) -> None:
    browser = signed_in(someone(app, role))

    for address in ("/jobs/1", "/jobs/1/status", "/jobs/987"):
        assert browser.get(address).status_code == 404
    form = browser.get("/settings").text
    sent = browser.post("/jobs/1", data={"csrf_token": token_in(form)})
    assert sent.status_code == 404
    assert "No job yet" in browser.get("/jobs").text


def token_in(page: str) -> str:
    return page.split('name="csrf_token"')[1].split('value="')[1].split('"', maxsplit=1)[0]


def test_jobs_are_among_the_records_of_a_director(
    app: Flask, director: User, signed_in: SignIn
) -> None:
    page = signed_in(director).get("/jobs/1").text

    assert 'href="/records" aria-current="page"' in page


def test_another_director_sees_an_import(app: Flask, director: User, signed_in: SignIn) -> None:
    take(app, 4)

    page = signed_in(someone(app, Role.DIRECTOR)).get("/jobs/1")

    assert "3 imported" in page.text


def test_one_that_failed_says_why_and_has_a_button_to_go_on(
    app: Flask, director: User, signed_in: SignIn
) -> None:
    take(app, 1)
    with app.app_context(), transaction():
        values = {"state": JobState.FAILED, "error": services.STOPPED, "ended_at": utcnow()}
        db.session.execute(db.update(Job).values(**values))
    browser = signed_in(director)
    page = browser.get("/jobs/1").text

    answer = browser.post("/jobs/1", data={"csrf_token": token_in(page)})
    take(app, 3)

    assert "It was not finished" in page
    assert services.STOPPED in page
    assert place_of(answer) == "/jobs/1"
    assert "3 imported, 1 not imported." in words(browser.get("/jobs/1"))


def test_a_button_that_comes_too_late_leads_back_to_the_job_and_says_so(
    app: Flask, director: User, signed_in: SignIn
) -> None:
    take(app, 4)
    browser = signed_in(director)
    token = token_in(browser.get("/jobs").text)

    answer = browser.post("/jobs/1", data={"csrf_token": token})

    assert place_of(answer) == "/jobs/1"
    assert "This job does not wait to be tried again." in words(browser.get("/jobs/1"))


def test_a_report_that_is_not_kept_any_more_is_said_to_be(
    app: Flask, director: User, signed_in: SignIn
) -> None:
    take(app, 4)
    with app.app_context(), transaction():
        services.sweep(now=utcnow() + services.KEPT + timedelta(seconds=1))

    page = words(signed_in(director).get("/jobs/1"))

    assert "The report is not kept any more Reports are kept for 30 days." in page
    assert "Amara" not in page
