"""`lms bank load` leaves a job with its report, which directors see."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from flask.testing import FlaskClient

from lms.cases import services
from lms.cases.cli import group
from lms.cases.models import StoredCase
from lms.core.db import db, transaction
from lms.jobs.models import Job, JobKind, JobState
from lms.jobs.reports import JobReport, LineOutcome
from lms.jobs.services import BROKE
from lms.people.models import Role, User
from tests.attempts.factories import choice_item
from tests.cases.texts import case_file
from tests.factories import make_user
from tests.program.test_pages import words


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a sound case and a file that is none."""
    name, text = case_file("a-sound-case", choice_item())
    (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / "broken.yaml").write_text("slug: [", encoding="utf-8")
    return tmp_path


def run(app: Flask, *given: str | Path) -> Result:
    with app.app_context():
        return CliRunner().invoke(group, ["load", *map(str, given)])


def jobs(app: Flask) -> list[Job]:
    with app.app_context():
        return list(db.session.scalars(db.select(Job).order_by(Job.id)))


def faculty(app: Flask) -> User:
    with app.app_context(), transaction():
        return make_user(Role.FACULTY, Role.DIRECTOR)


def test_a_load_leaves_a_job_that_says_what_was_taken_and_what_was_not(
    app: Flask, folder: Path
) -> None:
    person = faculty(app)

    first = run(app, folder, "--by", person.email)
    run(app, folder, "--by", person.email)

    assert first.exit_code == 1, "a file could not be read"
    done, again = jobs(app)
    assert (done.kind, done.state, done.progress) == (JobKind.LOAD, JobState.DONE, 1.0)
    assert (done.owner_id, done.shown_to) == (person.id, Role.DIRECTOR)
    lines = JobReport.of(done.report).lines
    assert [(line.what, line.outcome) for line in lines] == [
        ("a-sound-case", LineOutcome.TAKEN),
        (lines[1].what, LineOutcome.LEFT),
    ]
    assert "broken.yaml" in lines[1].what
    assert lines[1].said[0]
    counts = JobReport.of(again.report).counts
    assert counts == {LineOutcome.SAME: 1, LineOutcome.LEFT: 1}


def test_what_is_proposed_is_reported_as_such(app: Flask, folder: Path) -> None:
    run(app, folder)

    (job,) = jobs(app)
    assert job.owner_id is None
    line = JobReport.of(job.report).lines[0]
    assert line.said == ("Proposed. It reaches nobody until somebody publishes it.",)


def test_a_load_that_breaks_takes_nothing_and_leaves_a_job_that_says_so(
    app: Flask, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(services, "record_all", broken)

    result = run(app, folder)

    assert isinstance(result.exception, ZeroDivisionError)
    (job,) = jobs(app)
    assert (job.state, job.error) == (JobState.FAILED, BROKE)
    with app.app_context():
        assert db.session.scalars(db.select(StoredCase)).all() == []


def test_who_may_not_publish_is_told_so_and_so_says_the_job(app: Flask, folder: Path) -> None:
    with app.app_context(), transaction():
        fellow = make_user(Role.FELLOW)

    result = run(app, folder, "--by", fellow.email)

    (job,) = jobs(app)
    assert result.exit_code == 1
    assert job.state is JobState.FAILED
    assert job.error
    assert job.error in result.output


def test_a_director_sees_the_report_and_has_no_button_to_go_on(
    app: Flask, folder: Path, signed_in: Callable[[User], FlaskClient]
) -> None:
    person = faculty(app)
    run(app, folder)
    with app.app_context(), transaction():
        fellow = make_user(Role.FELLOW)
    run(app, folder, "--by", fellow.email)
    browser = signed_in(person)

    done, failed = (browser.get(f"/jobs/{number}") for number in (1, 2))
    listed = words(browser.get("/jobs"))

    assert "1 taken, 1 not taken." in words(done)
    assert "a-sound-case" in done.text
    assert listed.count("Load of the bank") == 2
    assert "It was not finished" in failed.text
    assert "Go on where it stopped" not in failed.text
