"""Behind a proxy everybody comes from this machine: no address opens anything, none is guessed."""

from pathlib import Path

import pytest
from flask import Flask

from lms.app import create_app
from lms.config import Settings
from lms.core.clock import utcnow
from lms.core.db import transaction
from lms.people.models import Role
from lms.signin import setting_passwords
from tests.factories import make_user

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def test_who_comes_from_this_machine_reads_no_reset_link_in_the_mailbox(app: Flask) -> None:
    """As everybody does behind a plain `proxy_pass`, which adds no header."""
    with app.app_context(), transaction():
        victim = make_user(Role.DIRECTOR)
        setting_passwords.request_reset(victim.email, now=utcnow())
    client = app.test_client()
    client.environ_base["REMOTE_ADDR"] = "127.0.0.1"

    statuses = {client.get(path).status_code for path in ("/mailbox", "/mailbox/1")}

    assert statuses == {404}


@pytest.fixture
def folder(app: Flask) -> Path:
    """The folder of an instance that another application can be made in."""
    return Path(app.instance_path)


def status(
    folder: Path, *, base_url: str, proxies: int, path: str = "/sign-in", **headers: str
) -> int:
    settings = Settings(
        instance=folder, base_url=base_url, proxies=proxies, secret_key="tests only"
    )
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    client = create_app(settings).test_client()
    return client.get(path, base_url=base_url.replace("https", "http"), headers=named).status_code


@pytest.mark.parametrize(
    "header", ["X_Forwarded_For", "X_Real_IP", "Forwarded", "X_Forwarded_Proto", "X_Forwarded_Host"]
)
def test_what_a_proxy_relays_that_the_settings_do_not_name_is_refused(
    folder: Path, header: str
) -> None:
    sent = {header: "203.0.113.7"}

    assert status(folder, base_url="http://localhost", proxies=0) == 200
    assert status(folder, base_url="http://localhost", proxies=0, **sent) == 400
    assert status(folder, base_url="http://localhost", proxies=0, path="/healthz", **sent) == 200


def test_where_browsers_use_tls_a_request_without_came_through_a_proxy(folder: Path) -> None:
    assert status(folder, base_url="https://rounds.example.org", proxies=0) == 400


@pytest.mark.parametrize(
    ("proxies", "sent", "expected"),
    [
        (1, {}, 400),
        (1, {"X_Forwarded_For": "203.0.113.7"}, 200),
        (2, {"X_Forwarded_For": "203.0.113.7"}, 400),
        (2, {"X_Forwarded_For": "203.0.113.7, 198.51.100.9"}, 200),
        (2, {"X_Forwarded_For": "192.0.2.1, 203.0.113.7,198.51.100.9"}, 200),
    ],
)
def test_what_came_through_fewer_proxies_than_the_settings_name_is_refused(
    folder: Path, proxies: int, sent: dict[str, str], expected: int
) -> None:
    assert status(folder, base_url="http://localhost", proxies=proxies, **sent) == expected


@pytest.mark.parametrize(
    ("proxies", "sent"),
    [
        (1, '", 203.0.113.7'),
        (1, '"x, 203.0.113.7'),
        (2, '198.51.100.66, "x, 203.0.113.7, 198.51.100.9'),
        (2, "203.0.113.7, "),
    ],
)
def test_nobody_hides_the_own_address_behind_a_quote_that_proxies_append_to(
    folder: Path, proxies: int, sent: str
) -> None:
    assert status(folder, base_url="http://localhost", proxies=proxies, X_Forwarded_For=sent) == 400
