"""One transaction while another is open, on the real database."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from flask import Flask

from lms.core.db import transaction

Act = Callable[[], Any]


def while_open(app: Flask, first: Act, second: Act) -> Any:
    """Begin *second* while the transaction of *first* is open; return what it came to."""
    acted, waited = threading.Event(), threading.Event()

    def hold() -> None:
        with app.app_context(), transaction():
            first()
            acted.set()
            waited.wait(0.5)  # the other cannot say that it waits for us

    def follow() -> Any:
        acted.wait(20)
        with app.app_context(), transaction():
            return second()

    with ThreadPoolExecutor(2) as pool:
        held, followed = pool.submit(hold), pool.submit(follow)
        held.result()
        return followed.result()
