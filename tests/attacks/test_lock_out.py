"""A stranger tries passwords and asks for mails without end; the owner still gets in."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from lms.app import create_app
from lms.core.clock import utcnow
from lms.core.db import db, transaction
from lms.core.mail import Message
from lms.people.models import Role, User
from lms.signin import setting_passwords
from tests.signin.helpers import PASSWORD, is_in, person, send, sign_in

HOME, AWAY = "192.0.2.7", "198.51.100.9"

ANOTHER = "another lamp by the sea"


def browser_at(app: Flask, address: str) -> FlaskClient:
    """Return a browser that nobody has been in, in the network of *address*."""
    client = app.test_client()
    client.environ_base["REMOTE_ADDR"] = address
    return client


def tries(client: FlaskClient, email: str, times: int, password: str = "wrong") -> list[int]:
    data = {"email": email, "password": password}
    at = "/settings" if is_in(client) else ""
    return [send(client, "/sign-in", data, at=at).status_code for _ in range(times)]


def attack(app: Flask, email: str, address: str) -> None:
    """Try wrong passwords from a network until they are not looked at any more."""
    assert tries(browser_at(app, address), email, 11)[-1] == 429


def signed_out(app: Flask, user: User, address: str) -> FlaskClient:
    """Return a browser in which *user* was, and has signed out."""
    client = browser_at(app, address)
    assert tries(client, user.email, 1, PASSWORD) == [302]
    send(client, "/sign-out", {}, at="/settings")
    return client


def test_tries_in_another_network_keep_no_owner_out(app: Flask) -> None:
    user = person(app, Role.FELLOW)

    attack(app, user.email, AWAY)

    assert tries(browser_at(app, HOME), user.email, 1, PASSWORD) == [302]


def test_a_device_in_which_a_person_has_been_lets_in_whatever_is_tried(app: Flask) -> None:
    user = person(app, Role.FELLOW)
    known = signed_out(app, user, HOME)

    attack(app, user.email, HOME)

    assert tries(known, user.email, 1, PASSWORD) == [302]


def test_a_mailed_link_lets_in_whatever_is_tried_and_makes_the_device_known(app: Flask) -> None:
    user = person(app, Role.FELLOW)
    attack(app, user.email, HOME)
    with app.app_context(), transaction():
        path = setting_passwords.reset_link(user.email, now=utcnow())
    client = browser_at(app, HOME)

    page = send(client, path, {"password": ANOTHER, "again": ANOTHER})

    assert page.status_code == 302
    send(client, "/sign-out", {}, at="/settings")
    assert tries(client, user.email, 1, ANOTHER) == [302]


def test_mails_that_a_stranger_asks_for_use_up_none_of_the_owners(app: Flask) -> None:
    user = person(app, Role.FELLOW)

    def asked(address: str) -> int:
        return send(browser_at(app, address), "/forgot", {"email": user.email}).status_code

    assert [asked(AWAY) for _ in range(6)] == [200] * 5 + [429]
    assert asked(HOME) == 200


def test_a_link_that_a_stranger_has_mailed_ends_none_that_the_owner_has(app: Flask) -> None:
    user = person(app, Role.FELLOW)
    with app.app_context(), transaction():
        path = setting_passwords.reset_link(user.email, now=utcnow())
        setting_passwords.request_reset(user.email, now=utcnow())

    assert browser_at(app, HOME).get(path).status_code == 200
    page = send(browser_at(app, HOME), path, {"password": ANOTHER, "again": ANOTHER})

    assert page.status_code == 302


def test_counts_are_still_there_after_a_restart(app: Flask) -> None:
    user = person(app, Role.FELLOW)
    attack(app, user.email, AWAY)

    restarted = create_app(app.extensions["settings"])

    assert tries(browser_at(restarted, AWAY), user.email, 1, PASSWORD) == [429]
    with restarted.app_context():
        db.session.remove()
        db.engine.dispose()


def test_the_tries_of_who_is_signed_in_count_for_the_account_that_is_tried(app: Flask) -> None:
    one, two = person(app, Role.FELLOW), person(app, Role.FELLOW)
    client = sign_in(app, person(app, Role.FELLOW))

    for user in (one, two):
        assert tries(client, user.email, 10) == [422] * 10
    assert tries(client, one.email, 1) == [429]


@pytest.mark.parametrize("known", [True, False])
def test_asking_for_a_mail_does_not_look_whether_there_is_such_an_account(
    app: Flask, known: bool
) -> None:
    """So that the time which the answer takes cannot tell."""
    email = person(app, Role.FELLOW).email if known else "nobody@example.org"

    page = send(browser_at(app, HOME), "/forgot", {"email": email})

    assert page.status_code == 200
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Message)) == 0, "not yet written"
