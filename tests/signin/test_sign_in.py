from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Event
from time import sleep
from typing import Any

import pytest
from argon2 import PasswordHasher
from flask import Flask
from sqlalchemy.exc import DBAPIError

from lms.accounts import services
from lms.core.audit import AuditEvent
from lms.core.clock import utcnow
from lms.core.db import db, transaction
from lms.people.locking import locked_person
from lms.people.models import Role, User
from lms.signin import known_devices, setting_passwords
from lms.signin import services as signin
from lms.signin.models import UserSession
from lms.signin.passwords import hash_password
from lms.signin.queries import ABSOLUTE
from lms.signin.redirects import safe_next
from tests.attempts.written import count_rows
from tests.factories import make_user
from tests.reading import place_of
from tests.signin.helpers import PASSWORD, is_in, person, send, sign_in, token_of

HOSTILE = [
    "https://evil.example",
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/\\/evil.example",
    "/%5Cevil.example",
    "/%2F/evil.example",
    "/%2f%2fevil.example",
    "/settings//evil.example",
    "/settings\r\nLocation: https://evil.example",
    "/settings%0d%0aSet-Cookie:a=b",
    "/\tevil.example",
    "/settings\u2028",
    " /settings",
    "settings",
    "javascript:alert(1)",
    "data:text/html,x",
    "http:/settings",
    "/no-such-page",
    "/settings/password",
    "/static/lms.css",
    "/sign-in",
    "/sign-out",
    "/links/abc",
    "/settings#//evil.example",
    "/people?q=//evil.example",
    "@evil.example",
    "/@evil.example",
    "",
    "?next=/settings",
    "/" + "a" * 5000,
    "/settings\x00",
]


@pytest.mark.parametrize("wanted", HOSTILE)
def test_nobody_is_sent_on_to_another_site_or_a_dead_end(app: Flask, wanted: str) -> None:
    user = person(app, Role.DIRECTOR)
    with app.test_request_context():
        assert safe_next(wanted) is None

    client = app.test_client()
    page = send(
        client,
        "/sign-in",
        {"email": user.email, "password": PASSWORD},
    )
    assert page.status_code == 302
    again = client.get("/sign-in", query_string={"next": wanted})
    assert place_of(again) == "/"


@pytest.mark.parametrize("wanted", ["/settings", "/people?role=fellow&page=2", "/cohorts/17", "/"])
def test_a_page_of_ours_is_where_signing_in_leads(app: Flask, wanted: str) -> None:
    user = person(app, Role.DIRECTOR)
    client = app.test_client()
    form = client.get("/sign-in", query_string={"next": wanted})

    data = {"email": user.email.upper(), "password": PASSWORD, "csrf_token": token_of(form)}
    answer = client.post("/sign-in", query_string={"next": wanted}, data=data)

    assert answer.status_code == 302
    assert place_of(answer) == wanted


def test_a_closed_page_asks_to_sign_in_and_leads_back(app: Flask) -> None:
    page = app.test_client().get("/people?role=fellow")

    assert page.status_code == 302
    assert place_of(page) == "/sign-in?next=/people?role%3Dfellow"


