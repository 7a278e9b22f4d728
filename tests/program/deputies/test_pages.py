"""The page on which a deputy is named: who may open it, what it says, what it does."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from lms.core.clock import local, utcnow
from lms.core.db import transaction
from lms.people.models import Role, User
from lms.program.deputies.queries import stand_ins
from tests.factories import make_cohort, make_fellow, make_mentorship, make_user
from tests.reading import place_of, words
from tests.signin.helpers import send

SignIn = Callable[[User], FlaskClient]

YEARS_LATER = date(2090, 6, 30)


class Site:
    def __init__(self, app: Flask, signed_in: SignIn) -> None:
        with app.app_context(), transaction():
            self.away = make_user(Role.MENTOR, name="Dr. Lena Hargrove")
            self.deputy = make_user(Role.MENTOR, name="Dr. Ben Calloway")
            self.director = make_user(Role.DIRECTOR)
            self.fellow = make_fellow("Dr. Amara Okafor")
            self.cohort = make_cohort(self.fellow)
            self.cohort.ends_on = YEARS_LATER
            make_mentorship(self.away, self.fellow)
        self.app, self.signed_in = app, signed_in
        self.page = f"/people/{self.away.id}/away"

    def today(self) -> date:
        return local(utcnow(), self.away.time_zone).date()

    def data(self, **more: object) -> dict[str, object]:
        last = self.today() + timedelta(days=20)
        return {
            "deputy_id": self.deputy.id,
            "fellows": [self.fellow.id],
            "starts_on": self.today().isoformat(),
            "ends_on": last.isoformat(),
        } | more


@pytest.fixture
def site(app: Flask, signed_in: SignIn) -> Site:
    return Site(app, signed_in)


def test_a_mentor_names_a_deputy_and_ends_it(site: Site) -> None:
    mentor = site.signed_in(site.away)

    done = send(mentor, site.page, site.data())

    assert place_of(done) == site.page
    page = words(mentor.get(site.page))
    assert "Dr. Ben Calloway Now" in page
    assert "Dr. Ben Calloway stands in for you until" in words(mentor.get("/fellows"))
    mails = words(mentor.get("/digests"))
    assert "Dr. Ben Calloway stands in for you until" in mails
    assert "The next one comes" not in mails
    with site.app.app_context():
        (found,) = stand_ins(site.away.id, site.today())

    ended = send(mentor, f"{site.page}/{found.id}/end", {}, at=site.page)

    assert place_of(ended) == site.page
    assert "Who stands in" not in words(mentor.get(site.page))


def test_a_deputy_reads_for_whom_and_how_long_and_can_act(site: Site) -> None:
    send(site.signed_in(site.director), site.page, site.data())
    deputy = site.signed_in(site.deputy)

    assert "You stand in for Dr. Lena Hargrove until" in words(deputy.get("/fellows"))
    for path in ("", "/meetings/new", "/goals/new"):
        assert deputy.get(f"/fellows/{site.fellow.id}{path}").status_code == 200


def test_directors_see_who_stands_in_where_they_see_who_mentors(site: Site) -> None:
    director = site.signed_in(site.director)
    send(director, site.page, site.data())

    said = "Dr. Ben Calloway stands in for Dr. Lena Hargrove until"
    for path in (f"/cohorts/{site.cohort.id}", f"/cohorts/{site.cohort.id}/progress"):
        assert said in words(director.get(path))
    assert "Dr. Ben Calloway stands in from" in words(director.get("/memberships/1"))
    roster = director.get(f"/cohorts/{site.cohort.id}/roster.csv").text
    assert site.deputy.email not in roster
    assert site.away.email in roster


def test_another_mentors_page_is_not_there(site: Site) -> None:
    deputy = site.signed_in(site.deputy)

    assert deputy.get(site.page).status_code == 404
    assert deputy.get(f"/people/{site.fellow.id}/away").status_code == 404


def test_what_is_wrong_is_said_at_its_field(site: Site) -> None:
    mentor = site.signed_in(site.away)

    nobody = send(mentor, site.page, site.data(deputy_id="", fellows=[]))
    late = send(mentor, site.page, site.data(starts_on="2026-01-01"))

    assert nobody.status_code == late.status_code == 422
    assert "Choose a deputy." in nobody.text
    assert "Choose at least one fellow." in nobody.text
    assert "That day is over." in late.text


def test_a_deputy_who_was_changed_meanwhile_is_not_ended(site: Site) -> None:
    mentor = site.signed_in(site.away)
    send(mentor, site.page, site.data())
    with site.app.app_context(), transaction():
        (found,) = stand_ins(site.away.id, site.today())
        found.rows[0].ends_on += timedelta(days=1)
    address = f"{site.page}/{found.id}/end"
    stale = {"sight": "nonsense"}

    assert send(mentor, address, stale, at=site.page).status_code == 409
