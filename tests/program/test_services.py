from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.exc import IntegrityError

from lms.core.audit import AuditEvent
from lms.core.db import db, transaction
from lms.core.errors import Invalid, NotFound, Refusal
from lms.people.models import Role, User
from lms.program import queries, services
from lms.program.models import Cohort, Membership, Mentorship, Track
from question_bank.blueprint import Blueprint, parse_blueprint
from tests.factories import NOW, make_cohort, make_fellow, make_mentorship, make_track, make_user

JULY, MAY, NOVEMBER = date(2026, 7, 1), date(2027, 5, 31), date(2026, 11, 25)


@pytest.fixture
def director(in_app: Flask) -> User:
    with transaction():
        return make_user(Role.DIRECTOR)


def actions() -> list[str]:
    return list(db.session.scalars(db.select(AuditEvent.action).order_by(AuditEvent.id)))


def create(director: User, **other: Any) -> Cohort:
    with transaction():
        track = make_track("ipm")
        facts: dict[str, Any] = {
            "track_id": track.id,
            "name": " Class  of 2027 ",
            "starts_on": JULY,
            "ends_on": date(2027, 6, 30),
        }
        return services.create_cohort(director, **(facts | other), now=NOW)


def test_a_cohort_is_created_and_audited(director: User) -> None:
    cohort = create(director)

    assert cohort.name == "Class of 2027"
    assert actions() == ["cohort.create"]


@pytest.mark.parametrize(
    ("other", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "x" * 81}, "name"),
        ({"name": "a\x00"}, "name"),
        ({"name": "CLASS OF 2027"}, "name"),
        ({"track_id": 987_654}, "track_id"),
        ({"ends_on": JULY}, "ends_on"),
        ({"ends_on": date(2026, 6, 30)}, "ends_on"),
    ],
)
def test_a_cohort_that_cannot_be_is_refused(
    director: User, other: dict[str, Any], field: str
) -> None:
    create(director)

    with pytest.raises(Invalid) as refused:
        create(director, **({"name": "Another"} | other))

    assert refused.value.field == field


def test_two_tracks_may_have_a_cohort_of_one_name(director: User) -> None:
    create(director)
    with transaction():
        other = make_track("fm")

    assert create(director, track_id=other.id).name == "Class of 2027"


def test_a_fellow_joins_and_leaves(director: User) -> None:
    with transaction():
        fellow = make_fellow()
        cohort = make_cohort()
        member = services.add_member(director, cohort.id, fellow.id, starts_on=JULY, now=NOW)
    with transaction():
        services.end_membership(director, member.id, ends_on=NOVEMBER, now=NOW)

    assert [one.id for one in queries.members_of(cohort.id, NOVEMBER)] == [fellow.id]
    assert queries.members_of(cohort.id, date(2026, 11, 26)) == []
    assert actions() == ["membership.start", "membership.end"]


def test_who_left_can_come_back_and_nobody_is_in_twice(director: User) -> None:
    with transaction():
        fellow = make_fellow()
        cohort = make_cohort()
        first = services.add_member(director, cohort.id, fellow.id, starts_on=JULY, now=NOW)

    with pytest.raises(Refusal, match="from Jul 1, 2026 already"), transaction():
        services.add_member(director, cohort.id, fellow.id, starts_on=NOVEMBER, now=NOW)
    with transaction():
        services.end_membership(director, first.id, ends_on=date(2026, 9, 30), now=NOW)
        services.add_member(director, cohort.id, fellow.id, starts_on=NOVEMBER, now=NOW)

    assert len(queries.memberships(cohort.id)) == 2


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "field"),
    [
        (date(2026, 6, 30), None, "starts_on"),
        (date(2027, 7, 1), None, "starts_on"),
        (NOVEMBER, JULY, "ends_on"),
        (NOVEMBER, date(2027, 7, 1), "ends_on"),
    ],
)
def test_a_membership_lies_within_the_days_of_the_cohort(
    director: User, starts_on: date, ends_on: date | None, field: str
) -> None:
    with transaction():
        fellow = make_fellow()
        cohort = make_cohort()

    with pytest.raises(Invalid) as refused, transaction():
        services.add_member(
            director, cohort.id, fellow.id, starts_on=starts_on, ends_on=ends_on, now=NOW
        )

    assert refused.value.field == field


def test_only_an_active_fellow_joins_and_only_an_existing_cohort(director: User) -> None:
    with transaction():
        mentor, gone, fellow = make_user(Role.MENTOR), make_fellow(), make_fellow()
        gone.disabled_at = NOW
        cohort = make_cohort()

    for user_id in (mentor.id, gone.id, 987_654):
        with pytest.raises(Invalid), transaction():
            services.add_member(director, cohort.id, user_id, starts_on=JULY, now=NOW)
    with pytest.raises(NotFound), transaction():
        services.add_member(director, 987_654, fellow.id, starts_on=JULY, now=NOW)


