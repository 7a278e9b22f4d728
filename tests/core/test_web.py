"""What every answer carries, and the cookies and hosts of the service."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask, request
from flask.testing import FlaskClient
from sqlalchemy import text
from werkzeug.test import TestResponse

from lms.app import create_app
from lms.config import Settings
from lms.core.db import db, transaction
from lms.core.web import csrf
from lms.people.models import Role
from lms.signin.access import allow_anyone
from tests.factories import make_fellow
from tests.signin.helpers import PASSWORD, ask_for_reset, person, token_of

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""As the design brief has it."""


HTTPS = "https://rounds.example.org"


@allow_anyone
def _crash() -> str:
    raise ZeroDivisionError("tiara-9 in the middle of our code")


@allow_anyone
def _who() -> dict[str, object]:
    return {"from": request.remote_addr, "scheme": request.scheme, "host": request.host}


def made(folder: Path, **settings) -> Flask:
    """Return another application, with a page that breaks and one that says who asks."""
    app = create_app(
        Settings(instance=folder, secret_key="for tests only", log_level="ERROR", **settings)
    )
    app.add_url_rule("/crash", view_func=_crash)
    app.add_url_rule("/who", view_func=_who)
    return app


@pytest.fixture
def secure(tmp_path: Path) -> Iterator[Flask]:
    """The application as browsers reach it by TLS, over an empty database of its own."""
    app = made(tmp_path, base_url=HTTPS)
    with app.app_context():
        db.create_all()
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def fellow(app: Flask, signed_in) -> FlaskClient:
    with app.app_context(), transaction():
        user = make_fellow()
    return signed_in(user)


REQUESTS = {
    "a page": ("GET", "/home", {}),
    "a redirect": ("GET", "/", {}),
    "not there": ("GET", "/no-such-page", {}),
    "not allowed": ("GET", "/people", {}),
    "no token": ("POST", "/sign-out", {}),
    "another method": ("DELETE", "/home", {}),
    "too large": ("POST", "/sign-in", {"data": {"email": "x" * (2 * 1024 * 1024 + 1)}}),
    "a script's": ("GET", "/no-such-page", {"headers": {"Accept": "application/json"}}),
    "another host": ("GET", "/home", {"base_url": "http://evil.example"}),
    "head": ("HEAD", "/sign-in", {}),
    "options": ("OPTIONS", "/sign-in", {}),
    "a file": ("GET", "/static/lms.css", {}),
    "no file": ("GET", "/static/no-such.css", {}),
    "a way out": ("GET", "/static/../../config.py", {}),
    "alive": ("GET", "/healthz", {}),
    "ready": ("GET", "/readyz", {}),
}


def check_headers(page: TestResponse) -> None:
    headers = page.headers
    assert headers.getlist("Content-Security-Policy") == [POLICY]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "geolocation=()" in headers["Permissions-Policy"]
    assert re.fullmatch(r"[0-9a-f]{16}", headers["X-Request-Id"])


@pytest.mark.parametrize("name", REQUESTS)
def test_every_answer_has_the_headers(fellow: FlaskClient, name: str) -> None:
    method, path, more = REQUESTS[name]

    page = fellow.open(path, method=method, **more)

    check_headers(page)
    assert "Strict-Transport-Security" not in page.headers, "there is no TLS here"
    if not path.startswith("/static/lms"):
        assert page.headers["Cache-Control"] == "no-store"


def test_a_crash_has_the_headers_too(tmp_path: Path) -> None:
    check_headers(made(tmp_path).test_client().get("/crash"))


def test_files_may_be_kept_by_browsers_and_change_their_address(app: Flask) -> None:
    client = app.test_client()
    address = re.search(r'href="(/static/lms\.css\?v=[0-9a-f]{12})"', client.get("/sign-in").text)
    assert address is not None

    page = client.get(address[1])

    assert page.status_code == 200
    assert "max-age=31536000" in page.headers["Cache-Control"]
    again = client.get(address[1], headers={"If-None-Match": page.headers["ETag"]})
    assert again.status_code == 304
    check_headers(again)


def test_no_page_needs_what_the_policy_forbids(fellow: FlaskClient) -> None:
    for path in ("/home", "/progress", "/settings", "/no-such-page"):
        html = fellow.get(path).text
        assert not re.search(r"\sstyle=|\son[a-z]+=|javascript:|data:|<style|<base", html), path
        assert not re.search(r"<script(?![^>]*\ssrc=)", html), path
        assert not re.search(r'(?:src|href)="(?:https?:)?//', html), path


