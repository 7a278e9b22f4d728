"""How fast may be tried: what is counted, for whom and from where, and for how long."""

from datetime import datetime, timedelta
from threading import Barrier, Thread

import pytest
from flask import Flask
from sqlalchemy import select

from lms.core.db import db, transaction
from lms.core.networks import network
from lms.people.models import Role
from lms.signin import known_devices, throttle
from lms.signin.models import KnownDevice, Throttle, TryKind
from lms.signin.throttle import Origin, Pace, TooManyTries
from tests.factories import NOW, make_user
from tests.signin.helpers import PASSWORD, person, send, sign_in, token_of

WRONG = "not the password"

DAY = timedelta(days=1)


def counted(
    place: str = "192.0.2.7",
    *,
    email: str = "a@example.org",
    kind: TryKind = TryKind.PASSWORD,
    now: datetime = NOW,
) -> throttle.Try | None:
    """Count a try; None: it is not to be made."""
    try:
        with transaction():
            return throttle.count_try(kind, email, Origin(place), now=now)
    except TooManyTries:
        return None


def wait(place: str, now: datetime) -> timedelta:
    """Return how long from *now* nothing may be tried."""
    until = db.session.scalars(
        select(Throttle.next_try_at).where(Throttle.network == place, Throttle.account != "")
    )
    return until.one() - now


