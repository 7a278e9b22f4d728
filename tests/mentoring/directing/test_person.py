"""A fellow's page for directors: what is on record, and nothing of answers or scores."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from lms.core.audit import AuditEvent
from lms.core.clock import utcnow
from lms.core.db import db, transaction
from lms.mentoring.meetings.services import Talk, note_meeting, share
from lms.people.models import Role, User
from lms.program import allowing
from tests.factories import day_of, make_cohort, make_fellow, make_mentorship, make_user
from tests.progress.factories import PHARM, earned, take
from tests.reading import words
from tests.signin.helpers import counted

SignIn = Callable[[User], FlaskClient]


class Record:
    """A fellow of whom there is one of everything."""

    def __init__(self, app: Flask) -> None:
        now = utcnow()
        with app.app_context(), transaction():
            self.mentor = make_user(Role.MENTOR, name="Dr. Lena Hargrove")
            self.director = make_user(Role.DIRECTOR, name="Dr. Ines Kowalczyk")
            self.fellow = make_fellow("Dr. Amara Okafor")
            self.cohort = make_cohort(self.fellow, name="Class of 2027")
            self.cohort.ends_on = date(2090, 6, 30)
            make_mentorship(self.mentor, self.fellow)
            take(self.fellow, now - timedelta(days=9), {PHARM: earned(13, 17)}, title="Quiz 4")
            allowing.add_accommodation(
                self.director,
                self.fellow.id,
                percent=150,
                days=0,
                reason="A private reason.",
                starts_on=date(2026, 7, 1),
                ends_on=None,
                now=now,
            )
            allowing.add_leave(
                self.director,
                self.fellow.id,
                starts_on=date(2026, 8, 3),
                ends_on=date(2026, 8, 9),
                now=now,
            )
            today = day_of(now)
            talk = Talk(today - timedelta(days=3), notes="Between us.", agreed="To read on ESI.")
            self.meeting = note_meeting(self.mentor, self.fellow.id, talk, now=now).id
        self.app = app
        self.page = f"/people/{self.fellow.id}/training"


@pytest.fixture
def record(app: Flask) -> Record:
    return Record(app)


def test_a_director_reads_what_is_on_record(record: Record, signed_in: SignIn) -> None:
    page = words(signed_in(record.director).get(record.page))

    for said in (
        "Class of 2027",
        "Dr. Lena Hargrove",
        "Time × 1.5",
        "From Aug 3, 2026 until Aug 9, 2026",
        "Quiz 4",
        "with Dr. Lena Hargrove",
    ):
        assert said in page


def test_it_has_no_score_and_no_reason_for_more_time(record: Record, signed_in: SignIn) -> None:
    page = words(signed_in(record.director).get(record.page))

    assert "13 of 17" not in page
    assert "76" not in page
    assert "A private reason." not in page


def test_what_was_agreed_is_read_once_both_have_shared_it(
    record: Record, signed_in: SignIn
) -> None:
    director = signed_in(record.director)
    pages = [words(director.get(record.page))]
    for person in (record.mentor, record.fellow):
        with record.app.app_context(), transaction():
            share(person, record.meeting, True, now=utcnow())
        pages.append(words(director.get(record.page)))

    assert ["To read on ESI." in page for page in pages] == [False, False, True]
    assert not any("Between us." in page for page in pages)


def test_it_is_no_look_at_the_report(record: Record, signed_in: SignIn) -> None:
    signed_in(record.director).get(record.page)

    with record.app.app_context():
        actions = db.session.scalars(
            select(AuditEvent.action).where(AuditEvent.actor_id == record.director.id)
        ).all()
    assert "report.open" not in actions


@pytest.mark.parametrize("who", ["mentor", "fellow"])
def test_nobody_but_directors_opens_it(record: Record, signed_in: SignIn, who: str) -> None:
    assert signed_in(getattr(record, who)).get(record.page).status_code == 403


def test_of_who_is_no_fellow_there_is_none(record: Record, signed_in: SignIn) -> None:
    director = signed_in(record.director)

    assert director.get(f"/people/{record.mentor.id}/training").status_code == 404


def test_it_is_reached_from_where_a_fellow_is_named(record: Record, signed_in: SignIn) -> None:
    director = signed_in(record.director)

    for path in (
        f"/cohorts/{record.cohort.id}",
        f"/cohorts/{record.cohort.id}/progress",
        f"/people/{record.fellow.id}",
        "/memberships/1",
    ):
        assert f'href="{record.page}"' in director.get(path).text, path


def test_it_takes_as_many_statements_for_sixty_as_for_one(
    record: Record, signed_in: SignIn, app: Flask
) -> None:
    director, counts = signed_in(record.director), []
    for more in (0, 12):
        with app.app_context(), transaction():
            for number in range(more):
                make_cohort(record.fellow)
                make_mentorship(make_user(Role.MENTOR), record.fellow)
                day = utcnow() - timedelta(days=30 + number)
                take(record.fellow, day, {PHARM: earned(1, 2)}, title=f"Quiz {number}")
        with counted(app) as count:
            assert director.get(record.page).status_code == 200
        counts.append(count())

    assert counts[0] == counts[1]
    assert counts[0] <= 32