def test_a_mentor_looks_after_a_fellow_until_the_last_day(director: User) -> None:
    with transaction():
        mentor, fellow = make_user(Role.MENTOR), make_fellow()
        bond = services.start_mentorship(
            director, mentor_id=mentor.id, fellow_id=fellow.id, starts_on=JULY, now=NOW
        )
    assert queries.may_mentor_see(mentor.id, fellow.id, MAY)

    with transaction():
        services.end_mentorship(director, bond.id, ends_on=NOVEMBER, now=NOW)

    assert queries.may_mentor_see(mentor.id, fellow.id, NOVEMBER)
    assert not queries.may_mentor_see(mentor.id, fellow.id, date(2026, 11, 26))
    assert actions() == ["mentorship.start", "mentorship.end"]


def test_a_mentorship_that_cannot_be_is_refused(director: User) -> None:
    with transaction():
        mentor, fellow = make_user(Role.MENTOR, Role.FELLOW), make_fellow()
        make_mentorship(mentor, fellow)
    both = {"mentor_id": mentor.id, "fellow_id": fellow.id}

    for other, wrong in (
        ({}, Refusal),
        ({"fellow_id": mentor.id}, Invalid),
        ({"mentor_id": fellow.id, "fellow_id": mentor.id}, Invalid),
        ({"mentor_id": director.id}, Invalid),
        ({"mentor_id": 987_654}, Invalid),
        ({"fellow_id": director.id}, Invalid),
    ):
        with pytest.raises(wrong), transaction():
            services.start_mentorship(director, **(both | other), starts_on=JULY, now=NOW)


def test_what_ended_is_not_made_longer_and_not_ended_before_it_began(director: User) -> None:
    with transaction():
        mentor, fellow = make_user(Role.MENTOR), make_fellow()
        bond = make_mentorship(mentor, fellow, ends_on=NOVEMBER)

    with pytest.raises(Refusal, match="already"), transaction():
        services.end_mentorship(director, bond.id, ends_on=MAY, now=NOW)
    with pytest.raises(Invalid, match="began on Jul 1, 2026"), transaction():
        services.end_mentorship(director, bond.id, ends_on=date(2026, 6, 30), now=NOW)
    with pytest.raises(NotFound), transaction():
        services.end_mentorship(director, 987_654, ends_on=MAY, now=NOW)

    assert db.session.get_one(Mentorship, bond.id).ends_on == NOVEMBER


def blueprint() -> Blueprint:
    root = Path(__file__).resolve().parents[2]
    return parse_blueprint((root / "question_bank/content/blueprint.yaml").read_text("utf-8"))


def test_the_tracks_of_the_blueprint_are_made_once_and_renamed(in_app: Flask) -> None:
    with transaction():
        db.session.add(Track(slug="ipm", name="Old name"))
    for _ in range(2):
        with transaction():
            services.ensure_tracks(blueprint())

    assert [track.slug for track in queries.tracks()] == ["fm", "ipm"]
    assert queries.tracks()[1].name != "Old name"


def test_the_database_itself_forbids_what_cannot_be(in_app: Flask) -> None:
    with transaction():
        one = make_user(Role.MENTOR, Role.FELLOW)
        cohort = make_cohort()

    for row in (
        Mentorship(mentor_id=one.id, fellow_id=one.id, starts_on=JULY),
        Membership(cohort_id=cohort.id, fellow_id=one.id, starts_on=MAY, ends_on=JULY),
        Cohort(track_id=cohort.track_id, name="x", starts_on=MAY, ends_on=JULY),
    ):
        with pytest.raises(IntegrityError), transaction():
            db.session.add(row)


def test_a_mentorship_begun_today_by_mistake_is_undone_at_once(director: User) -> None:
    with transaction():
        mentor, fellow = make_user(Role.MENTOR), make_fellow()
        bond = services.start_mentorship(
            director, mentor_id=mentor.id, fellow_id=fellow.id, starts_on=NOVEMBER, now=NOW
        )
    assert queries.may_mentor_see(mentor.id, fellow.id, NOVEMBER)

    for _ in range(2):
        with transaction():
            services.remove_mentorship(director, bond.id, on=NOVEMBER, now=NOW)

    assert not queries.may_mentor_see(mentor.id, fellow.id, NOVEMBER)
    assert actions() == ["mentorship.start", "mentorship.remove"]


def test_a_mentorship_of_an_earlier_day_is_not_undone(director: User) -> None:
    with transaction():
        bond = make_mentorship(make_user(Role.MENTOR), make_fellow())

    with pytest.raises(Refusal, match="End it instead"), transaction():
        services.remove_mentorship(director, bond.id, on=NOVEMBER, now=NOW)

    assert db.session.get(Mentorship, bond.id) is not None
