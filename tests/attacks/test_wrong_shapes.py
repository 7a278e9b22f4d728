"""Bodies of every wrong shape to every address that takes a form: none is taken, none breaks it."""

import io
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule
from wtforms.fields.core import UnboundField

from lms.core.forms import BaseForm
from lms.people.models import Role
from tests.test_access import EXPECTED, World, addresses, entered, make_world

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

JSON_TOO = {"taking.item"}
"""What our scripts send JSON to."""

FILES = {"rosters.roster": {"file"}}
"""Where a file is meant, and in which field."""

NOT_FORMS = {
    "an object": ("application/json", b'{"email": "a@b.org", "title": "x", "roles": ["fellow"]}'),
    "a list": ("application/json", b"[1, 2]"),
    "a list of lists": ("application/json", b"[[1], [2]]"),
    "a string": ("application/json", b'"text"'),
    "a number": ("application/json", b"7"),
    "nothing": ("application/json", b"null"),
    "no JSON": ("application/json", b"{"),
    "no body": ("application/json", b""),
    "a deep one": ("application/json", b"[" * 5000 + b"]" * 5000),
    "of a vendor": ("application/vnd.api+json", b'{"title": {"a": 1}}'),
    "text": ("text/plain", b"title=x"),
    "XML": ("application/xml", b"<title>x</title>"),
    "bytes": ("application/octet-stream", bytes(range(256))),
    "of no kind": ("", b"title=x"),
    "another multipart": ("multipart/mixed; boundary=b", b"--b--"),
}

TEXTS = {
    "a NUL": "a\0b",
    "not UTF-8": "%ff%fe",
    "a half character": "%ed%a0%80",
    "a huge number": "9" * 400,
    "a negative number": "-1",
    "digits of another script": "%d9%a3",
    "no number": "NaN",
    "a list": "[1]",
    "lines": "%0d%0a%0d%0aBcc: x@y.org",
    "a long text": "x" * 20_000,
    "nothing": "",
}


class Rounder:
    """A person who may open the address, and knows the token."""

    def __init__(self, app: Flask, world: World, rule: Rule) -> None:
        allowed = EXPECTED[rule.endpoint]
        roles = allowed if isinstance(allowed, frozenset) else {Role.DIRECTOR}
        self.client: FlaskClient = entered(app, world, min(roles))
        page = self.client.get("/jobs").text
        found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
        assert found
        self.token = {"X-CSRFToken": found[1]}

    def send(self, address: str, **body: object) -> int:
        return self.client.post(address, headers=self.token, **body).status_code


@pytest.fixture
def world(app: Flask) -> World:
    with app.app_context():
        return make_world()


def posts(app: Flask, world: World) -> list[tuple[Rule, str]]:
    """Return every address that a form is sent to."""
    found = [(rule, path) for rule, method, path in addresses(app, world) if method == "POST"]
    assert len(found) > 40
    return found


def fields(kind: type[BaseForm] = BaseForm) -> set[str]:
    """Return the names of the fields of every form."""
    own = {name for name in dir(kind) if isinstance(getattr(kind, name), UnboundField)}
    return own.union(*(fields(each) for each in kind.__subclasses__()))


def urlencoded(names: set[str], value: str) -> dict[str, object]:
    body = "&".join(f"{name}={value}" for name in sorted(names)).encode("ascii")
    return {"data": body, "content_type": "application/x-www-form-urlencoded"}


def files(names: set[str]) -> dict[str, object]:
    return {
        "data": {name: (io.BytesIO(b"email\n"), "people.csv") for name in names},
        "content_type": "multipart/form-data",
    }


def test_what_is_no_form_is_not_taken(app: Flask, world: World) -> None:
    taken = []
    for rule, address in posts(app, world):
        rounder = Rounder(app, world, rule)
        for name, (kind, body) in NOT_FORMS.items():
            if rule.endpoint in JSON_TOO and "json" in kind:
                continue
            status = rounder.send(address, data=body, content_type=kind)
            taken += [(rule.endpoint, name, status)] if status != 415 else []

    assert taken == []


def test_a_file_is_taken_only_where_one_is_meant(app: Flask, world: World, is_long: bool) -> None:
    taken = []
    for rule, address in posts(app, world):
        rounder = Rounder(app, world, rule)
        names = sorted(fields() - FILES.get(rule.endpoint, set()))
        for some in [{name} for name in names] if is_long else [set(names)]:
            status = rounder.send(address, **files(some))
            taken += [(rule.endpoint, some, status)] if status != 415 else []

    assert taken == []


def test_no_text_in_any_field_of_a_form_breaks_its_page(
    app: Flask, world: World, is_long: bool
) -> None:
    names = fields() | {"go", "decision", "answer-1", "was-1"}
    texts = TEXTS.items() if is_long else list(TEXTS.items())[:4]
    broken = []
    for rule, address in posts(app, world):
        rounder = Rounder(app, world, rule)
        for name, value in texts:
            status = rounder.send(address, **urlencoded(names, value))
            broken += [(rule.endpoint, name, status)] if status >= 500 else []

    assert broken == []


def test_a_form_that_comes_empty_or_broken_breaks_no_page(app: Flask, world: World) -> None:
    broken = []
    for rule, address in posts(app, world):
        rounder = Rounder(app, world, rule)
        for body in (
            {},
            {"data": b"--b\r\n\r\n\r\n--b--", "content_type": "multipart/form-data; boundary=b"},
            {"data": b"no boundary", "content_type": "multipart/form-data"},
            {"data": {f"field-{n}": "x" for n in range(1500)}},
        ):
            status = rounder.send(address, **body)
            broken += [(rule.endpoint, str(body)[:60], status)] if status >= 500 else []

    assert broken == []


def test_json_goes_on_where_a_script_sends_it(app: Flask, world: World) -> None:
    for rule, address in posts(app, world):
        if rule.endpoint in JSON_TOO:
            status = Rounder(app, world, rule).send(address, json={"tab": "a", "seq": 1})
            assert status == 422, "read, and found wanting"
