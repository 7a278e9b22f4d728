"""Whole attempts at 20 items over HTTP, by 1 to 200 fellows at once, in both profiles."""

import asyncio
import time
from collections import defaultdict
from collections.abc import Callable, Coroutine, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from typing import Any

from tests.benchmarks import processes
from tests.benchmarks.browser import Browser
from tests.benchmarks.fellows import prepare
from tests.benchmarks.figures import Figure, Size, percentiles
from tests.benchmarks.hot_pages import each_alone
from tests.benchmarks.installation import PROFILES, Installation, installation
from tests.benchmarks.statements import counted_by_server
from tests.benchmarks.waiting import come_to_rest, in_turns
from tests.benchmarks.walk import Walk

USERS = {1: 4, 8: 16, 32: 32, 200: 200}
"""How many attempts there are in all, by how many fellows are at it at once."""

WARMING = 8
"""How many take the quiz before anything counts."""

Times = dict[str, list[float]]


def measure(size: Size) -> Iterator[Figure]:
    """Measure each profile."""
    loads = {1: 2, 8: 8} if size.quick else {n: USERS[n] for n in USERS if n <= size.users}
    for profile in PROFILES:
        with installation(profile) as place:
            given, emails = prepare(place, sum(loads.values()) + 9 + WARMING)
            place.start()
            people, idle = iter(emails), come_to_rest(place)
            yield Figure("memory at rest", processes.memory(place.roots), "MiB", profile)
            yield Figure("CPU at rest, a second", 1000 * idle, "ms", profile)
            _warm(place, given, list(islice(people, WARMING)))
            for users, attempts in loads.items():
                crowd = list(islice(people, attempts))
                yield from _Load(place, given, users, idle).measure(crowd)
            yield from each_alone(place, given, list(people), size)
            yield Figure("memory after load", processes.memory(place.roots), "MiB", profile)


def _warm(place: Installation, given: int, crowd: Sequence[str]) -> None:
    """Let every process meet the quiz once: what a start costs has a part of its own."""
    load = _Load(place, given, WARMING, 0)
    list(load.measure(crowd))


@dataclass
class _Load:
    """Fellows at once at an assignment; `idle` is the CPU a second that nobody causes."""

    place: Installation
    assignment_id: int
    users: int
    idle: float

    def measure(self, crowd: Sequence[str]) -> Iterator[Figure]:
        """Let a crowd sign in, then take the quiz, so many at once."""
        place, count = self.place, len(crowd)
        walks = [Walk(Browser(place.port)) for _ in crowd]
        with processes.peak_memory(place.roots) as most:
            coming = [(walk.sign_in, email) for walk, email in zip(walks, crowd, strict=True)]
            entering, _, shut_out = self._run(coming)
            if shut_out:
                raise shut_out[0]
            failed: list[BaseException] = []
            with counted_by_server(place) as counted:
                taking, lasted, failed = self._run([(w.take, self.assignment_id) for w in walks])
        times: Times = defaultdict(list)
        for name, seconds in chain.from_iterable(walk.times.items() for walk in walks):
            times[name] += seconds
        if len(failed) == count:
            raise failed[0]
        done = count - len(failed)
        of = f", {self.users} users" if self.users > 1 else ", 1 user"
        beside = taking.service - self.idle * lasted
        yield from (
            Figure(f"attempt, CPU{of}", taking.service / done, "s", place.profile),
            Figure(f"attempt, CPU less that at rest{of}", beside / done, "s", place.profile),
            Figure(f"sign-in, CPU{of}", 1000 * entering.service / count, "ms", place.profile),
            Figure(f"client, CPU an attempt{of}", taking.asker / done, "s", place.profile),
            Figure(f"attempts a second{of}", done / lasted, "1/s", place.profile),
            Figure(f"attempts that failed{of}", len(failed), f"of {count}", place.profile),
            Figure(f"sign-ins put off{of}", len(times["put off"]), f"of {count}", place.profile),
            Figure(f"memory, most{of}", most[0], "MiB", place.profile),
            Figure(f"sent to the browser{of}", _bytes(walks) / done / 1024, "KiB", place.profile),
        )
        for name, value in counted.items():
            yield Figure(f"{name} of an attempt{of}", value / done, "", place.profile)
        for name in ("save", "view", "result", "submit to visible", "sign in"):
            yield from percentiles(f"{name}{of}", times[name], place.profile)

    def _run(
        self, acts: Sequence[tuple[Callable[[Any], Coroutine[Any, Any, None]], Any]]
    ) -> tuple[processes.Used, float, list[BaseException]]:
        """Carry out acts, so many at once; return what it used, how long, and what went wrong."""
        began = time.perf_counter()
        with processes.watched(self.place.roots) as used:
            went = asyncio.run(in_turns(self.users, [act(told) for act, told in acts]))
        return used, time.perf_counter() - began, [each for each in went if each is not None]


def _bytes(walks: Sequence[Walk]) -> int:
    return sum(walk.browser.received for walk in walks)
