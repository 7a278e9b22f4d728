"""A roster that is imported as a job does what an import at once does, and says so row by row."""

import pytest
from flask import Flask
from sqlalchemy import select

from lms.app import create_app
from lms.config import Settings
from lms.core.audit import AuditEvent
from lms.core.clock import utcnow
from lms.core.db import db, transaction
from lms.core.errors import Invalid
from lms.jobs import tasks
from lms.jobs.models import Job, JobState
from lms.jobs.reports import JobReport, LineOutcome
from lms.people.models import Role, User
from lms.program.models import Cohort, Membership, Mentorship
from lms.rosters import importing_by_steps
from lms.rosters.importing_by_steps import ask_for_import
from tests.factories import make_cohort, make_user
from tests.rosters.test_import import HEAD, ROSTER, TODAY, roster_of, rows, run
from tests.services import wait_for
from tests.services.processes import Service


@pytest.fixture
def cohort(in_app: Flask) -> Cohort:
    with transaction():
        return make_cohort(name="Class of 2027")


def asked(text: str) -> int:
    with transaction():
        director = make_user(Role.DIRECTOR)
        now = utcnow()
        return ask_for_import(director, text, time_zone="America/New_York", on=TODAY, now=now).id


def carried_out(job_id: int) -> Job:
    while True:
        tasks.run(job_id)
        job = read(job_id)
        if job.state in (JobState.DONE, JobState.FAILED):
            return job


def read(job_id: int) -> Job:
    db.session.rollback()
    job = db.session.get(Job, job_id, populate_existing=True)
    assert job is not None
    return job


def bonds() -> list[set[tuple[object, ...]]]:
    """Return who is in the program, in which cohort, and with whom, by address."""
    person, mentor = db.aliased(User), db.aliased(User)
    people = select(User.email, User.name, User.time_zone).where(~User.email.like("person%"))
    members = select(person.email, Membership.starts_on, Membership.ends_on).join(
        person, person.id == Membership.fellow_id
    )
    pairs = (
        select(person.email, mentor.email, Mentorship.starts_on)
        .join(person, person.id == Mentorship.fellow_id)
        .join(mentor, mentor.id == Mentorship.mentor_id)
    )
    return [{tuple(row) for row in db.session.execute(each)} for each in (people, members, pairs)]


@pytest.mark.parametrize("at_once", [1, 2, 50])
def test_by_steps_the_same_comes_about_as_at_once(
    cohort: Cohort, at_once: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing_by_steps, "AT_ONCE", at_once)
    job = carried_out(asked(ROSTER))
    by_steps = bonds()

    again = run(ROSTER)

    assert job.state is JobState.DONE
    assert [len(each) for each in by_steps] == [3, 2, 2]
    assert (again.count("import"), again.count("known")) == (0, 3), "nothing was left to do"
    assert bonds() == by_steps


def test_the_report_says_of_each_row_what_was_done_or_why_not(
    cohort: Cohort, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing_by_steps, "AT_ONCE", 3)

    first, second = (JobReport.of(carried_out(asked(ROSTER)).report) for _ in range(2))

    assert [(line.what, line.outcome, line.detail) for line in first.lines] == [
        ("Line 2, Dr. Amara Okafor", LineOutcome.TAKEN, "amara@example.org"),
        ("Line 3, Dr. Ruth Hargrove", LineOutcome.TAKEN, "ruth@example.org"),
        ("Line 4, Dr. Daniel Reyes", LineOutcome.TAKEN, "daniel@example.org"),
        ("Line 5, Dr. Bad", LineOutcome.LEFT, "bad@example.org"),
    ]
    assert first.lines[0].said == (
        "Invite as fellow.",
        "Add to Class of 2027 from Nov 25, 2026.",
        "Start with mentor ruth@example.org from Nov 25, 2026.",
    )
    assert first.lines[3].said == (
        "cohort: There is no cohort “Class of 1999”. Create it first, or correct the name.",
    )
    assert [line.outcome for line in second.lines] == [LineOutcome.SAME] * 3 + [LineOutcome.LEFT]
    events = db.session.scalars(
        select(AuditEvent.after).where(AuditEvent.action == "roster.import").order_by(AuditEvent.id)
    ).all()
    assert events == [
        {"imported": 3, "left": 1, "known": 0},
        {"imported": 0, "left": 1, "known": 3},
    ]


def test_two_who_mentor_each_other_are_taken_one_row_a_step(
    cohort: Cohort, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing_by_steps, "AT_ONCE", 1)
    text = HEAD + (
        "Dr. A,a@example.org,mentor fellow,,,,,b@example.org,\n"
        "Dr. B,b@example.org,mentor fellow,,,,,a@example.org,\n"
    )

    carried_out(asked(text))

    assert {pair[:2] for pair in bonds()[2]} == {
        ("a@example.org", "b@example.org"),
        ("b@example.org", "a@example.org"),
    }


