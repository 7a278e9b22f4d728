"""Whoever tries doors leaves a trace: who it was, or whose door, and from where."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from lms.core.db import db
from lms.people.models import Role
from tests.attempts.sitting import Sitting
from tests.signin.helpers import PASSWORD, person, send, sign_in
from tests.taking.pages import Fellow

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

THERE = "198.51.100.9"


def at(client: FlaskClient) -> FlaskClient:
    """Return *client* as one in another network."""
    client.environ_base["REMOTE_ADDR"] = THERE
    return client


def noted(app: Flask, action: str) -> list[tuple[int | None, int | None, str]]:
    """Return who, about whom, and what else the audit trail has of *action*."""
    rows = "SELECT actor_id, object_id, after FROM audit_event WHERE action = :action ORDER BY id"
    with app.app_context():
        return [tuple(row) for row in db.session.execute(text(rows), {"action": action})]


def test_a_refused_sign_in_is_in_the_audit_with_whose_account_and_from_where(app: Flask) -> None:
    user = person(app, Role.FELLOW)
    for email in (user.email, "nobody@example.org"):
        send(at(app.test_client()), "/sign-in", {"email": email, "password": "wrong"})

    found = noted(app, "session.refuse")

    assert [(actor, whose) for actor, whose, _ in found] == [(None, user.id), (None, None)]
    assert all(THERE in after for _, _, after in found)
    assert "nobody@example.org" in found[1][2]
    assert "wrong" not in str(found)


@pytest.mark.parametrize(("path", "status"), [("/people", 403), ("/digests/7", 403)])
def test_a_page_of_another_role_is_in_the_audit_with_who_and_where(
    app: Flask, path: str, status: int
) -> None:
    user = person(app, Role.FELLOW)

    assert at(sign_in(app, user)).get(path).status_code == status

    ((actor, _, after),) = noted(app, "page.refuse") or [(None, None, "")]
    assert actor == user.id
    assert THERE in after
    assert str(status) in after


def test_somebody_elses_object_is_in_the_audit_with_which(app: Flask) -> None:
    user = person(app, Role.FELLOW)

    assert at(sign_in(app, user)).get("/attempts/4711").status_code == 404

    ((actor, _, after),) = noted(app, "page.refuse") or [(None, None, "")]
    assert actor == user.id
    assert "4711" in after


def test_what_a_shared_device_kept_of_another_person_blames_nobody_who_uses_it(
    app: Flask, signed_in
) -> None:
    sitting = Sitting(app, signed_in)
    client = sign_in(app, person(app, Role.FELLOW))
    url = f"{sitting.url}/items/1"

    sent = Fellow(client).send(url, tab="a", seq=1, controls={"answer": ["0"]})
    blamed = noted(app, "page.refuse")
    opened = client.get(sitting.url)

    assert (sent.status_code, opened.status_code) == (404, 404)
    assert blamed == []
    assert len(noted(app, "page.refuse")) == 1


def test_a_button_signs_out_everywhere_and_makes_every_device_a_stranger(app: Flask) -> None:
    user = person(app, Role.FELLOW)
    here, there = sign_in(app, user), sign_in(app, user)

    settings = here.get("/settings").text
    form = re.search(r'action="(/sign-out/everywhere)"', settings)

    assert form, "there is no such button"
    page = send(here, form[1], {}, at="/settings")
    assert page.headers["Clear-Site-Data"] == '"storage"'
    assert [each.get("/settings").status_code for each in (here, there)] == [302, 302]
    with app.app_context():
        assert db.session.scalar(text("SELECT count(*) FROM known_device")) == 0


@pytest.mark.parametrize(
    "name",
    [
        *(
            "director@hospital.org",
            "Ines Kowalczyk <director@hospital.org>",
            "director＠hospital.org",
        ),
        *("https://rounds.example.org", "Kim ﹫ home"),
    ],
)
def test_a_name_that_pretends_to_be_an_address_is_refused_at_its_field(
    app: Flask, name: str
) -> None:
    client = sign_in(app, person(app, Role.FELLOW))
    form = {"name": name, "time_zone": "America/New_York", "theme": ""}

    page = send(client, "/settings", form)

    assert page.status_code == 422
    assert "A name is no address" in page.text


def test_the_weight_of_a_password_is_what_others_do_not_know(app: Flask) -> None:
    user = person(app, Role.FELLOW, name="Dr. Amara Okafor")
    client = sign_in(app, user)

    def chosen(password: str) -> int:
        data = {"current": PASSWORD, "password": password, "again": password}
        return send(client, "/settings/password", data, at="/settings").status_code

    assert chosen("AmaraOkafor2026!") == 422
    assert chosen("0k@f0r-rounds-1") == 422
    assert chosen("okafor river stone lamp 1987") == 302
