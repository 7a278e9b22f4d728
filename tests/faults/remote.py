"""A fellow's browser over the network, that can be cut off and try again."""

import http.client
import json
import re
import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode


@dataclass
class Remote:
    """Sends what our pages send to a server on *port*, signed in by *cookie*."""

    port: int
    cookie: str
    token: str = ""
    unanswered: int = field(default=0)

    timeout: float = 10

    def ask(self, method: str, path: str, body: str = "", **headers: str) -> tuple[int, Any, str]:
        """Return status, headers and text of one answer.

        Raises:
            OSError, http.client.HTTPException: there was none.
        """
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=self.timeout)
        try:
            every = {"Cookie": f"session={self.cookie}"} | headers
            line.request(method, path, body or None, every)
            page = line.getresponse()
            renewed = re.match(r"session=([^;]+)", page.headers.get("Set-Cookie", ""))
            self.cookie = renewed[1] if renewed else self.cookie
            return page.status, page.headers, page.read().decode()
        finally:
            line.close()

    def sign_up(self) -> None:
        """Read the token of this session from a page."""
        found = re.search(r'name="csrf_token" value="([^"]+)"', self.ask("GET", "/home")[2])
        assert found is not None
        self.token = found[1]

    def submit(self, attempt_id: int) -> tuple[int, float]:
        """Hand in, and return the status and how many seconds it took."""
        began = time.monotonic()
        form = urlencode({"csrf_token": self.token})
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        status, _, _ = self.ask("POST", f"/attempts/{attempt_id}/submit", form, **kind)
        return status, time.monotonic() - began

    def save(self, attempt_id: int, position: int, packet: dict[str, Any]) -> dict[str, Any]:
        """Send a packet until it is acknowledged, as the player does, and return the reply."""
        last = time.monotonic() + 40
        while time.monotonic() < last:
            status, text = self.try_to_save(attempt_id, position, packet)
            if status == 200:
                reply: dict[str, Any] = json.loads(text)
                assert reply["seq"] == packet["seq"]
                return reply
            assert status in (0, 503), (status, text)
            self.unanswered += 1
            time.sleep(0.1)
        raise TimeoutError("a save was never acknowledged")

    def try_to_save(
        self, attempt_id: int, position: int, packet: dict[str, Any]
    ) -> tuple[int, str]:
        """Send a packet once, and return status and text of the answer; 0: there was none."""
        headers = {
            "Content-Type": "application/json",
            "Accept": "application/json",
            "X-CSRFToken": self.token,
        }
        path = f"/attempts/{attempt_id}/items/{position}"
        try:
            status, _, text = self.ask("POST", path, json.dumps(packet), **headers)
        except (OSError, http.client.HTTPException):
            return 0, ""
        return status, text
