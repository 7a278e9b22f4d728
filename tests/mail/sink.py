"""A mail server that does what a script says, down to hanging up between the dot and the reply."""

import socketserver
import ssl
import threading
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

CUT = "cut"
"""Hang up instead of answering; at "BODY" before the dot was read, at "DOT" after."""

REPLIES = {
    "CONNECT": "220 sink", "EHLO": "250-sink\r\n250 8BITMIME", "MAIL": "250 ok", "RCPT": "250 ok",
    "DATA": "354 go on", "DOT": "250 queued as 42", "QUIT": "221 bye", "STARTTLS": "220 go on",
    "AUTH": "235 come in", "RSET": "250 ok",
}  # fmt: skip


@dataclass
class Sink:
    """What the server does and what it took.

    `script` maps a verb to the answers of its next uses; an answer may be CUT, or a callable
    that is called first and returns the answer.
    """

    port: int = 0
    script: dict[str, list[Any]] = field(default_factory=lambda: defaultdict(list))
    verbs: list[str] = field(default_factory=list)
    taken: list[bytes] = field(default_factory=list)

    def answer(self, verb: str) -> str:
        self.verbs.append(verb)
        planned = self.script[verb].pop(0) if self.script[verb] else REPLIES.get(verb, "502 no")
        return str(planned() if callable(planned) else planned)

    def messages(self) -> list[EmailMessage]:
        return [message_from_bytes(raw, policy=default) for raw in self.taken]  # type: ignore[misc]


class _Cut(Exception):
    pass


class _Handler(socketserver.StreamRequestHandler):
    sink: Sink
    context: ssl.SSLContext | None
    at_once: bool

    def handle(self) -> None:
        try:
            if self.at_once:
                self._encrypt()
            self._say("CONNECT")
            while line := self.rfile.readline():
                verb = line.split(b" ")[0].strip().decode().upper()
                self._say(verb)
                if verb == "DATA" and self.last.startswith("354"):
                    self._take()
                if verb == "STARTTLS":
                    self._encrypt()
                if verb == "QUIT":
                    return
        except (_Cut, OSError):
            return

    def _say(self, verb: str) -> None:
        self.last = self.sink.answer(verb)
        if self.last == CUT:
            raise _Cut
        self.wfile.write(self.last.encode() + b"\r\n")

    def _encrypt(self) -> None:
        assert self.context
        self.connection = self.context.wrap_socket(self.connection, server_side=True)
        self.rfile = self.connection.makefile("rb")
        self.wfile = self.connection.makefile("wb", buffering=0)

    def _take(self) -> None:
        if self.sink.script["BODY"]:
            self.sink.script["BODY"].pop(0)
            self.rfile.readline()
            raise _Cut
        lines: list[bytes] = []
        while (line := self.rfile.readline()) != b".\r\n":
            if not line:
                raise _Cut
            lines.append(line[1:] if line.startswith(b".") else line)
        answer = self.sink.answer("DOT")
        if answer == CUT or answer.startswith("2"):
            self.sink.taken.append(b"".join(lines))
        if answer == CUT:
            raise _Cut
        self.wfile.write(answer.encode() + b"\r\n")


@contextmanager
def running_sink(context: ssl.SSLContext | None = None, *, at_once: bool = False) -> Iterator[Sink]:
    """Yield a sink that listens on a free port of this machine.

    With *context* it takes mail by TLS: from the start if *at_once*, else after STARTTLS.
    """
    sink = Sink()
    if context:
        sink.script["EHLO"] += (
            ["250-sink\r\n250-AUTH PLAIN\r\n250 8BITMIME"]
            if at_once
            else ["250-sink\r\n250 STARTTLS", "250-sink\r\n250 AUTH PLAIN"]
        )
    handler = type("Handler", (_Handler,), {"sink": sink, "context": context, "at_once": at_once})
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads = True
        sink.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        yield sink
        server.shutdown()
        thread.join()
