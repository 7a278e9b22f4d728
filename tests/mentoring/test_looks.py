"""A fellow sees who opened the own report, and when."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from lms.core.audit import AuditEvent
from lms.core.db import db, transaction
from lms.mentoring.looks import OPENED, SHOWN, latest_looks, note_look
from lms.people.models import Role, User
from tests.factories import make_fellow, make_mentorship, make_user
from tests.reading import words

NOON = datetime(2026, 11, 24, 17, tzinfo=UTC)


def pair(name: str = "Dr. Leonora Hart", **facts: str) -> tuple[User, User]:
    with transaction():
        mentor, fellow = make_user(Role.MENTOR, name=name, **facts), make_fellow("Dr. Amina Diallo")
        make_mentorship(mentor, fellow)
    return mentor, fellow


@pytest.mark.parametrize("role", [Role.MENTOR, Role.DIRECTOR])
def test_the_fellow_sees_who_opened_the_report(app: Flask, signed_in, role: Role) -> None:
    with app.app_context():
        reader, fellow = pair()
        if role is Role.DIRECTOR:
            with transaction():
                reader = make_user(role, name="Dr. Leonora Hart")
    before = words(signed_in(fellow).get("/progress"))

    signed_in(reader).get(f"/fellows/{fellow.id}")

    after = words(signed_in(fellow).get("/progress"))
    assert "Nobody so far." in before
    assert "Dr. Leonora Hart, " in after


def test_who_may_not_open_it_is_not_said_to_have(app: Flask, signed_in) -> None:
    with app.app_context():
        _, fellow = pair()
        with transaction():
            stranger = make_user(Role.MENTOR)

    assert signed_in(stranger).get(f"/fellows/{fellow.id}").status_code == 404
    with app.app_context():
        assert latest_looks(fellow.id) == []


@pytest.mark.parametrize(
    ("zone", "hours", "count"),
    [
        ("America/New_York", 11, 1),
        ("America/New_York", 13, 2),
        ("Asia/Tokyo", 21, 1),
        ("Asia/Tokyo", 23, 2),
    ],
)
def test_a_reader_is_named_once_for_each_of_the_own_days(
    in_app: Flask, zone: str, hours: int, count: int
) -> None:
    mentor, fellow = pair(time_zone=zone)

    for now in (NOON, NOON + timedelta(hours=hours)):
        note_look(mentor, fellow.id, now=now)

    assert len(latest_looks(fellow.id)) == count


def test_what_one_does_oneself_is_no_look(in_app: Flask) -> None:
    _, fellow = pair()

    note_look(fellow, fellow.id, now=NOON)

    assert latest_looks(fellow.id) == []


def test_the_latest_looks_are_shown_and_all_are_on_record(in_app: Flask) -> None:
    mentor, fellow = pair()

    for day in range(SHOWN + 3):
        note_look(mentor, fellow.id, now=NOON + timedelta(days=day))

    shown = [look.at for look in latest_looks(fellow.id)]
    assert shown == [NOON + timedelta(days=day) for day in reversed(range(3, SHOWN + 3))]
    kept = db.session.scalars(db.select(AuditEvent).filter_by(action=OPENED)).all()
    assert len(kept) == SHOWN + 3
