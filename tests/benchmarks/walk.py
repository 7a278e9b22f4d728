"""The way a fellow takes a quiz: as the pages and the player ask, one after the other."""

import asyncio
import re
from collections import defaultdict
from dataclasses import dataclass, field
from time import perf_counter

from tests.benchmarks.browser import TOO_SOON, Browser
from tests.benchmarks.fellows import ITEMS, PASSWORD

LOOKS = (0.04, 0.06)
"""Seconds until the page that waits for a grade looks for the first and the second time; then half
as long again each time (`static/result/waiting.js`)."""

_POSITION = re.compile(r'data-item="(\d+)"')


@dataclass
class Walk:
    """One fellow's browser; `times` collects seconds by what was asked, for many fellows."""

    browser: Browser
    times: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    attempt: str = ""

    async def sign_in(self, email: str) -> None:
        """Come in by the form; who is told to wait tries again after a second."""
        await self.browser.get("/sign-in")
        while True:
            answer = await self.browser.post("/sign-in", email=email, password=PASSWORD)
            if answer.status != TOO_SOON:
                break
            self.times["put off"].append(answer.seconds)
            await asyncio.sleep(1)
        self.times["sign in"].append(answer.seconds)
        assert answer.location, "not signed in"
        self.browser.close()

    async def come_back(self, email: str) -> None:
        """Sign in and open the attempt that runs."""
        await self.sign_in(email)
        await self.browser.get(self.attempt)
        self.browser.close()

    async def begin(self, assignment_id: int) -> None:
        """Go from home over the rules into an attempt."""
        await self.browser.get("/home")
        await self.browser.get(f"/assignments/{assignment_id}/begin")
        begun = await self.browser.post(f"/assignments/{assignment_id}/begin")
        self.times["begin"].append(begun.seconds)
        self.attempt = begun.location.partition("/cases/")[0]

    async def view(self, number: int) -> list[int]:
        """Open a case and return the positions of its items."""
        page = await self.browser.get(f"{self.attempt}/cases/{number}")
        self.times["view"].append(page.seconds)
        return [int(each) for each in _POSITION.findall(page.text)]

    async def save(self, position: int, seq: int) -> None:
        """Answer an item."""
        choice = [str(seq % 3)]
        where = f"{self.attempt}/items/{position}"
        answer = await self.browser.send(where, f"bench-{position}", seq, answer=choice)
        self.times["save"].append(answer.seconds)

    async def hand_in(self) -> None:
        """Look over all items, hand in, and wait until the result is on the screen."""
        await self.browser.get(self.attempt)
        await self.submit()

    async def submit(self) -> None:
        """Hand in, and wait until the result is on the screen."""
        began = perf_counter()
        answer = await self.browser.post(f"{self.attempt}/submit")
        self.times["submit"].append(answer.seconds)
        page = await self.result()
        pause, following = LOOKS
        while "data-status=" in page:
            await asyncio.sleep(pause)
            pause, following = following, 1.5 * following
            if (await self.browser.look(f"{self.attempt}/status"))["state"] == "graded":
                page = await self.result()
        self.times["submit to visible"].append(perf_counter() - began)

    async def result(self) -> str:
        """Open the result."""
        page = await self.browser.get(f"{self.attempt}/result")
        self.times["result"].append(page.seconds)
        return page.text

    async def take(self, assignment_id: int) -> None:
        """Take the quiz: each case opened, each item answered once, handed in, result read."""
        await self.begin(assignment_id)
        for number in range(1, ITEMS + 1):
            for position in await self.view(number):
                await self.save(position, 1)
        await self.hand_in()
        self.browser.close()