def test_the_wait_doubles_with_each_try_up_to_a_bound(in_app: Flask) -> None:
    now, waits = NOW, []
    for _ in range(18):
        assert counted(now=now)
        waits.append(wait("192.0.2.7", now) // timedelta(seconds=1))
        now += timedelta(seconds=waits[-1])

    assert waits[:9] == [0] * 9
    assert waits[9:] == [30, 60, 120, 240, 480, 900, 900, 900, 900]


def test_what_comes_too_soon_is_neither_made_nor_counted(in_app: Flask) -> None:
    for _ in range(10):
        assert counted()
    before = rows()

    assert counted(now=NOW + timedelta(seconds=29)) is None
    assert rows() == before
    assert counted(now=NOW + timedelta(seconds=30))


def rows() -> list[tuple[object, ...]]:
    return [tuple(row) for row in db.session.execute(select(*Throttle.__table__.columns))]


def test_people_who_sign_in_at_the_same_time_do_not_hold_one_another_up(
    in_app: Flask,
) -> None:
    moments = [NOW, NOW - timedelta(milliseconds=40), NOW + timedelta(milliseconds=10), NOW]

    made = [counted(email=f"p{n}@example.org", now=now) for n, now in enumerate(moments)]
    with transaction():
        throttle.give_back(made[2], now=moments[2])

    assert all(made)
    assert counted(email="late@example.org", now=NOW)


def test_a_wait_that_a_wrong_clock_has_set_holds_nobody_up(in_app: Flask) -> None:
    for _ in range(10):
        assert counted(now=NOW + 300 * DAY)

    assert counted(now=NOW)


def test_a_try_that_succeeds_is_given_back(in_app: Flask) -> None:
    for _ in range(9):
        assert counted()
    tried = counted()
    assert tried
    with transaction():
        throttle.give_back(tried, now=NOW)

    assert sorted(row.failures for row in db.session.scalars(select(Throttle))) == [9, 9]
    assert all(counted() for _ in range(10))


def test_what_failed_counts_for_a_day_and_is_then_removed(in_app: Flask) -> None:
    for _ in range(10):
        assert counted()
    later = NOW + DAY + timedelta(hours=1)

    assert counted(now=later)
    assert wait("192.0.2.7", later) == timedelta()

    with transaction():
        throttle.forget_old(now=later + DAY)
    assert rows() == []


def test_an_address_tried_from_everywhere_is_slowed_down_for_unknown_devices(
    in_app: Flask,
) -> None:
    made = [counted(f"192.0.2.{number % 50}") for number in range(150)]

    assert made.index(None) == 100
    with transaction():
        tried = throttle.count_try(
            TryKind.PASSWORD, "a@example.org", Origin("192.0.2.7", 1), now=NOW
        )
    assert tried.scopes[0][1] == "device 1"


def test_a_network_that_tries_everybody_is_slowed_down(in_app: Flask) -> None:
    made = [counted(email=f"p{number}@example.org") for number in range(150)]

    assert made.index(None) == 100
    assert counted("198.51.100.9")


def test_mails_of_one_network_are_counted_apart_from_anothers(in_app: Flask) -> None:
    made = [counted(kind=TryKind.MAIL) for _ in range(6)]

    assert made.index(None) == 5
    assert all(counted(f"203.0.113.{number}", kind=TryKind.MAIL) for number in range(200))


@pytest.mark.again(20)
def test_of_many_tries_at_once_as_many_are_made_as_may_be(app: Flask) -> None:
    start, made = Barrier(16), []

    def race() -> None:
        with app.app_context():
            start.wait()
            made.append(counted())
            db.session.remove()

    threads = [Thread(target=race) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert len(made) == 16
    assert sum(each is not None for each in made) == 10


def test_the_pace_names_the_wait_from_each_number_of_failures_on() -> None:
    minute = timedelta(minutes=1)

    assert Pace(3, minute, 5 * minute).steps == {
        3: minute,
        4: 2 * minute,
        5: 4 * minute,
        6: 5 * minute,
    }


def test_the_page_says_how_long_to_wait_and_what_works_meanwhile(app: Flask) -> None:
    user, client = person(app, Role.FELLOW), app.test_client()
    for _ in range(10):
        send(client, "/sign-in", {"email": user.email, "password": WRONG})

    page = send(client, "/sign-in", {"email": user.email.upper(), "password": PASSWORD})

    assert page.status_code == 429
    assert "Nothing was looked at; try again in" in page.text
    assert "have one mailed" in page.text
    assert 0 < int(page.headers["Retry-After"]) <= 30


def test_signing_in_as_one_should_is_never_slowed_down(app: Flask) -> None:
    user = person(app, Role.FELLOW)

    for _ in range(12):
        sign_in(app, user)


def test_the_present_password_cannot_be_guessed_either(app: Flask) -> None:
    client = sign_in(app, person(app, Role.FELLOW))
    data = {"current": "wrong wrong wrong", "password": PASSWORD, "again": PASSWORD}

    pages = [send(client, "/settings/password", data, at="/settings") for _ in range(11)]

    assert [page.status_code for page in pages] == [422] * 10 + [429]
    assert "try again in" in pages[-1].text
    assert 0 < int(pages[-1].headers.get("Retry-After", 0)) <= 30


def test_looking_at_a_form_counts_for_nothing(app: Flask) -> None:
    client = app.test_client()

    assert {client.get("/sign-in").status_code for _ in range(130)} == {200}
    with app.app_context():
        assert rows() == []


def test_a_device_is_known_to_the_person_who_was_in_it_and_for_a_time(in_app: Flask) -> None:
    with transaction():
        owner, other = make_user(Role.FELLOW), make_user(Role.FELLOW)
        secret = known_devices.get_to_know(owner.id, None, now=NOW)

    def known(email: str, now: datetime = NOW) -> bool:
        return known_devices.device_of(email, secret, now=now) is not None

    assert known(owner.email.upper())
    assert not known(other.email)
    assert not known(owner.email, NOW + known_devices.KNOWN_FOR)
    with transaction():
        assert known_devices.get_to_know(other.id, secret, now=NOW) == secret
    assert known(other.email)
    with transaction():
        known_devices.forget_all(owner.id)
        known_devices.forget_old(now=NOW + known_devices.KNOWN_FOR)
    assert db.session.scalars(select(KnownDevice)).all() == []


def test_a_cookie_that_we_did_not_give_makes_no_known_device(app: Flask) -> None:
    user, client = person(app, Role.FELLOW), app.test_client()
    client.set_cookie("device", "chosen by somebody else")

    send(client, "/sign-in", {"email": user.email, "password": PASSWORD})

    given = client.get_cookie("device")
    assert given is not None
    assert given.http_only
    with app.app_context():
        assert known_devices.device_of(user.email, given.value, now=NOW) is not None
        chosen = known_devices.device_of(user.email, "chosen by somebody else", now=NOW)
    assert chosen is None


def test_the_token_of_another_form_counts_for_nothing(app: Flask) -> None:
    client = app.test_client()
    token_of(client.get("/sign-in"))

    page = client.post("/sign-in", data={"email": "a@example.org", "password": WRONG})

    assert page.status_code == 403
    with app.app_context():
        assert rows() == []


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("192.0.2.7:4711", "192.0.2.7"),
        ("[2001:db8:1:2::1]:4711", "2001:db8:1:2::/64"),
        ("[2001:db8:1:2::1]", "2001:db8:1:2::/64"),
        ("[nonsense]:80", "unknown"),
        ("nonsense", "unknown"),
        ("", "unknown"),
    ],
)
def test_a_network_is_an_address_or_what_one_host_cannot_leave(
    app: Flask, address: str, expected: str
) -> None:
    with app.test_request_context(environ_base={"REMOTE_ADDR": address}):
        assert network() == expected