def test_each_request_has_a_number_of_its_own_that_nobody_else_chooses(client) -> None:
    pages = [
        client.get("/no-such-page", headers={"X-Request-Id": "chosen-by-somebody"})
        for _ in range(2)
    ]

    numbers = [page.headers["X-Request-Id"] for page in pages]
    assert len(set(numbers)) == 2
    assert "chosen-by-somebody" not in numbers
    for page, number in zip(pages, numbers, strict=True):
        assert f"<code>{number}</code>" in page.text


def test_the_cookie_is_bound_to_this_host_and_to_tls(secure: Flask) -> None:
    page = secure.test_client().get("/sign-in", base_url=HTTPS)

    (cookie,) = page.headers.getlist("Set-Cookie")
    name, *flags = re.split(r"=|; ", cookie, maxsplit=1)[0], *cookie.split("; ")[1:]
    assert name == "__Host-session"
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(flags)
    assert not [flag for flag in flags if flag.lower().startswith("domain")]
    assert page.headers["Strict-Transport-Security"].startswith("max-age=31536000")


def test_without_tls_the_cookie_is_still_kept_from_scripts(client) -> None:
    (cookie,) = client.get("/sign-in").headers.getlist("Set-Cookie")

    assert cookie.startswith("session=")
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Secure" not in cookie


@pytest.mark.parametrize(
    ("referer", "status"),
    [
        pytest.param(f"{HTTPS}/sign-in", 302, id="our page"),
        pytest.param("https://evil.example/sign-in", 403, id="another site's"),
        pytest.param("http://rounds.example.org/sign-in", 403, id="our host without TLS"),
        pytest.param("", 403, id="unknown"),
    ],
)
def test_with_tls_a_form_is_taken_from_our_pages_only(secure, referer: str, status: int) -> None:
    user = person(secure, Role.FELLOW)
    client = secure.test_client()
    token = token_of(client.get("/sign-in", base_url=HTTPS))

    page = client.post(
        "/sign-in",
        base_url=HTTPS,
        data={"email": user.email, "password": PASSWORD, "csrf_token": token},
        headers={"Referer": referer},
    )

    assert page.status_code == status


def test_the_token_of_another_browser_is_worth_nothing(app: Flask) -> None:
    user = person(app, Role.FELLOW)
    token = token_of(app.test_client().get("/sign-in"))
    client = app.test_client()
    client.get("/sign-in")

    page = client.post(
        "/sign-in", data={"email": user.email, "password": PASSWORD, "csrf_token": token}
    )

    assert page.status_code == 403
    assert "nothing was changed" in page.text


def test_only_the_one_click_of_mail_programs_goes_without_a_token() -> None:
    assert csrf._exempt_views == {"lms.notices.views.stop"}
    assert csrf._exempt_blueprints == set()


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "127.0.0.1.nip.io"])
@pytest.mark.parametrize("path", ["/sign-in", "/forgot", "/healthz", "/static/lms.css", "/none"])
def test_a_request_for_another_host_is_refused(client, host: str, path: str) -> None:
    page = client.get(path, base_url=f"http://{host}")

    assert page.status_code == 400
    assert host not in page.text


def test_a_mailed_link_leads_to_the_host_people_are_told(app: Flask) -> None:
    page = ask_for_reset(app, person(app, Role.FELLOW).email)

    assert page.status_code == 200
    with app.app_context():
        raw = db.session.scalar(text("SELECT raw FROM message"))
    assert b"http://localhost/links/" in bytes(raw)


@pytest.mark.parametrize(
    ("proxies", "address", "scheme"),
    [(1, "192.0.2.7", "https"), (2, "198.51.100.9", "http")],
)
def test_as_many_proxies_as_are_set_are_believed_and_none_about_the_host(
    tmp_path: Path, proxies: int, address: str, scheme: str
) -> None:
    client = made(tmp_path, base_url=HTTPS.replace("s:", ":"), proxies=proxies).test_client()

    page = client.get(
        "/who",
        base_url="http://rounds.example.org",
        headers={
            "X-Forwarded-For": "203.0.113.1, 198.51.100.9, 192.0.2.7",
            "X-Forwarded-Proto": "http, https",
            "X-Forwarded-Host": "evil.example",
        },
    )

    assert page.get_json() == {"from": address, "scheme": scheme, "host": "rounds.example.org"}
