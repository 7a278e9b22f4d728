"""What people see when something cannot be done or broke, and what probes are told."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask, abort
from flask.testing import FlaskClient
from sqlalchemy import text

from lms.app import create_app
from lms.config import Settings
from lms.core.db import db, transaction
from lms.core.errors import Invalid, NotFound, Refusal
from lms.signin.access import allow_anyone
from tests.factories import make_fellow
from tests.services import free_port

SECRET = "tiara-9"
"""Stands in what breaks; no page may show it."""


@allow_anyone
def _break(how: str) -> str:
    wanted = {
        "refused": Refusal("The quiz closed on Friday <b>."),
        "invalid": Invalid("An age is a number."),
        "not-there": NotFound(),
        "crash": ZeroDivisionError(SECRET),
    }
    if how in wanted:
        raise wanted[how]
    if how == "sql":
        db.session.execute(text(f"SELECT '{SECRET}' FROM no_such_table"))
    abort(int(how), SECRET)


@pytest.fixture(scope="module")
def fragile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    """A browser at an application with an address that breaks in the way it names."""
    app = create_app(
        Settings(
            instance=tmp_path_factory.mktemp("fragile"),
            secret_key="for tests only",
            log_level="ERROR",
        )
    )
    app.add_url_rule("/break/<how>", view_func=_break)
    with app.app_context():
        db.create_all()
    yield app.test_client()
    with app.app_context():
        db.engine.dispose()


BROKEN = {
    "400": (400, "This could not be taken"),
    "403": (403, "Not open to you"),
    "not-there": (404, "Page not found"),
    "410": (410, "Page not found"),
    "refused": (409, "This can no longer be done"),
    "413": (413, "This could not be taken"),
    "415": (415, "This could not be taken"),
    "invalid": (422, "This could not be taken"),
    "429": (429, "Too many tries"),
    "crash": (500, "Something broke on our side"),
    "sql": (503, "Something broke on our side"),
    "502": (502, "Something broke on our side"),
}


@pytest.mark.parametrize("how", BROKEN)
def test_an_error_page_is_one_of_ours_and_shows_nothing_of_the_inside(fragile, how: str) -> None:
    status, title = BROKEN[how]

    page = fragile.get(f"/break/{how}")

    assert page.status_code == status
    assert page.mimetype == "text/html"
    assert f"<h1>{title}</h1>" in page.text
    assert f"<title>{title} - Pain Rounds</title>" in page.text
    assert 'href="/static/lms.css?v=' in page.text
    assert "Go to home" in page.text
    assert f"<code>{page.headers['X-Request-Id']}</code>" in page.text
    for inside in (SECRET, "Traceback", "Error:", "werkzeug", "SELECT", "site-packages", "None"):
        assert inside not in page.text


@pytest.mark.parametrize("how", BROKEN)
def test_a_script_gets_the_same_sentence_as_json(fragile, how: str) -> None:
    page = fragile.get(f"/break/{how}", headers={"Accept": "application/json"})

    assert page.status_code == BROKEN[how][0]
    assert list(page.get_json()) == ["error"]
    assert page.get_json()["error"].endswith(".")
    assert SECRET not in page.text


def test_the_sentence_of_a_refusal_is_shown_as_text(fragile) -> None:
    page = fragile.get("/break/refused")

    assert "The quiz closed on Friday &lt;b&gt;." in page.text


def test_what_was_typed_into_the_address_is_not_shown(fragile) -> None:
    page = fragile.get("/nothing/%3Cscript%3Ealert(1)%3C/script%3E")

    assert page.status_code == 404
    assert "alert(1)" not in page.text


def test_another_method_is_refused_in_words(fragile) -> None:
    page = fragile.delete("/sign-in")

    assert page.status_code == 405
    assert "does not take that kind of request" in page.text


def test_what_is_too_large_is_refused_in_words(fragile) -> None:
    page = fragile.post("/sign-in", data={"email": "x" * (2 * 1024 * 1024 + 1)})

    assert page.status_code == 413
    assert "larger than 2 MB" in page.text
    assert "Nothing was changed" in page.text


def test_who_is_signed_in_keeps_the_top_bar_on_an_error_page(app: Flask, signed_in) -> None:
    with app.app_context(), transaction():
        user = make_fellow("Dr. Amara Okafor")

    page = signed_in(user).get("/no-such-page")

    assert page.status_code == 404
    assert "Dr. Amara Okafor" in page.text
    assert 'aria-label="Main"' in page.text


@pytest.fixture(params=["sqlite", "postgresql"])
def adrift(request: pytest.FixtureRequest, tmp_path: Path) -> FlaskClient:
    """A browser at an application whose database cannot be reached."""
    urls = {
        "sqlite": f"sqlite:///{tmp_path}",  # a folder, not a file
        "postgresql": f"postgresql://rounds@127.0.0.1:{free_port()}/rounds",
    }
    return create_app(
        Settings(
            instance=tmp_path,
            database_url=urls[request.param],
            secret_key="for tests only",
            log_level="ERROR",
        )
    ).test_client()


def test_without_a_database_people_are_told_what_is_safe_and_when_to_come_back(adrift) -> None:
    with adrift.session_transaction() as session:
        session["_user_id"] = "a secret that must be looked up"

    pages = [adrift.get(path) for path in ("/", "/home", "/bank?page=2")]

    for page in pages:
        assert page.status_code == 503
        assert page.headers["Retry-After"] == "10"
        assert page.headers["Content-Security-Policy"].startswith("default-src 'none'")
        assert "What was saved before is safe." in page.text
        assert "sqlite" not in page.text
        assert "127.0.0.1" not in page.text


def test_an_address_that_does_not_exist_is_no_crash_without_a_database(adrift) -> None:
    with adrift.session_transaction() as session:
        session["_user_id"] = "a secret that must be looked up"

    page = adrift.get("/no-such-page")

    assert page.status_code in {404, 500, 503}
    assert "<h1>" in page.text
    assert "Pain Rounds</title>" in page.text


def test_without_a_database_the_process_is_alive_and_not_ready(adrift) -> None:
    alive, ready = adrift.get("/healthz"), adrift.get("/readyz")

    assert (alive.status_code, alive.get_json()) == (200, {"status": "ok"})
    assert (ready.status_code, ready.get_json()) == (503, {"database": "away"})


def test_a_service_with_its_database_and_schema_is_ready(client) -> None:
    page = client.get("/readyz")

    told = json.loads(page.text)
    assert page.status_code == 200
    assert (told["database"], told["schema"]) == ("ok", "ok")


@pytest.mark.parametrize(
    ("change", "schema", "words"),
    [
        (
            "UPDATE alembic_version SET version_num = '9999'",
            "newer",
            "The database has schema 9999, which is newer than this installation (HEAD); "
            "start the version that it was used with last.",
        ),
        (
            "UPDATE alembic_version SET version_num = '0006'",
            "old",
            "The database has schema 0006, which is older than this installation (HEAD); "
            "run “lms database upgrade”.",
        ),
        (
            "DELETE FROM alembic_version",
            "old",
            "The database has schema none, which is older than this installation (HEAD); "
            "run “lms database upgrade”.",
        ),
    ],
    ids=["newer", "older", "none"],
)
def test_a_service_over_another_schema_is_not_ready(
    app: Flask, client, change: str, schema: str, words: str
) -> None:
    with app.app_context():
        (known,) = db.session.scalars(text("SELECT version_num FROM alembic_version"))
        with transaction():
            db.session.execute(text(change))
    try:
        page = client.get("/readyz")
    finally:
        with app.app_context(), transaction():
            db.session.execute(text("DELETE FROM alembic_version"))
            db.session.execute(text("INSERT INTO alembic_version VALUES (:v)"), {"v": known})

    assert page.status_code == 503
    message = words.replace("HEAD", known)
    assert page.get_json() == {"database": "ok", "schema": schema, "message": message}
    assert client.get("/readyz").status_code == 200


def test_probes_set_no_cookie_and_need_no_session(client) -> None:
    for path in ("/healthz", "/readyz"):
        page = client.get(path)
        assert page.headers.getlist("Set-Cookie") == []
        assert page.headers["Cache-Control"] == "no-store"
