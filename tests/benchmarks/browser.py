"""A browser without a window: one connection, cookies, forms and packets as our pages send them."""

import asyncio
import json
import re
from dataclasses import dataclass, field
from time import perf_counter, time
from typing import Any
from urllib.parse import urlencode, urlsplit

_TOKEN = re.compile(r'name="csrf_token"[^>]* value="([^"]+)"')

_JSON = {"Accept": "application/json", "Content-Type": "application/json"}
_FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@dataclass(frozen=True)
class Answer:
    """What came back, after so many seconds. `location` is the path it leads to."""

    status: int
    text: str
    seconds: float
    location: str


TOO_SOON = 429
"""The status of a sign-in that is to wait."""


class Unexpected(Exception):
    """An answer that no attempt should get."""


@dataclass
class Browser:
    """Asks the web server on *port*; `received` and `sent` count bytes, heads included."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)
    token: str = ""
    received: int = 0
    sent: int = 0
    requests: int = 0
    _line: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def get(self, path: str, **headers: str) -> Answer:
        """Open a page."""
        return await self._ask("GET", path, "", headers)

    async def post(self, path: str, **form: str) -> Answer:
        """Send a form of the page that was opened last."""
        return await self._ask("POST", path, urlencode(form | {"csrf_token": self.token}), _FORM)

    async def send(self, path: str, tab: str, seq: int, **controls: list[str]) -> Answer:
        """Send what the controls of an item hold, as the player does."""
        packet = {"tab": tab, "seq": seq, "controls": controls, "at": int(1000 * time()), "age": 1}
        return await self._ask("POST", path, json.dumps(packet), _JSON | self._own())

    async def look(self, path: str) -> Any:
        """Return what JSON is at *path*."""
        return json.loads((await self.get(path, Accept="application/json")).text)

    def _own(self) -> dict[str, str]:
        return {"X-CSRFToken": self.token}

    async def _ask(self, method: str, path: str, body: str, headers: dict[str, str]) -> Answer:
        began = perf_counter()
        reader, writer = self._line = self._line or await asyncio.open_connection(
            "127.0.0.1", self.port
        )
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        every = {"Host": f"127.0.0.1:{self.port}", "User-Agent": "bench", "Cookie": cookies}
        every |= headers | ({"Content-Length": str(len(body.encode()))} if body else {})
        head = "".join(f"{name}: {value}\r\n" for name, value in every.items())
        request = f"{method} {path} HTTP/1.1\r\n{head}\r\n{body}".encode()
        writer.write(request)
        raw = await reader.readuntil(b"\r\n\r\n")
        status, found = self._head(raw.decode("latin-1"))
        text = await reader.readexactly(int(found.get("content-length", 0)))
        self.requests += 1
        self.sent += len(request)
        self.received += len(raw) + len(text)
        if found.get("connection") == "close":
            self.close()
        answer = Answer(status, text.decode(), perf_counter() - began, _path(found))
        token = _TOKEN.search(answer.text)
        self.token = token[1] if token else self.token
        if status not in (200, 302, 303, TOO_SOON):
            raise Unexpected(f"{method} {path}: {status} {answer.text[:300]}")
        return answer

    def _head(self, raw: str) -> tuple[int, dict[str, str]]:
        first, *lines = raw.strip().split("\r\n")
        found = {}
        for line in lines:
            name, _, value = line.partition(": ")
            if name.lower() == "set-cookie":
                cookie, _, kept = value.partition(";")[0].partition("=")
                self.cookies[cookie] = kept
            found[name.lower()] = value
        return int(first.split(" ")[1]), found

    def close(self) -> None:
        """Hang up."""
        if self._line:
            self._line[1].close()
            self._line = None


def _path(headers: dict[str, str]) -> str:
    return urlsplit(headers.get("location", "")).path