def test_a_row_whose_mentor_was_disabled_between_two_steps_is_left_and_says_what_was_done(
    cohort: Cohort,
) -> None:
    with transaction():
        make_user(Role.MENTOR, email="ruth@example.org", name="Dr. Ruth Hargrove")
    job_id = asked(HEAD + "Dr. A,a@example.org,fellow,,,,,ruth@example.org,\n")
    tasks.run(job_id)
    with transaction():
        ruth = db.session.scalars(select(User).where(User.email == "ruth@example.org")).one()
        ruth.disabled_at = utcnow()

    report = JobReport.of(carried_out(job_id).report)

    (line,) = report.lines
    assert line.outcome is LineOutcome.LEFT
    assert line.said == (
        "Invite as fellow.",
        "mentor_email (mentor’s address): Dr. Ruth Hargrove is not an active mentor.",
    )


def test_a_row_whose_cohort_was_made_between_two_steps_is_taken(in_app: Flask) -> None:
    job_id = asked(ROSTER)
    tasks.run(job_id)
    with transaction():
        make_cohort(name="Class of 2027")

    job = carried_out(job_id)

    assert (job.state, [len(each) for each in bonds()]) == (JobState.DONE, [3, 2, 2])
    assert JobReport.of(job.report).lines[0].said == (
        "Invite as fellow.",
        "Add to Class of 2027 from Nov 25, 2026.",
        "Start with mentor ruth@example.org from Nov 25, 2026.",
    )


def test_a_row_whose_mentor_was_enabled_between_two_steps_is_taken(cohort: Cohort) -> None:
    with transaction():
        ruth = make_user(Role.MENTOR, email="ruth@example.org", name="Dr. Ruth Hargrove")
        ruth.disabled_at = utcnow()
    job_id = asked(HEAD + "Dr. A,a@example.org,fellow,,,,,ruth@example.org,\n")
    tasks.run(job_id)
    with transaction():
        db.session.execute(db.update(User).values(disabled_at=None))

    job = carried_out(job_id)

    assert job.state is JobState.DONE
    assert {pair[:2] for pair in bonds()[2]} == {("a@example.org", "ruth@example.org")}


@pytest.mark.parametrize("steps", range(1, 8))
def test_whenever_what_rows_wait_for_is_made_the_import_ends_and_says_what_it_did(
    in_app: Flask, monkeypatch: pytest.MonkeyPatch, steps: int
) -> None:
    monkeypatch.setattr(importing_by_steps, "AT_ONCE", 1)
    late = "Class of 2027"
    job_id = asked(
        HEAD
        + f"Dr. A,a@example.org,fellow,,{late},,,b@example.org,\n"
        + f"Dr. B,b@example.org,mentor fellow,,{late},,,,\n"
        + "Dr. C,c@example.org,fellow,,,,,b@example.org,\n"
        + f"Dr. D,d@example.org,mentor fellow,,{late},,,c@example.org b@example.org,\n"
    )
    for _ in range(steps):
        tasks.run(job_id)
    with transaction():
        make_cohort(name=late)

    job = carried_out(job_id)

    report = JobReport.of(job.report)
    people, members, pairs = bonds()
    said = [sentence.split()[0] for line in report.lines for sentence in line.said]
    assert job.state is JobState.DONE
    assert [said.count(word) for word in ("Invite", "Add", "Start")] == [
        len(people), len(members), len(pairs),
    ]  # fmt: skip


def test_each_step_is_short_and_says_how_far_the_import_is(
    cohort: Cohort, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing_by_steps, "AT_ONCE", 10)
    job_id = asked(roster_of(20, 0))
    seen = []

    for _ in range(8):
        tasks.run(job_id)
        seen.append((read(job_id).progress, rows()[0] - 1))

    assert [progress for progress, _ in seen] == [number / 8 for number in range(1, 9)]
    assert [people for _, people in seen] == [10, 20, 30, 40, 40, 40, 40, 40]


def test_a_roster_that_cannot_be_read_or_has_no_row_makes_no_trouble(cohort: Cohort) -> None:
    with pytest.raises(Invalid, match="email"):
        asked("name\nx")

    job = carried_out(asked("email\n"))

    assert (job.state, job.progress) == (JobState.DONE, 1.0)


def test_a_column_that_was_left_out_is_remarked_once(cohort: Cohort) -> None:
    report = JobReport.of(carried_out(asked("email,phone\nx@example.org,1\n")).report)

    assert report.remarks == ["The column “phone” is not known and is left out."]


def test_a_worker_of_its_own_carries_a_job_out(service: Service) -> None:
    service.command("database", "upgrade")
    app = create_app(Settings(instance=service.instance, base_url=service.url))
    with app.app_context():
        with transaction():
            make_cohort(name="Class of 2027")
        service.start_worker()
        job_id = asked(ROSTER)

        wait_for(lambda: read(job_id).state is JobState.DONE, "the end of the job", 60)

        assert [len(each) for each in bonds()] == [3, 2, 2]
        db.session.remove()
        db.engine.dispose()
