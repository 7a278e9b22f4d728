"""A fellow's browser without a script."""

import re
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
