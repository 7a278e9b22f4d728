"""What a save, the page of a case and a result cost alone, with nothing else between."""

import asyncio
from collections.abc import Callable, Coroutine, Iterator, Sequence
from typing import Any

from tests.benchmarks import processes
from tests.benchmarks.browser import Browser
from tests.benchmarks.fellows import ITEMS
from tests.benchmarks.figures import Figure, Size
from tests.benchmarks.installation import Installation
from tests.benchmarks.walk import Walk

TIMES = 100
"""How often each is asked for."""


def each_alone(
    place: Installation, given: int, people: Sequence[str], size: Size
) -> Iterator[Figure]:
    """Measure what one page alone costs, asked for over and over by 1 and by 8 fellows."""
    times = size.of(TIMES, 10)
    for crowd in (people[:1], people[1:]):
        users = len(crowd)
        walks = [Walk(Browser(place.port)) for _ in crowd]
        for name, used in asyncio.run(_asked(place, walks, crowd, given, times)).items():
            cost = 1000 * used.service / (times * users)
            of = f", {users} users" if users > 1 else ", 1 user"
            yield Figure(f"{name}, CPU{of}", cost, "ms", place.profile)


async def _asked(
    place: Installation, walks: Sequence[Walk], people: Sequence[str], given: int, times: int
) -> dict[str, processes.Used]:
    for walk, email in zip(walks, people, strict=True):
        await walk.sign_in(email)
        await walk.begin(given)
    acts: dict[str, Callable[[Walk, int], Coroutine[Any, Any, object]]] = {
        "view": lambda walk, n: walk.view(n % ITEMS + 1),
        "save": lambda walk, n: walk.save(n % ITEMS + 1, n + 1),
        "result": lambda walk, n: walk.result(),
    }
    used = {}
    for name, act in acts.items():
        if name == "result":
            await asyncio.gather(*(walk.submit() for walk in walks))
        with processes.watched(place.roots) as used[name]:
            await asyncio.gather(*(_again(act, walk, times) for walk in walks))
    for walk in walks:
        walk.browser.close()
    return used


async def _again(
    act: Callable[[Walk, int], Coroutine[Any, Any, object]], walk: Walk, times: int
) -> None:
    for n in range(times):
        await act(walk, n)
