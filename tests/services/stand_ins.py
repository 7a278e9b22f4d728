"""Start and end one program that stands in for a missing one: `python -m tests.services.stand_ins`.

A process of its own, so that it may be another user's.
"""

import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.services.browser import driver
from tests.services.postgres import Postgres
from tests.services.valkey import Valkey


def postgresql() -> None:
    """Start the server of the wheel, make a database in it, end it."""
    server = Postgres(stand_in=True)
    try:
        server.start()
    finally:
        server.stop()


def valkey() -> None:
    """Start the server of the wheel and end it."""
    with TemporaryDirectory() as folder:
        server = Valkey(Path(folder), stand_in=True)
        try:
            server.start()
        finally:
            server.stop()


def playwright() -> None:
    """Start what drives browsers, without a browser, and end it."""
    with driver():
        pass


PROGRAMS: dict[str, Callable[[], None]] = {
    program.__name__: program for program in (postgresql, valkey, playwright)
}

if __name__ == "__main__":
    PROGRAMS[sys.argv[1]]()