def test_unknown_wrong_disabled_and_invited_get_one_answer_for_the_same_work(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = person(app, Role.FELLOW)
    shut = person(app, Role.FELLOW)
    with app.app_context(), transaction():
        services.disable(None, shut.id, now=utcnow())
        invited = make_user(Role.FELLOW)
    work: list[str] = []
    verify = PasswordHasher.verify

    def noted(hasher: PasswordHasher, text: str, password: str) -> Any:
        work.append(text.rsplit("$", 2)[0])
        return verify(hasher, text, password)

    monkeypatch.setattr(PasswordHasher, "verify", noted)
    answers = set()
    for email, password in (
        (known.email, "not the password"),
        ("nobody@example.org", PASSWORD),
        (shut.email, PASSWORD),
        (invited.email, PASSWORD),
    ):
        page = send(app.test_client(), "/sign-in", {"email": email, "password": password})
        answers.add((page.status_code, page.text.split("<main")[1].replace(email, "")[:900]))

    assert len(answers) == 1
    assert {status for status, _ in answers} == {422}
    assert len(work) == 4
    assert len(set(work)) == 1


@pytest.mark.parametrize(
    "email", ["\x00", "a\x00b@example.org", "😀@example.org", "x" * 100_000, "' OR 1=1"]
)
def test_nonsense_is_just_not_an_account(app: Flask, email: str) -> None:
    for url in ("/sign-in", "/forgot"):
        data = {"email": email, "password": PASSWORD}
        assert send(app.test_client(), url, data).status_code in (200, 422)


def test_a_number_too_large_for_a_row_is_no_page(app: Flask) -> None:
    client = sign_in(app, person(app, Role.DIRECTOR))

    assert client.get(f"/people/{2**31 - 1}").status_code == 404
    assert client.get(f"/people/{2**31}").status_code == 404
    assert client.get(f"/cohorts/{10**30}").status_code == 404


def test_signing_in_needs_the_token_of_the_form(app: Flask) -> None:
    user = person(app, Role.FELLOW)
    client = app.test_client()

    page = client.post("/sign-in", data={"email": user.email, "password": PASSWORD})

    assert page.status_code == 403
    assert not is_in(client)


def test_the_cookie_of_an_ended_session_is_worth_nothing(app: Flask) -> None:
    user = person(app, Role.FELLOW)
    client = sign_in(app, user)
    stolen = client.get_cookie("session")
    assert stolen is not None
    assert is_in(client)

    page = send(client, "/sign-out", {}, at="/settings")

    thief = app.test_client()
    thief.set_cookie("session", stolen.value)
    assert page.headers["Clear-Site-Data"] == '"storage"'
    assert not is_in(thief)
    assert not is_in(client)


def test_signing_out_twice_or_without_a_session_is_no_error(app: Flask) -> None:
    client = app.test_client()

    page = send(client, "/sign-out", {}, at="/sign-in")

    assert place_of(page) == "/sign-in"
    assert page.headers["Clear-Site-Data"] == '"storage"'


def test_signing_in_gives_a_new_session_and_ends_the_old_one_of_the_browser(app: Flask) -> None:
    user, other = person(app, Role.FELLOW), person(app, Role.FELLOW)
    client = sign_in(app, user)
    first = client.get_cookie("session")
    token = token_of(client.get("/settings"))

    data = {"email": other.email, "password": PASSWORD, "csrf_token": token}
    client.post("/sign-in", data=data)

    replay = app.test_client()
    assert first is not None
    replay.set_cookie("session", first.value)
    assert not is_in(replay)
    assert other.email in client.get("/settings").text


@pytest.mark.parametrize(("at", "status"), [("/sign-in", 422), ("/sign-out/everywhere", 302)])
def test_who_signs_in_or_out_while_the_password_is_changed_waits_and_no_one_fails(
    app: Flask, at: str, status: int
) -> None:
    user = person(app, Role.FELLOW)
    client = sign_in(app, user)
    data = {
        "email": user.email,
        "password": PASSWORD,
        "csrf_token": token_of(client.get("/settings")),
    }
    changing = Event()

    def change() -> str:
        with app.app_context(), suppress(DBAPIError), transaction():
            locked_person(user.id)
            known_devices.forget_all(user.id)
            changing.set()
            sleep(0.5)  # the other cannot say that it waits for us
            setting_passwords.change_password(
                user, PASSWORD, "another lamp by the sea", but=-1, now=utcnow()
            )
            return "changed"
        return "failed"

    with ThreadPoolExecutor(1) as pool:
        changed = pool.submit(change)
        assert changing.wait(20)
        page = client.post(at, data=data)

    assert (changed.result(), page.status_code) == ("changed", status)


def test_the_cookie_carries_no_id_and_the_database_no_secret(app: Flask) -> None:
    user = person(app, Role.FELLOW)
    client = sign_in(app, user)

    with client.session_transaction() as cookie:
        secret = cookie["_user_id"]
    with app.app_context():
        kept = db.session.scalars(db.select(UserSession.secret_hash)).all()
    assert len(secret) >= 43
    assert secret not in kept


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_signing_in_again_writes_what_is_new_and_no_person(app: Flask) -> None:
    user = person(app, Role.FELLOW)
    sign_in(app, user)
    client = app.test_client()
    data = {
        "email": user.email,
        "password": PASSWORD,
        "csrf_token": token_of(client.get("/sign-in")),
    }
    with app.app_context():
        counting = count_rows()
        rows = counting.__enter__()
    page = client.post("/sign-in", data=data)
    with app.app_context():
        counting.__exit__(None, None, None)

    assert page.status_code == 302
    assert rows["INSERT session"] == 1
    assert rows["UPDATE user"] == 0


def test_a_page_sends_no_cookie_that_the_browser_has(app: Flask) -> None:
    client = sign_in(app, person(app, Role.FELLOW))
    client.get("/settings")

    assert client.get("/settings").headers.getlist("Set-Cookie") == []


def test_a_cookie_lasts_as_long_as_its_session(app: Flask) -> None:
    assert app.permanent_session_lifetime >= ABSOLUTE


def test_disabling_ends_every_session(app: Flask) -> None:
    user = person(app, Role.FELLOW)
    browsers = [sign_in(app, user), sign_in(app, user)]

    with app.app_context(), transaction():
        services.disable(None, user.id, now=utcnow())

    assert not any(is_in(browser) for browser in browsers)


def test_a_password_that_changed_since_the_check_does_not_let_in(app: Flask) -> None:
    user = person(app, Role.FELLOW)
    with app.app_context():
        checked = signin.check_password(user.email, PASSWORD)
        db.session.expunge(checked)
        with transaction():
            changed = db.session.get_one(User, user.id)
            changed.password_hash = hash_password("another lamp by the sea")

        with pytest.raises(signin.WrongPassword), transaction():
            signin.sign_in(checked, PASSWORD, browser="", now=utcnow())


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (" Nobody@Example.org", "nobody@example.org"),
        ("my very secret passphrase", None),
        ("p@ssw0rd!", None),
    ],
)
def test_of_a_refused_sign_in_an_address_is_on_record_and_nothing_else_that_was_typed(
    app: Flask, typed: str, kept: str | None
) -> None:
    send(app.test_client(), "/sign-in", {"email": typed, "password": PASSWORD})

    with app.app_context():
        event = db.session.scalars(db.select(AuditEvent).filter_by(action="session.refuse")).one()
    assert (event.after or {}).get("address") == kept
    assert typed not in str(event.after)


def test_coming_and_going_are_in_the_audit(app: Flask) -> None:
    user = person(app, Role.FELLOW)

    send(sign_in(app, user), "/sign-out", {}, at="/settings")

    with app.app_context():
        deeds = db.session.scalars(
            db.select(AuditEvent.action).where(AuditEvent.actor_id == user.id)
        ).all()
    assert deeds == ["session.start", "session.end"]
