"""When beat rings: by how much time has passed, whatever the clock on the wall is set to."""

from time import monotonic
from typing import Any

from celery.beat import Scheduler

SHORTEST = 0.05
"""Seconds that beat sleeps at least between two looks."""


class SteadyScheduler(Scheduler):  # type: ignore[misc]
    """Rings for each task at the start and then whenever its interval has passed.

    Nothing of it is kept: what is rung for once too often finds nothing to do.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._next: dict[str, float] = {}
        super().__init__(*args, **kwargs)

    def tick(self, *_: object, **__: object) -> float:
        """Ring for what is due, and return in how many seconds to come again."""
        for name, entry in self.schedule.items():
            now = monotonic()
            if self._next.get(name, now) <= now:
                self._next[name] = now + entry.schedule.run_every.total_seconds()
                self.apply_entry(entry, producer=self.producer)
        return max(min(self._next.values(), default=0) - monotonic(), SHORTEST)
