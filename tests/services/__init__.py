"""Real servers for tests, all on loopback, all ended by the id of the process that was started."""

import os
import socket
import time
from collections.abc import Callable
from typing import NoReturn

import pytest


def free_port() -> int:
    """Return a port of 127.0.0.1 that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


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
