"""A program in which six fellows are in a cohort, and four of them are given a quiz."""

import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from icalendar import Calendar
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from lms.attempts.models import Attempt
from lms.core.clock import utcnow
from lms.core.db import db, transaction
from lms.people.models import Role, User
from lms.quizzes.arranging import services as arranging
from lms.quizzes.assembling import services as quizzes
from lms.signin import sessions
from tests.attempts.factories import case_body, choice_item, number_item, store_case
from tests.factories import make_cohort, make_user
from tests.faults.conftest import Stage
from tests.journeys.stack import SinkPost
from tests.mail.sink import Sink

TITLE = "Ward rounds"

DAY = timedelta(days=1)

FELLOWS = ("Okafor", "Brandt", "Costa", "Diallo", "Eklund", "Farah")
"""Farah is in the cohort, and is not given the quiz."""


@dataclass
class Ward:
    """The service's own processes, browsers in which people are signed in, and a mail server.

    `given` is the assignment, once the quiz is assigned.
    """

    stage: Stage
    browser: Browser
    sink: Sink
    people: dict[str, User]
    quiz: int
    given: int = 0
    opened: dict[str, Page] = field(default_factory=dict)
    contexts: list[BrowserContext] = field(default_factory=list)

    @property
    def page(self) -> str:
        """The address of the assignment, for who supervises it."""
        return f"/assignments/{self.given}"

    @property
    def rules(self) -> str:
        """The address of the assignment's rules, for its fellows."""
        return f"{self.page}/begin"

    def at(self, who: str, address: str) -> Page:
        """Return the page of somebody, in a browser of the own, at an address."""
        page = self.opened.get(who) or self._come_in(who)
        page.goto(self.stage.service.url + address)
        return page

    def _come_in(self, who: str) -> Page:
        client = self.stage.app.test_client()
        with self.stage.app.app_context(), transaction():
            secret = sessions.start(self.people[who], browser="test", now=utcnow())
        with client.session_transaction(base_url=self.stage.service.url) as session:
            session["_user_id"] = secret
        cookie = client.get_cookie("session", domain="127.0.0.1")
        assert cookie is not None
        context = self.browser.new_context(reduced_motion="reduce")
        context.set_default_timeout(15_000)
        own = {"name": "session", "value": cookie.value, "url": self.stage.service.url}
        context.add_cookies([own])  # type: ignore[list-item]
        self.contexts.append(context)
        return self.opened.setdefault(who, context.new_page())

    def row(self, who: str, of: str) -> Locator:
        """Return the line on a fellow, on the page of the assignment as somebody sees it."""
        return self.at(who, self.page).locator(f"#fellow-{self.people[of].id}")

    def attempt(self, who: str) -> Attempt:
        """Return the attempt of a fellow."""
        with self.stage.app.app_context():
            own = db.select(Attempt).where(Attempt.fellow_id == self.people[who].id)
            return db.session.scalars(own).one()

    def mailed(self, who: str, subject: str) -> str:
        """Return the text of the newest mail to somebody about something, once it has come."""
        return SinkPost(self.sink).text(self.people[who].email, subject)

    def subjects(self, who: str) -> list[str]:
        """Return the subjects of the mails that have come to somebody."""
        address = self.people[who].email
        return [str(mail["Subject"]) for mail in self.sink.messages() if address in mail["To"]]

    def beat(self) -> None:
        """Ring for what beat rings for every five minutes."""
        self.stage.ring("supervision.remind")

    def calendar(self, who: str) -> dict[str, dict[str, object]]:
        """Return what the calendar of a fellow says, by what an event is called."""
        page = self.at(who, "/settings")
        make = page.get_by_role("button", name="Make an address")
        if make.count():
            make.click()
        address = page.locator("#calendar-card code").inner_text()
        with urllib.request.urlopen(address, timeout=10) as answer:
            read = Calendar.from_ical(answer.read())
        return {
            str(event["summary"]).partition(":")[0]: {
                "at": event["dtstart"].dt,
                "says": str(event["description"]),
            }
            for event in read.walk("VEVENT")
        }


@contextmanager
def ward_of(stage: Stage, browser: Browser, sink: Sink) -> Iterator[Ward]:
    """Yield the program; its web and its worker run."""
    now = utcnow().replace(second=0, microsecond=0)
    with stage.app.app_context():
        ward = _fill(stage, browser, sink, now)
    stage.service.start_web()
    stage.service.start_worker()
    yield ward
    for context in ward.contexts:
        context.close()


def _fill(stage: Stage, browser: Browser, sink: Sink, now: datetime) -> Ward:
    with transaction():
        people = {
            name: make_user(role, name=f"Dr. {name}", email=f"{name.lower()}@example.org")
            for role, names in (
                (Role.FELLOW, FELLOWS),
                (Role.FACULTY, ["Adams"]),
                (Role.DIRECTOR, ["Roth"]),
            )
            for name in names
        }
        make_cohort(*(people[name] for name in FELLOWS))
        items = (choice_item("first"), choice_item("second"), number_item("dose"))
        case = store_case(case_body(*items, slug="ward"))
        quiz = quizzes.create_quiz(people["Adams"], title=TITLE, now=now - 2 * DAY)
        arranging.add_case(people["Adams"], quiz.id, case.id, now=now - 2 * DAY)
    return Ward(stage, browser, sink, people, quiz.id)


def flashed(page: Page, words: str) -> None:
    """Expect what a page says that was done."""
    expect(page.get_by_text(words)).to_be_visible()
