"""A fellow's calendar: the dates that hold for the fellow, for who knows the address."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from flask.testing import FlaskClient
from icalendar import Calendar, Event
from sqlalchemy import select, update

from lms.core.db import db, transaction
from lms.people.models import Role, User, UserRole
from lms.quizzes.models import Quiz
from lms.supervision import services as acts
from lms.supervision.calendar.events import calendar_file
from lms.supervision.calendar.models import CalendarLink
from lms.supervision.calendar.queries import in_calendar
from lms.supervision.calendar.services import make_address
from question_bank.terms import Grant
from tests.attempts.factories import begin, make_assignment
from tests.attempts.sitting import YEARS
from tests.factories import NOW, make_fellow, make_user
from tests.signin.helpers import token_of

SignIn = Callable[[User], FlaskClient]

DAY = timedelta(days=1)


def events_of(content: bytes) -> dict[str, Event]:
    """Return the events that a calendar program reads in *content*, by what they are called."""
    calendar = Calendar.from_ical(content)
    return {str(event["summary"]): event for event in calendar.walk("VEVENT")}


def read(fellow: User, now: datetime = NOW) -> dict[str, Event]:
    return events_of(
        calendar_file(
            in_calendar(fellow, now),
            name="Rounds",
            zone=fellow.time_zone,
            address_of="https://rounds.example/{}".format,
            now=now,
        )
    )


def starts(events: dict[str, Event]) -> dict[str, datetime]:
    return {name.split(":")[0]: event["dtstart"].dt for name, event in events.items()}


@pytest.mark.usefixtures("in_app")
def test_it_says_when_quizzes_are_due_and_close_also_before_they_open() -> None:
    with transaction():
        fellow = make_fellow()
        make_assignment(fellow, opens_in=DAY, due_in=3 * DAY, closes_in=5 * DAY)

    assert starts(read(fellow)) == {"Due": NOW + 3 * DAY, "Closes": NOW + 5 * DAY}


@pytest.mark.usefixtures("in_app")
def test_it_says_what_holds_for_this_fellow_alone() -> None:
    with transaction():
        fellow, other, director = make_fellow(), make_fellow(), make_user(Role.DIRECTOR)
        given = make_assignment(fellow, other, results_in=20 * DAY)
        grant = Grant(due_at=NOW + 6 * DAY, closes_at=NOW + 8 * DAY)
        acts.extend(director, given.id, fellow.id, grant=grant, reason="Duty", now=NOW)
        acts.accommodate(
            director, fellow.id, percent=200, reason="Note", starts_on=date(2026, 1, 1), now=NOW
        )

    own, of_other = read(fellow), read(other)
    described = str(next(iter(own.values()))["description"])

    assert starts(own) == {"Due": NOW + 6 * DAY, "Closes": NOW + 8 * DAY}
    assert starts(of_other) == {"Due": NOW + 3 * DAY, "Closes": NOW + 5 * DAY}
    assert "60 minutes for an attempt" in described
    assert "×" not in described, "who shares a calendar tells nobody of an accommodation"


@pytest.mark.usefixtures("in_app")
def test_what_was_taken_back_is_not_in_it() -> None:
    with transaction():
        fellow, director = make_fellow(), make_user(Role.DIRECTOR)
        given = make_assignment(fellow)
        acts.withdraw(director, given.id, now=NOW)

    assert read(fellow) == {}


@pytest.mark.usefixtures("in_app")
def test_what_is_handed_in_closes_no_more_and_leaves_after_some_time() -> None:
    fellow, _ = begin()
    later = NOW + 6 * DAY

    assert [name.split(":")[0] for name in read(fellow, later)] == ["Handed in"]
    assert read(fellow, later + timedelta(days=100)) == {}


@pytest.mark.usefixtures("in_app")
@pytest.mark.parametrize("zone", ["America/New_York", "Asia/Kathmandu", "Pacific/Auckland"])
def test_a_program_shows_the_same_moment_in_every_zone(zone: str) -> None:
    with transaction():
        fellow = make_user(Role.FELLOW, time_zone=zone)
        make_assignment(fellow)

    event = next(event for name, event in read(fellow).items() if name.startswith("Due"))
    there = (NOW + 3 * DAY).astimezone(ZoneInfo(zone))

    assert event["dtstart"].dt.astimezone(ZoneInfo(zone)) == there
    assert f"{there.hour % 12 or 12}:{there:%M %p}" in str(event["description"])


@pytest.mark.usefixtures("in_app")
def test_a_title_cannot_add_lines_of_its_own() -> None:
    with transaction():
        fellow = make_fellow()
        make_assignment(fellow)
        db.session.execute(update(Quiz).values(title="Pain; now,\r\nEND:VEVENT\r\nATTACH:x"))

    content = read(fellow)

    assert sorted(name.split(":")[0] for name in content) == ["Closes", "Due"]
    assert all("attach" not in event for event in content.values())


def ready(app: Flask, sign_in: SignIn) -> tuple[User, FlaskClient, int]:
    """Return a fellow, in a browser, who has a quiz that stays open for long, and its id."""
    with app.app_context(), transaction():
        fellow = make_fellow()
        given = make_assignment(fellow, due_in=YEARS, closes_in=YEARS + DAY)
        number = given.id
    return fellow, sign_in(fellow), number


def pressed_on(client: FlaskClient) -> str:
    """Press the button of the card, and return the path of the address that is shown then."""
    page = client.get("/settings")
    since = page.text.split('name="instead_of"')[1].split('value="')[1].split('"')[0]
    client.post("/settings/calendar", data={"csrf_token": token_of(page), "instead_of": since})
    return address_on(client)


def address_on(client: FlaskClient) -> str:
    return "/calendar/" + client.get("/settings").text.split("/calendar/")[1].split('"')[0]


def test_the_address_is_read_without_signing_in(app: Flask, signed_in: SignIn) -> None:
    _, client, _ = ready(app, signed_in)

    answer = app.test_client().get(pressed_on(client))

    assert answer.status_code == 200
    assert answer.mimetype == "text/calendar"
    assert sorted(name.split(":")[0] for name in events_of(answer.data)) == ["Closes", "Due"]


def test_a_new_address_ends_the_old_one(app: Flask, signed_in: SignIn) -> None:
    _, client, _ = ready(app, signed_in)

    old, new = pressed_on(client), pressed_on(client)

    assert old != new
    assert app.test_client().get(old).status_code == 404
    assert app.test_client().get(new).status_code == 200


def test_the_same_press_twice_makes_one_address(app: Flask, signed_in: SignIn) -> None:
    fellow, client, _ = ready(app, signed_in)
    pressed_on(client)
    with app.app_context():
        first = db.session.scalars(select(CalendarLink.made_at)).one()
        for seconds in (1, 2):
            with transaction():
                later = first + timedelta(seconds=seconds)
                make_address(fellow, instead_of=first, now=later)
        assert db.session.scalars(select(CalendarLink.made_at)).one() == first + timedelta(
            seconds=1
        )


@pytest.mark.parametrize("change", ["disabled", "no fellow"])
def test_who_is_no_fellow_any_more_has_no_calendar(
    app: Flask, signed_in: SignIn, change: str
) -> None:
    fellow, client, _ = ready(app, signed_in)
    address = pressed_on(client)
    with app.app_context(), transaction():
        if change == "disabled":
            db.session.execute(update(User).where(User.id == fellow.id).values(disabled_at=NOW))
        else:
            rows = update(UserRole).where(UserRole.user_id == fellow.id)
            db.session.execute(rows.values(role=Role.MENTOR))

    assert app.test_client().get(address).status_code == 404


@pytest.mark.parametrize("made_up", ["1.x", "x", "1", "99999999999.x", "1..", "%00.x"])
def test_a_made_up_address_is_nowhere(app: Flask, signed_in: SignIn, made_up: str) -> None:
    ready(app, signed_in)

    assert app.test_client().get(f"/calendar/{made_up}.ics").status_code == 404


def test_one_quiz_is_a_file_for_its_fellow_alone(app: Flask, signed_in: SignIn) -> None:
    _, client, number = ready(app, signed_in)
    with app.app_context(), transaction():
        stranger = make_fellow()

    own = client.get(f"/assignments/{number}/calendar.ics")

    assert len(events_of(own.data)) == 2
    assert f"/assignments/{number}/calendar.ics" in client.get(f"/assignments/{number}/begin").text
    assert signed_in(stranger).get(f"/assignments/{number}/calendar.ics").status_code == 404
