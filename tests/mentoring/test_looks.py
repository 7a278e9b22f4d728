"""A fellow sees who opened the own report, and when."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from lms.core.audit import record
from lms.core.db import transaction
from lms.mentoring.looks import OPENED, PAGE, looks_at, note_look
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
        assert looks_at(fellow, 1).items == []


@pytest.mark.parametrize(
    ("zone", "hours", "count"),
    [
        pytest.param("America/New_York", 14, 1, id="before midnight"),
        pytest.param("America/New_York", 16, 2, id="after midnight"),
        pytest.param("Asia/Tokyo", 2, 1, id="two days of the reader, one of the fellow"),
        pytest.param("Asia/Tokyo", 23, 2, id="two days of both"),
    ],
)
def test_a_reader_is_named_once_for_each_day_of_the_fellow(
    in_app: Flask, zone: str, hours: int, count: int
) -> None:
    mentor, fellow = pair(time_zone=zone)
    nine = NOON - timedelta(hours=3)

    for now in (nine, nine + timedelta(hours=hours)):
        note_look(mentor, fellow.id, now=now)

    shown = looks_at(fellow, 1).items
    assert len(shown) == count
    assert shown[-1].at == nine


def test_two_loads_at_once_name_a_reader_once(in_app: Flask) -> None:
    mentor, fellow = pair()
    second, _ = pair(mentor.name)
    with transaction():
        for reader in (mentor, mentor, second):
            record(reader, OPENED, "report", fellow.id, now=NOON)

    assert [look.name for look in looks_at(fellow, 1)] == [mentor.name, second.name]


def test_what_one_does_oneself_is_no_look(in_app: Flask) -> None:
    _, fellow = pair()

    note_look(fellow, fellow.id, now=NOON)

    assert looks_at(fellow, 1).items == []


def test_every_look_is_shown_the_latest_first(in_app: Flask) -> None:
    mentor, fellow = pair()

    for day in range(PAGE + 3):
        note_look(mentor, fellow.id, now=NOON + timedelta(days=day))

    shown = [look.at for page in (1, 2) for look in looks_at(fellow, page)]
    assert shown == [NOON + timedelta(days=day) for day in reversed(range(PAGE + 3))]


def test_the_card_leads_to_earlier_looks(app: Flask, signed_in) -> None:
    with app.app_context():
        mentor, fellow = pair()
        for day in range(PAGE + 1):
            note_look(mentor, fellow.id, now=NOON + timedelta(days=day))
    browser = signed_in(fellow)

    first = browser.get("/progress")

    assert 'href="/progress?page=2#looks"' in first.text
    assert "Leonora Hart, Tue Nov 24" not in words(first)
    assert "Leonora Hart, Tue Nov 24" in words(browser.get("/progress?page=2"))
