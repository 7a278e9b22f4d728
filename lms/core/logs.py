"""Structured logs: one JSON line an event, ids instead of names, no answer and no secret.

A line that cannot be written, or only by waiting, is lost: logging fails no request and no
transaction, and holds neither up.
"""

import logging
import os
import select
import sys
from contextlib import suppress
from functools import cache, partial
from io import TextIOBase
from typing import TextIO, cast

import structlog
from structlog.typing import Processor

from lms.core.db import after_commit

log = structlog.get_logger()

STEPS: list[Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.processors.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.format_exc_info,
    structlog.processors.JSONRenderer(),
]
"""What makes a line of an event, in turn.

One list for every start in this process: a logger keeps the list that its first line met.
"""


def init_logs(level: str) -> None:
    """Send our log lines to stderr as JSON, from *level* on; other libraries' warnings too."""
    out = stderr()
    logging.raiseExceptions = False
    logging.basicConfig(stream=out, level=logging.WARNING, format="%(message)s")
    structlog.configure(
        processors=STEPS,
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level)),
        logger_factory=structlog.WriteLoggerFactory(out),
        cache_logger_on_first_use=True,
    )


@cache
def stderr() -> TextIO:
    """Return what was stderr at the start; writing to it neither fails nor waits."""
    return cast(TextIO, _Stderr())


def let_stderr_be(file: int) -> None:
    """Have *file* be stderr from now on, for this process and those it starts."""
    os.dup2(file, 2)
    cast(_Stderr, stderr()).take_up(2)


def log_after_commit(level: str, event: str, **facts: object) -> None:
    """Write a line about what the open transaction did, once that is durable, and not otherwise.

    Raises:
        RuntimeError: no transaction is open.
    """
    after_commit(partial(getattr(log, level), event, **facts))


class _Stderr(TextIOBase):
    """Where lines go: what was stderr at the start, by a number of our own for it.

    The number stays ours if stderr is closed later; the old one could come to mean another file.
    """

    def __init__(self) -> None:
        self._to: int | None = None
        with suppress(OSError, ValueError, AttributeError):  # it may be closed, or not there
            self.take_up(sys.stderr.fileno())

    def take_up(self, file: int) -> None:
        """Write to *file*, by a number of our own for it, and no longer to another."""
        old, self._to = self._to, os.dup(file)
        if old is not None:
            os.close(old)

    def writable(self) -> bool:
        """Return True."""
        return True

    def write(self, text: str) -> int:
        """Write as much of *text* as goes without waiting."""
        rest = text.encode(errors="backslashreplace")
        with suppress(OSError):
            while rest and self._to is not None and _takes_a_piece(self._to):
                rest = rest[os.write(self._to, rest[: select.PIPE_BUF]) :]
        return len(text)


def _takes_a_piece(number: int) -> bool:
    """Whether `PIPE_BUF` bytes can be written without waiting."""
    poll = select.poll()
    poll.register(number, select.POLLOUT)
    return bool(poll.poll(0))
