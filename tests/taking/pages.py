"""A fellow's browser without a script."""

import re
from html.parser import HTMLParser
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

JSON = {"Accept": "application/json"}


class Fellow:
    """Someone signed in, who sends forms and packets as our pages do."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self.token = self.token_of(self.get("/home").text)

    @staticmethod
    def token_of(html: str) -> str:
        """Return the token in a page's form."""
        found = re.search(r'name="csrf_token" value="([^"]+)"', html)
        assert found is not None
        return found[1]

    def get(self, url: str) -> TestResponse:
        """Open a page."""
        return self.client.get(url)

    def post(self, url: str, **form: Any) -> TestResponse:
        """Send a form; `answer_1` stands for `answer-1`."""
        data = {name.replace("_", "-"): value for name, value in form.items()}
        return self.client.post(url, data=data | {"csrf_token": self.token})

    def send(self, url: str, **packet: Any) -> TestResponse:
        """Send a packet."""
        return self.client.post(url, json=packet, headers=JSON | {"X-CSRFToken": self.token})


def fields_of(html: str) -> dict[str, str]:
    """Return the hidden `was-…` fields of a case page."""
    found = re.findall(r'name="(was-\d+)" value="([^"]*)"', html)
    return {name: value.replace("&#34;", '"') for name, value in found}


def controls_in(page: str, position: int) -> dict[str, list[str]]:
    """Return what the controls of an item hold, as a browser would send them."""
    form = _Form()
    form.feed(page)
    held: dict[str, list[str]] = {}
    for name, value in form.held:
        control = name.removesuffix(f"-{position}")
        if control not in (name, "was") and value:
            held.setdefault(control, []).append(value)
    return held


class _Form(HTMLParser):
    """Collects names and values of the controls of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.held: list[tuple[str, str]] = []
        self.name = self.text = ""
        self.option: dict[str, str | None] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.text = ""
        if tag == "input" and (
            given.get("type") not in ("radio", "checkbox") or "checked" in given
        ):
            self.held.append((given.get("name") or "", given.get("value") or ""))
        elif tag in ("select", "textarea"):
            self.name = given["name"] or ""
        elif tag == "option":
            self.option = given

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self.held.append((self.name, self.text))
        elif tag == "option" and "selected" in self.option:
            value = self.option.get("value")
            self.held.append((self.name, self.text if value is None else value))
