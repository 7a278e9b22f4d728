"""Three days in which clocks change: five beats at once tell each fact once, and no mail is lost.

New York puts its clocks forward on March 14, at 07:00 UTC; the other zones change later. From nine
in the evening to seven in the morning nobody wants mails.
"""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime, time, timedelta
from threading import Barrier, Event

import pytest
from flask import Flask

from lms.core.db import db, transaction
from lms.core.mail import MailState, Message, delivery
from lms.core.mail.transports import transport_of
from lms.core.settings import change_settings_of_program
from lms.notices.models import Notice
from lms.notices.quiet_hours import QUIET_HOURS, QuietHours
from lms.people.models import Role, User
from lms.quizzes.models import Quiz
from lms.supervision.reminding.services import remind
from tests.attempts.factories import make_assignment
from tests.factories import make_user
from tests.mail.sink import Sink

HOUR = timedelta(hours=1)

BEGINS = datetime(2027, 3, 13, 20, tzinfo=UTC)

DUE = datetime(2027, 3, 16, 16, tzinfo=UTC)

HOURS = tuple(
    datetime(2027, 3, day, hour, tzinfo=UTC)
    for day, hours in {
        13: (20, 21),
        14: (5, 6, 7, 8, 10, 11, 12, 15, 16, 17, 18, 19),
        15: (6, 15, 16, 17),
        16: (6, 15, 16, 17),
    }.items()
    for hour in hours
)
"""When beats sweep: around each moment at which something is to be told, or quiet hours end."""

BEATS = 5

ZONES = {
    "york": "America/New_York",
    "berlin": "Europe/Berlin",
    "auckland": "Pacific/Auckland",
    "director": "America/New_York",
}


class Days:
    """A quiz for three fellows, and a director. What the sink takes is noted hour by hour."""

    def __init__(self, app: Flask, sink: Sink) -> None:
        self.app, self.sink, self.now = app, sink, BEGINS - HOUR
        self.arrived: list[tuple[datetime, str, str]] = []
        self.pool = ThreadPoolExecutor(2 * BEATS)
        night = QuietHours(time(21), time(7))
        with app.app_context(), transaction():
            change_settings_of_program(None, {QUIET_HOURS: night}, now=BEGINS)
            people = {name: _person(name) for name in ZONES}
            given = make_assignment(*(people[name] for name in ZONES if name != "director"))
            db.session.execute(db.update(Quiz).values(title="March rounds"))
            given.created_at, given.opens_at = BEGINS, BEGINS + 12 * HOUR
            given.due_at = given.closes_at = given.results_at = DUE

    def go_on(self, until: datetime) -> None:
        """Let hours pass: in each, five beats sweep at once, and each mail is taken up twice."""
        for self.now in [each for each in HOURS if self.now < each <= until]:
            self.sweep()
            for each in [self.carry(number) for number in self.due() * 2]:
                each.result(30)
            for mail in self.sink.messages()[len(self.arrived) :]:
                self.arrived.append((self.now, str(mail["To"]), str(mail["Subject"])))

    def sweep(self) -> None:
        """Have five beats sweep at the same moment."""
        start = Barrier(BEATS)

        def beat() -> None:
            start.wait(30)
            for act in (delivery.sweep, remind):
                with self.app.app_context(), transaction():
                    act(now=self.now)

        for each in [self.pool.submit(beat) for _ in range(BEATS)]:
            each.result(30)

    def due(self) -> list[int]:
        """Return the mails that wait to be sent now."""
        waits = (Message.state == MailState.QUEUED) & (Message.next_try_at <= self.now)
        with self.app.app_context():
            return list(db.session.scalars(db.select(Message.id).where(waits)))

    def carry(self, number: int) -> Future[None]:
        """Have a worker send a mail, as `mail.deliver` does, at this moment."""
        return self.pool.submit(_carry, self.app, number, self.now)

    def states(self) -> Counter[MailState]:
        """Return how many mails there are of each state."""
        with self.app.app_context():
            return Counter(db.session.scalars(db.select(Message.state)))

    def told(self, name: str) -> list[tuple[str, str]]:
        """Return what somebody was mailed: when by UTC, and the subject."""
        mine = [each for each in self.arrived if f"{name}@example.org" in each[1]]
        return sorted((f"{at:%d %H:%M}", subject) for at, _, subject in mine)


def _person(name: str) -> User:
    role = Role.DIRECTOR if name == "director" else Role.FELLOW
    return make_user(role, email=f"{name}@example.org", time_zone=ZONES[name])


def _carry(app: Flask, number: int, now: datetime) -> None:
    def before_body() -> bool:
        with transaction():
            return delivery.hand_over(parcel, now=now)

    with app.app_context():
        with transaction():
            claimed = delivery.claim(number, now=now)
        if claimed is None:
            return
        parcel = claimed
        outcome = transport_of(app.extensions["settings"]).send(parcel, before_body)
        with transaction():
            delivery.conclude(parcel, outcome, now=now)


@pytest.fixture
def days(app: Flask, sink: Sink, monkeypatch: pytest.MonkeyPatch) -> Iterator[Days]:
    address = f"smtp://127.0.0.1:{sink.port}"
    monkeypatch.setattr(app.extensions["settings"], "smtp_url", address)
    days = Days(app, sink)
    yield days
    days.pool.shutdown()


def notices(app: Flask) -> int:
    with app.app_context():
        return db.session.scalar(db.select(db.func.count()).select_from(Notice)) or 0


def test_each_is_told_each_fact_once_after_quiet_hours_and_by_the_own_clock(
    app: Flask, days: Days
) -> None:
    days.go_on(DUE + HOUR)

    assigned, opened = "“March rounds” is assigned to you", "“March rounds” is open"
    assert days.told("york") == [
        ("13 20:00", assigned),
        ("14 11:00", opened),  # at seven, an hour earlier by UTC than the day before
        ("14 16:00", "“March rounds” is due Tue Mar 16, 12:00 PM Eastern"),
    ]
    assert days.told("berlin") == [
        ("14 06:00", assigned),
        ("14 08:00", opened),
        ("14 16:00", "“March rounds” is due Tue Mar 16, 5:00 PM Berlin time"),
    ]
    assert days.told("auckland") == [
        ("13 20:00", assigned),
        ("14 18:00", "“March rounds” is due Wed Mar 17, 5:00 AM Auckland time"),
        ("14 18:00", opened),
    ]
    assert days.told("director") == [("15 16:00", "3 fellows have not begun “March rounds”")]
    assert days.states() == {MailState.SENT: 10}
    assert notices(app) == 10


def test_a_server_that_hangs_holds_up_no_beat_and_nothing_is_sent_twice_or_lost(
    app: Flask, days: Days
) -> None:
    hung, let_go = Event(), Event()

    def hang() -> str:
        hung.set()
        let_go.wait(120)
        return "250 late"

    days.sink.script["DOT"] = [hang]
    days.now = BEGINS
    days.sweep()
    first, *_ = days.due()
    held = days.carry(first)
    assert hung.wait(20)

    days.go_on(DUE)
    let_go.set()
    held.result(20)
    days.go_on(DUE + HOUR)

    subjects = Counter((to, subject) for _, to, subject in days.arrived)
    assert len(subjects) == 11
    assert set(subjects.values()) == {1}
    assert days.told("director")[0] == ("13 21:00", "1 mail may not have arrived")
    assert days.states() == {MailState.SENT: 10, MailState.UNCERTAIN: 1}
    assert notices(app) == 11
