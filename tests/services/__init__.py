"""Real servers for tests, all on loopback, all ended by the id of the process that was started."""

import os
import random
import shutil
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NoReturn

import pytest

_FIRST, _LAST = 12000, 32000
"""Below the ports that a system gives to connections that go out, which come and go."""

_OURS = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
_WORKERS = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))

_pool = range(_FIRST + _OURS, _LAST, _WORKERS)
_ports = iter(random.sample(_pool, len(_pool)))
"""Workers that run side by side draw from ports of their own, and no port is given twice."""


_MEMORY = Path("/dev/shm")


class DidNotStart(Exception):
    """A program that the tests need does not start; the message is one line with its own words."""

    def __init__(self, what: str, words: str | bytes) -> None:
        text = words if isinstance(words, str) else words.decode(errors="replace")
        lines = [line.strip() for line in text.splitlines() if line.strip()]
        super().__init__(f"{what} did not start: {lines[-1] if lines else 'it said nothing'}")


@contextmanager
def nothing_goes_without(session: pytest.Session) -> Iterator[None]:
    """End the run with one sentence if what the block starts does not start.

    Half of the tests would fail for the same reason, each at its own length.
    """
    try:
        yield
    except DidNotStart as error:
        session.shouldfail = str(error)
        pytest.fail(str(error), pytrace=False)


def temporary_folder(prefix: str, *, in_memory: bool) -> TemporaryDirectory[str]:
    """Return a folder that other users may pass through; one in memory, if there is room.

    Where every commit waits for the disk the tests take half as long again. What they kill are
    processes, never the machine.
    """
    roomy = in_memory and _MEMORY.is_dir() and shutil.disk_usage(_MEMORY).free > 2**30
    folder = TemporaryDirectory(prefix=f"rounds-{prefix}-", dir=_MEMORY if roomy else None)
    Path(folder.name).chmod(0o711)
    return folder


def free_port() -> int:
    """Return a port of 127.0.0.1 that nobody listens on."""
    for port in _ports:
        with socket.socket() as listener:
            try:
                listener.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise RuntimeError("this run has used its ports up")


def wait_for(happened: Callable[[], object], what: str, seconds: float = 30) -> object:
    """Return what *happened* returns as soon as it is true.

    Raises:
        TimeoutError: it is not after *seconds*; the message says *what* was waited for.
    """
    last = time.monotonic() + seconds
    while time.monotonic() < last:
        found = happened()
        if found:
            return found
        time.sleep(0.05)
    raise TimeoutError(f"waited {seconds} s for {what}")


def missing(what: str) -> NoReturn:
    """Leave a test out because the machine has no *what*; in CI that is a failure."""
    if os.environ.get("CI"):
        pytest.fail(f"{what} is missing")
    pytest.skip(f"left out: {what}")
