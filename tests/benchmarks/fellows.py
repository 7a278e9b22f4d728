"""Fellows with a quiz to take, and the way one takes it: as the player asks, page by page."""

import asyncio
import re
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import timedelta
from time import perf_counter

from sqlalchemy import select

from lms.cases.models import Item, StoredCase
from lms.core.clock import utcnow
from lms.core.db import db, transaction
from lms.people.models import Role
from lms.quizzes.arranging.services import add_item
from lms.quizzes.assembling.services import create_quiz
from lms.quizzes.assigning.services import AssignmentTerms, assign
from lms.signin.passwords import hash_password
from tests.benchmarks.browser import TOO_SOON, Browser
from tests.benchmarks.installation import Installation
from tests.factories import make_cohort, make_fellow, make_user

ITEMS = 20
PASSWORD = "a harmless long sentence"

FIRST_LOOK = 0.3
"""Seconds until the page that waits for a grade looks; then half a second, and half as long again
each time (`static/result/waiting.js`)."""

_POSITION = re.compile(r'data-item="(\d+)"')


def prepare(place: Installation, fellows: int) -> tuple[int, list[str]]:
    """Return an assignment of a quiz of 20 items, each of another case, and who is to take it."""
    with place.app.app_context(), transaction():
        now = utcnow()
        secret = hash_password(PASSWORD)
        people = [make_fellow() for _ in range(fellows)]
        for each in people:
            each.password_hash = secret
        faculty = make_user(Role.FACULTY)
        quiz = create_quiz(faculty, title="Bench", now=now)
        for item_id in _one_of_each_case():
            add_item(faculty, quiz.id, item_id, now=now)
        day = timedelta(days=1)
        terms = AssignmentTerms(now - day, now + day, now + 2 * day)
        cohort = make_cohort(*people)
        given = assign(faculty, quiz.id, cohort_id=cohort.id, terms=terms, now=now)
        return given.id, [each.email for each in people]


def _one_of_each_case() -> list[int]:
    query = (
        select(Item.case_id, Item.id)
        .join(StoredCase, StoredCase.id == Item.case_id)
        .where(Item.kind == "single_best_answer", Item.use != "formative")
        .where(StoredCase.unfolds.is_(False), StoredCase.fault.is_(None))
        .order_by(Item.id)
    )
    found: dict[int, int] = {}
    for case_id, item_id in db.session.execute(query):
        found.setdefault(case_id, item_id)
    return list(found.values())[:ITEMS]


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
        pause = FIRST_LOOK
        while "data-status=" in page:
            await asyncio.sleep(pause)
            pause = 0.5 if pause == FIRST_LOOK else 1.5 * pause
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
