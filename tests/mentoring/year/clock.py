"""A clock that goes from one thing that is planned to the next, for every part of the product."""

import sys
from collections.abc import Callable, Iterator
from datetime import datetime
from heapq import heappop, heappush
from itertools import count

import pytest


class Clock:
    """The house's one clock, which stands while something happens."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.coming: list[tuple[datetime, int, Callable[[], None]]] = []
        self.serial = count()

    def plan(self, moment: datetime, act: Callable[[], None]) -> None:
        """Let something happen at a moment, after what was planned for it before."""
        heappush(self.coming, (moment, next(self.serial), act))

    def passes(self) -> Iterator[Callable[[], None]]:
        """Yield what happens, one after another, while this shows when it does."""
        while self.coming:
            self.now, _, act = heappop(self.coming)
            yield act

    def utcnow(self) -> datetime:
        """Return the moment that it shows."""
        return self.now

    def installed(self, patch: pytest.MonkeyPatch) -> "Clock":
        """Let every module that asks for the time ask this one."""
        for name, module in list(sys.modules.items()):
            if name.partition(".")[0] == "lms" and hasattr(module, "utcnow"):
                patch.setattr(module, "utcnow", self.utcnow)
        return self
