"""Waiting for what the service does by itself, and what that costs; and taking turns."""

import asyncio
import time
from collections.abc import Callable, Coroutine, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from lms.core.db import db
from tests.benchmarks import processes
from tests.benchmarks.installation import Installation

PATIENCE = 300
"""Seconds after which what is waited for will not come."""

LOOK = 4
"""Seconds for which a service that nobody uses is watched."""

BUSY = 0.08
"""Seconds of CPU that it uses in each second while it still starts."""


def come_to_rest(place: Installation) -> float:
    """Wait until what starts has started; return the seconds of CPU that go in each one at rest."""
    for _ in range(20):
        with processes.watched(place.roots) as used:
            time.sleep(LOOK)
        if used.service < BUSY * LOOK:
            break
    return used.service / LOOK


@contextmanager
def until(place: Installation, is_done: Callable[[], bool]) -> Iterator[list[float]]:
    """Yield what will be the seconds, and those of CPU, that pass until *is_done* after a block.

    Raises:
        TimeoutError: it is not done after `PATIENCE`.
    """
    taken: list[float] = []
    began = time.monotonic()
    with processes.watched(place.roots) as used:
        yield taken
        with place.app.app_context():
            while not is_done():
                db.session.rollback()
                if time.monotonic() - began > PATIENCE:
                    raise TimeoutError(f"not done after {PATIENCE} s")
                time.sleep(0.1)
            db.session.rollback()
        taken.append(time.monotonic() - began)
    taken.append(used.service)


async def in_turns(
    at_once: int, acts: Sequence[Coroutine[Any, Any, None]]
) -> list[BaseException | None]:
    """Carry out *acts*, so many at once, and return what each raised."""
    turn = asyncio.Semaphore(at_once)

    async def take(act: Coroutine[Any, Any, None]) -> None:
        async with turn:
            await act

    return await asyncio.gather(*map(take, acts), return_exceptions=True)
