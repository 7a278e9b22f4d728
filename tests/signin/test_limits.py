from pathlib import Path

import pytest
from flask import Flask

from lms.app import create_app
from lms.config import Settings
from lms.core.db import Base, db
from lms.people.models import Role
from lms.signin import limits
from tests.signin.helpers import PASSWORD, person, send, sign_in, token_of


def tries(app: Flask, email: str, times: int, password: str = "not the password") -> list[int]:
    client = app.test_client()
    return [
        send(client, "/sign-in", {"email": email, "password": password}).status_code
        for _ in range(times)
    ]


def test_an_account_is_closed_for_a_while_after_ten_wrong_passwords(app: Flask) -> None:
    user = person(app, Role.FELLOW)

    statuses = tries(app, user.email, 11)

    assert statuses == [422] * 10 + [429]
    assert tries(app, user.email.upper(), 1, PASSWORD) == [429]
    assert tries(app, "other@example.org", 1) == [422]


def test_a_network_is_slowed_down_whatever_account_it_tries(app: Flask) -> None:
    client = app.test_client()
    data = {"csrf_token": token_of(client.get("/sign-in")), "password": "not the password"}

    statuses = [
        client.post("/sign-in", data={**data, "email": f"p{number}@example.org"}).status_code
        for number in range(101)
    ]

    assert statuses == [422] * 100 + [429]


def test_signing_in_as_one_should_is_never_slowed_down(app: Flask) -> None:
    user = person(app, Role.FELLOW)

    for _ in range(12):
        sign_in(app, user)


def test_the_present_password_cannot_be_guessed_either(app: Flask) -> None:
    client = sign_in(app, person(app, Role.FELLOW))
    data = {"current": "wrong wrong wrong", "password": PASSWORD, "again": PASSWORD}

    statuses = [
        send(client, "/settings/password", data, at="/settings").status_code for _ in range(11)
    ]

    assert statuses == [422] * 10 + [429]


def test_nobody_gets_mails_without_end(app: Flask) -> None:
    statuses = [
        send(app.test_client(), "/forgot", {"email": "x@example.org"}).status_code for _ in range(6)
    ]

    assert statuses == [200] * 5 + [429]


def test_looking_at_a_form_counts_for_nothing(app: Flask) -> None:
    client = app.test_client()

    assert {client.get("/sign-in").status_code for _ in range(130)} == {200}


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("nonsense", "unknown"),
        ("", "unknown"),
    ],
)
def test_a_network_is_an_address_or_what_one_host_cannot_leave(
    app: Flask, address: str, network: str
) -> None:
    with app.test_request_context(environ_base={"REMOTE_ADDR": address}):
        assert limits.network() == network


def test_counters_that_are_away_lock_nobody_out_and_break_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in vars(limits.limiter).items():
        monkeypatch.setattr(limits.limiter, name, value)  # put back after the second application
    app = create_app(
        Settings(instance=tmp_path, secret_key="test", redis_url="redis://127.0.0.1:1/0")
    )
    with app.app_context():
        Base.metadata.create_all(db.engine)
    user = person(app, Role.FELLOW)

    assert tries(app, user.email, 11) == [422] * 10 + [429]
    assert tries(app, "other@example.org", 1) == [422]
    other = person(app, Role.FELLOW)
    assert sign_in(app, other).get("/settings").status_code == 200
