from flask import Flask

from lms.core.clock import utcnow
from lms.core.db import db, transaction
from lms.people import queries
from lms.people.models import Role
from lms.signin import queries as signin
from lms.signin import sessions
from tests.signin.helpers import PASSWORD, counted, is_in, person, send, sign_in

NEW = "another lamp by the sea"


def test_name_zone_and_look_are_changed_by_their_owner(app: Flask) -> None:
    user = person(app, Role.FELLOW)
    client = sign_in(app, user)

    send(client, "/settings", {"name": " Dr.  X ", "time_zone": "UTC", "theme": "dark"})

    page = client.get("/settings").text
    assert 'data-theme="dark"' in page
    assert 'value="Dr. X"' in page
    with app.app_context():
        assert queries.user_by_id(user.id).time_zone == "UTC"


def test_a_misfit_in_the_settings_is_told_and_changes_nothing(app: Flask) -> None:
    user = person(app, Role.FELLOW)
    client = sign_in(app, user)

    page = send(client, "/settings", {"name": "", "time_zone": "Mars/One", "theme": "pink"})
    unseen = send(client, "/settings", {"name": "a\u202eb", "time_zone": "UTC", "theme": ""})

    assert page.status_code == unseen.status_code == 422
    assert "Write your name." in page.text
    assert "cannot be shown" in unseen.text
    with app.app_context():
        assert queries.user_by_id(user.id).time_zone == "America/New_York"


def test_a_changed_password_ends_the_other_sessions_and_not_this_one(app: Flask) -> None:
    user = person(app, Role.FELLOW)
    here, there = sign_in(app, user), sign_in(app, user)
    data = {"current": PASSWORD, "password": NEW, "again": NEW}

    page = send(here, "/settings/password", data, at="/settings")

    assert page.status_code == 302
    assert is_in(here)
    assert not is_in(there)
    assert is_in(sign_in(app, user, NEW))


def test_the_present_password_is_asked_for(app: Flask) -> None:
    user = person(app, Role.FELLOW)
    client = sign_in(app, user)
    data = {"current": "wrong wrong wrong", "password": NEW, "again": NEW}

    page = send(client, "/settings/password", data, at="/settings")

    assert page.status_code == 422
    assert "This is not your current password." in page.text
    assert is_in(sign_in(app, user, PASSWORD))


def test_the_new_password_is_not_one_that_is_guessed(app: Flask) -> None:
    user = person(app, Role.FELLOW, email="amara.okafor@example.org")
    client = sign_in(app, user)
    data = {"current": PASSWORD, "password": "amara.okafor", "again": "amara.okafor"}

    page = send(client, "/settings/password", data, at="/settings")

    assert page.status_code == 422
    assert "name or the address" in page.text


def test_another_browser_is_signed_out_from_here(app: Flask) -> None:
    user = person(app, Role.FELLOW)
    there, here = sign_in(app, user), sign_in(app, user)
    with app.app_context():
        other = signin.open_sessions(user.id, now=utcnow())[-1].id

    send(here, f"/settings/sessions/{other}/end", {}, at="/settings")

    assert not is_in(there)
    assert is_in(here)


def test_nobody_ends_the_session_of_another_person(app: Flask) -> None:
    user, other = person(app, Role.FELLOW), person(app, Role.DIRECTOR)
    theirs, mine = sign_in(app, user), sign_in(app, other)
    with app.app_context():
        foreign = signin.open_sessions(user.id, now=utcnow())[0].id

    page = send(mine, f"/settings/sessions/{foreign}/end", {}, at="/settings")

    assert page.status_code == 404
    assert is_in(theirs)


def test_a_session_ends_by_itself(app: Flask) -> None:
    user = person(app, Role.FELLOW)
    with app.app_context(), transaction():
        now = utcnow()
        idle = sessions.start(user, browser="", now=now - signin.IDLE)
        old = sessions.start(user, browser="", now=now - signin.ABSOLUTE)
        for session in signin.open_sessions(user.id, now=now - signin.ABSOLUTE):
            sessions.touch(session.id, now=now)
        db.session.flush()
        assert signin.user_of_session(old, now=now) is None
        assert signin.user_of_session(idle, now=now + signin.IDLE) is None


def test_browsers_are_called_what_people_call_them() -> None:
    edge = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/130.0 Safari/537.36 Edg/130.0"
    phone = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1"

    assert sessions.describe(edge) == "Edge on Windows"
    assert sessions.describe(phone) == "Safari on an iPhone"
    assert sessions.describe("Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0") == "Firefox on Linux"
    assert sessions.describe("curl/8") == "Another browser"


def test_the_page_takes_as_many_statements_for_60_sessions_as_for_one(app: Flask) -> None:
    user = person(app, Role.FELLOW)
    client = sign_in(app, user)
    counts = []
    for more in (0, 60):
        with app.app_context(), transaction():
            for _ in range(more):
                sessions.start(user, browser="test", now=utcnow())
        with counted(app) as count:
            assert client.get("/settings").status_code == 200
        counts.append(count())

    assert counts[0] == counts[1] <= 6
