"""The web server: a thread takes a request up once it has arrived whole.

So who sends or reads slowly, or sends nothing at all, holds a connection and no thread, and there
are a hundred times as many of those. waitress does it; what is ours is that a request may not
take as long as it likes to arrive, and that the end waits for what was begun.
"""

import resource
import signal
import time
from contextlib import suppress
from types import FrameType

from flask import Flask
from waitress.channel import HTTPChannel
from waitress.server import TcpWSGIServer

from lms.config import Settings

THREADS = 8
"""How many requests are worked on at once."""

CONNECTIONS = 800
"""How many are open at once, if the process may have two files for each: itself, and a body."""

OWN_FILES = 124
"""How many files the process may need besides: database, logs, what it serves."""

SILENCE = 30
"""Seconds without a byte after which a connection is closed."""

ARRIVAL = 120
"""Seconds a request may take from its first byte to its last."""

LARGEST = 8 * 1024 * 1024
"""Bytes of a request that are read at all; beyond 2 MB the application says it is too much."""

IN_MEMORY = 64 * 1024
"""Bytes of a request from which on it waits in a file."""

LAST_ANSWERS = 5
"""Seconds that requests which are worked on may go on at the end."""


def serve_web(app: Flask, settings: Settings) -> None:
    """Answer requests where *settings* say, until this process is asked to end.

    Raises:
        OSError: it cannot listen there.
    """
    _ask_for_files()
    server = web_server(app, settings)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _end)
    server.run()


def web_server(app: Flask, settings: Settings) -> TcpWSGIServer:
    """Return the server, which listens, but serves only once it runs.

    Raises:
        OSError: it cannot listen there.
    """
    connections = _connections()
    return _Server(
        app,
        listen=f"{settings.host}:{settings.port}",
        threads=THREADS,
        connection_limit=connections,
        backlog=CONNECTIONS,
        channel_timeout=SILENCE,
        cleanup_interval=5,
        max_request_body_size=LARGEST,
        inbuf_overflow=IN_MEMORY,
        asyncore_use_poll=True,
        clear_untrusted_proxy_headers=False,  # which proxies are trusted the application knows
        ident=None,
    )


def _ask_for_files() -> None:
    """Have the system let this process open what all connections may need, as far as it does."""
    wanted = 2 * CONNECTIONS + OWN_FILES
    allowed, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    if allowed != resource.RLIM_INFINITY and allowed < wanted:
        granted = wanted if most == resource.RLIM_INFINITY else min(wanted, most)
        with suppress(OSError, ValueError):  # then there are fewer connections
            resource.setrlimit(resource.RLIMIT_NOFILE, (granted, most))


def _connections() -> int:
    """Return how many connections may be open with the files that this process may have."""
    files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if files == resource.RLIM_INFINITY:
        return CONNECTIONS
    return min(CONNECTIONS, max((files - OWN_FILES) // 2, 1))


def _end(_signal: int, _frame: FrameType | None) -> None:
    raise SystemExit(0)


class _Channel(HTTPChannel):  # type: ignore[misc]
    """A connection; `begun` is when the first byte came of a request that is not whole yet."""

    begun: float | None = None

    def received(self, data: bytes) -> bool:
        """Take up *data*."""
        taken = bool(super().received(data))
        if self.request is None:
            self.begun = None
        elif self.begun is None:
            self.begun = time.monotonic()
        return taken


class _Server(TcpWSGIServer):  # type: ignore[misc]
    channel_class = _Channel
    next_channel_cleanup: float

    def readable(self) -> bool:
        """Whether it takes connections; a clock that was put back puts no look at them off."""
        soonest = time.time() + self.adj.cleanup_interval
        self.next_channel_cleanup = min(self.next_channel_cleanup, soonest)
        return bool(super().readable())

    def maintenance(self, now: float) -> None:
        """Close connections on which nothing comes, or a request takes too long to."""
        for channel in self.active_channels.values():
            channel.last_activity = min(channel.last_activity, now)
        super().maintenance(now)
        begun_before = time.monotonic() - ARRIVAL
        for channel in self.active_channels.values():
            if channel.begun is not None and channel.begun < begun_before:
                channel.will_close = True

    def run(self) -> None:
        """Serve; at the end take nothing new, and finish what was begun."""
        try:
            self.asyncore.loop(timeout=self.adj.asyncore_loop_timeout, map=self._map, use_poll=True)
        except SystemExit:
            self.socket.close()
            self.task_dispatcher.shutdown(timeout=LAST_ANSWERS)
