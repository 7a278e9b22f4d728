"""The longest and nastiest that fits into a request: it costs no more than its length."""

import io
import re
import time
from collections.abc import Callable
from functools import partial

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule
from wtforms.fields.core import UnboundField

from lms.core.forms import BaseForm
from lms.people.models import Role
from tests.signin.helpers import PASSWORD, person, send, sign_in
from tests.test_access import EXPECTED, World, addresses, entered, make_world

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

FORM = "application/x-www-form-urlencoded"

MOST = 1_800_000
"""Bytes of a body; a request may have 2 MiB."""

SECONDS = 1.5
"""Of a processor, for one request; hashing a password takes 0.03, reading 2 MB of a form 0.1."""

MARKS = "\u0315\u0300\u0316"
"""Signs above and below a letter, out of order: composing them takes the square of their number."""

NASTY = {
    "signs on one letter": lambda length: "a" + MARKS * (length // 6),
    "a number": lambda length: "9" * length,
    "brackets": lambda length: "[(" * (length // 2),
    "an address": lambda length: "a@" + "a." * (length // 2),
    "spaces": lambda length: "a" + " " * length,
    "lines": lambda length: "\r\n" * (length // 2),
}
"""Texts of about so many bytes."""


def seconds_of(act: Callable[[], object]) -> float:
    """Return the processor's time that *act* takes: a busy machine is not a defect."""
    start = time.process_time()
    act()
    return time.process_time() - start


def fields(kind: type[BaseForm] = BaseForm) -> set[str]:
    """Return the names of the fields of every form."""
    own = {name for name in dir(kind) if isinstance(getattr(kind, name), UnboundField)}
    return own.union(*(fields(each) for each in kind.__subclasses__()))


@pytest.mark.parametrize("field", ["email", "password"])
def test_a_sign_in_of_nothing_but_accents_is_refused_at_its_field(app: Flask, field: str) -> None:
    data = {"email": "a@example.org", "password": PASSWORD, field: "a" + MARKS * 15_000}

    page = send(app.test_client(), "/sign-in", data)

    assert page.status_code == 422
    assert "This is longer than 1,000 characters. Shorten it." in page.text


def test_a_password_of_nothing_but_accents_is_not_hashed_when_it_is_changed(app: Flask) -> None:
    client = sign_in(app, person(app, Role.FELLOW))
    nasty = "a" + MARKS * 15_000
    data = {"current": nasty, "password": nasty, "again": nasty}

    taken = seconds_of(lambda: send(client, "/settings/password", data, at="/settings"))

    assert taken < SECONDS


def test_a_new_password_of_all_signs_that_stand_for_letters_costs_little(app: Flask) -> None:
    client = sign_in(app, person(app, Role.FELLOW))
    nasty = ("48({[<369&#@!|1$5+7%20" * 10)[:200]
    data = {"current": PASSWORD, "password": nasty, "again": nasty}

    assert seconds_of(lambda: send(client, "/settings/password", data, at="/settings")) < SECONDS


@pytest.fixture
def world(app: Flask) -> World:
    with app.app_context():
        return make_world()


def browser_for(app: Flask, world: World, rule: Rule) -> tuple[FlaskClient, dict[str, str]]:
    """Return the browser of a person who may open an address, and the token that it sends."""
    allowed = EXPECTED[rule.endpoint]
    client = entered(app, world, min(allowed if isinstance(allowed, frozenset) else {"director"}))
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get("/jobs").text)
    assert found
    return client, {"X-CSRFToken": found[1]}


def test_the_longest_and_nastiest_in_every_field_of_every_form_costs_no_more_than_its_length(
    app: Flask, world: World, is_long: bool
) -> None:
    names = fields() | {"go", "answer-1", "comment-1", "text-1", "value-1", "choice-1", "was-1"}
    posts = [each for each in addresses(app, world) if each[1] == "POST"]
    browsers = {rule.endpoint: browser_for(app, world, rule) for rule, _, _ in posts}
    slow = []
    for kind in NASTY if is_long else ["signs on one letter"]:
        text = NASTY[kind](MOST // len(names))
        form = "&".join(f"{name}={text}" for name in names).encode()  # percents cost time
        for rule, _, address in posts:
            client, token = browsers[rule.endpoint]
            post = partial(client.post, address, data=form, content_type=FORM, headers=token)
            taken = seconds_of(post)
            slow += [(rule.endpoint, kind, taken)] if taken > SECONDS else []

    assert slow == []


@pytest.mark.parametrize("kind", NASTY)
def test_a_save_of_the_longest_and_nastiest_costs_no_more_than_its_length(
    app: Flask, world: World, kind: str
) -> None:
    rule, _, address = next(e for e in addresses(app, world) if e[0].endpoint == "taking.item")
    client, token = browser_for(app, world, rule)
    text = NASTY[kind](MOST // 5)
    controls = {name: [text] for name in ("choice", "text", "value", "unit", "flag")}
    packet = {"tab": "a", "seq": 1, "controls": controls}

    assert seconds_of(lambda: client.post(address, json=packet, headers=token)) < SECONDS


def test_a_roster_of_nothing_but_accents_costs_no_more_than_its_length(app: Flask) -> None:
    client = sign_in(app, person(app, Role.DIRECTOR))
    name = "a" + MARKS * 20_000
    text = "name,email,cohort,track\n" + f"{name},a@example.org,{name},{name}\n" * 2
    roster = {"file": (io.BytesIO(text.encode()), "roster.csv")}

    assert seconds_of(lambda: send(client, "/roster", roster)) < SECONDS
