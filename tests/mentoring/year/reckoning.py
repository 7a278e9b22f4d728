"""What weekly mails ought to say, reckoned anew and plainly from what the test wrote down.

Nothing here calls what it checks: shares, chances, periods and days are counted by hand.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import cache
from math import exp, lgamma, log, sqrt
from zoneinfo import ZoneInfo

from lms.mentoring.digests.rhythms import Rhythm
from tests.mentoring.year.plan import (
    BEGINS,
    DAY,
    ENDS,
    HOUR,
    PlannedBond,
    PlannedFellow,
    PlannedMentor,
    PlannedQuiz,
)
from tests.mentoring.year.record import Answered, Record

EIGHT_WEEKS, LAST = 56 * DAY, 40

LINE, SURE, SURE_OF_ONE, UNLIKELY = 0.70, 0.80, 0.90, 0.20
"""The program's line, and the chances that decide; see `question_bank.verdict`."""

SILENT_HOURS = 21 * 24


def moment(day: date, hour: int, zone: str) -> datetime:
    """Return when clocks in *zone* show that hour of a day; of an hour that they skip, after it."""
    return datetime.combine(day, time(hour), ZoneInfo(zone)).astimezone(UTC)


def day_of(when: datetime, zone: str) -> date:
    """Return which day it is in *zone* then."""
    return when.astimezone(ZoneInfo(zone)).date()


@cache
def chance_below(right: int, items: int) -> float:
    """Return the chance of a true share under the line, by adding up slices of the density."""
    a, b = 8 * LINE + right, 8 * (1 - LINE) + items - right
    steps = 2000
    scale = lgamma(a + b) - lgamma(a) - lgamma(b)
    width = LINE / steps
    total = 0.0
    for step in range(steps):
        x = (step + 0.5) * width
        total += exp(scale + (a - 1) * log(x) + (b - 1) * log(1 - x)) * width
    return total


def percent(share: float) -> int:
    """Return whole percent; neither none nor all where it is not quite that."""
    nearest = int(share * 100 + 0.5)
    return min(max(nearest, 1), 99) if 0 < share < 1 else nearest


def figure(right: int, items: int) -> str:
    """Return a share as the table of a mail says it."""
    if not items:
        return "no items yet"
    if items < 10:
        return f"{right} of {items}, too few for a share (10 needed)"
    p, z = right / items, 1.96
    middle, half = p + z * z / (2 * items), z * sqrt(p * (1 - p) / items + (z / items) ** 2 / 4)
    low, high = ((middle + sign * half) / (1 + z * z / items) for sign in (-1, 1))
    low, high = (low if right else 0.0), (high if right < items else 1.0)
    return f"{right} of {items} ({percent(p)}%, 95% interval {percent(low)} to {percent(high)}%)"


@dataclass(frozen=True)
class ExpectedOfFellow:
    """What a mail is to say of a fellow.

    `news` are the new first answers and how many were right, `window` those that shares count,
    since `start`. `why` are the kinds of reasons for a word.
    """

    fellow: str
    news: tuple[int, int]
    window: tuple[Answered, ...]
    start: datetime
    why: frozenset[str]

    @property
    def state(self) -> str:
        """Whether a word is needed, nothing is, or there is too little to say."""
        if self.why:
            return "talk"
        right, items = counted(self.window)
        held_up = any(
            n >= 4 and chance_below(x, n) >= SURE for x, n in by_approach(self.window).values()
        )
        fine = items >= 10 and chance_below(right, items) <= UNLIKELY and not held_up
        return "fine" if fine else "too little to say"


@dataclass(frozen=True)
class ExpectedMail:
    """A weekly mail that is to come, at a moment, about all fellows or those in need alone."""

    mentor: str
    at: datetime
    day: date
    for_all: bool
    full: bool
    every: tuple[ExpectedOfFellow, ...]

    @property
    def about(self) -> list[ExpectedOfFellow]:
        """Whom it speaks of."""
        return [each for each in self.every if self.for_all or each.state == "talk"]


def counted(answers: Iterable[Answered]) -> tuple[int, int]:
    """Return how many of the answers are right, and how many there are."""
    every = list(answers)
    return sum(each.right for each in every), len(every)


def by_approach(answers: Iterable[Answered]) -> dict[str, tuple[int, int]]:
    """Return the same of each approach."""
    every = list(answers)
    names = ("pharmacological", "interventional", "rehabilitative", "psychological")
    return {name: counted(each for each in every if each.approach == name) for name in names}


class Reckoning:
    """All weekly mails of a year, as they ought to be."""

    def __init__(self, record: Record) -> None:
        self.record, self.plan = record, record.plan

    def mails_to(self, mentor: PlannedMentor) -> list[ExpectedMail]:
        """Return the weekly mails that a mentor ought to get, in order."""
        found: list[ExpectedMail] = []
        last_day = BEGINS - DAY
        reported: datetime | None = None
        told: dict[str, datetime] = {}
        for number in range((ENDS - BEGINS).days):
            day = BEGINS + number * DAY
            rhythm, since = self._rhythm(mentor, day)
            bonds = [
                bond
                for bond in self.plan.bonds
                if bond.mentor == mentor.name
                and bond.holds(day)
                and (bond.first < day or bond.away)
            ]
            if day.weekday() != rhythm.weekday or day <= last_day or not bonds:
                continue
            last_day = day
            at, until = moment(day, rhythm.hour, mentor.zone), moment(day, 0, mentor.zone)
            present = [
                bond
                for bond in bonds
                if not self.plan.is_stood_in_with(mentor.name, bond.fellow, day, day)
            ]
            first = min(moment(self._began(bond), 0, mentor.zone) for bond in bonds)
            begins = max(reported or moment(day - rhythm.weeks * 7 * DAY, 0, mentor.zone), first)
            every = tuple(
                self._of_fellow(
                    self.plan.fellow(bond.fellow),
                    max(
                        begins,
                        moment(self._began(bond), 0, mentor.zone),
                        told.get(bond.fellow, begins),
                    ),
                    until,
                    at,
                )
                for bond in sorted(present, key=lambda bond: bond.fellow)
            )
            monday = since - since.weekday() * DAY
            for_all = (day - monday).days // 7 % rhythm.weeks == 0
            mail = ExpectedMail(mentor.name, at, day, for_all, rhythm.full, every)
            if mail.about:
                found.append(mail)
                whole = for_all and present == bonds
                told |= {} if whole else {each.fellow: until for each in mail.about}
                reported = until if whole else reported
        return found

    def _began(self, bond: PlannedBond) -> date:
        """Return since when there is a mentor in whose place this one looks after a fellow."""
        same = [each for each in self.plan.bonds if each.fellow == bond.fellow]
        return min(each.first for each in same if each in (bond,) or each.mentor == bond.away)

    def _rhythm(self, mentor: PlannedMentor, day: date) -> tuple[Rhythm, date]:
        """Return which rhythm a mentor has on *day*, and from when on its weeks are counted."""
        chosen = [(BEGINS - DAY, mentor.rhythm or Rhythm())]
        chosen += self.plan.rhythms.get(mentor.name, ())
        since, rhythm = [each for each in chosen if each[0] < day][-1]
        return rhythm, since

    def _of_fellow(
        self, fellow: PlannedFellow, fresh_since: datetime, until: datetime, at: datetime
    ) -> ExpectedOfFellow:
        own = [each for each in self.record.answers if each.fellow == fellow.name and each.at < at]
        joined = moment(BEGINS, 0, fellow.zone)
        fresh_since = max(fresh_since, joined)
        known = sorted((each for each in own if each.at < until), key=lambda each: each.at)
        start = until - EIGHT_WEEKS
        if known:
            start = min(start, known[-LAST:][0].at)
        start = max(start, joined)
        window = tuple(each for each in known if each.at >= start)
        right, items = counted(each for each in known if each.at >= fresh_since)
        return ExpectedOfFellow(
            fellow.name,
            (items, right),
            window,
            start,
            frozenset(self._why(fellow, own, window, min(fresh_since, until - 7 * DAY), until, at)),
        )

    def _why(
        self,
        fellow: PlannedFellow,
        own: list[Answered],
        window: tuple[Answered, ...],
        late_since: datetime,
        until: datetime,
        at: datetime,
    ) -> Iterable[str]:
        """Yield the reasons for a word with a fellow."""
        left = [
            quiz
            for quiz in self.plan.quizzes
            if quiz.cohort == fellow.cohort and quiz.opens <= at
            and not any(each.quiz == quiz for each in own)
        ]  # fmt: skip
        if any(self._is_late(fellow, quiz, late_since, until, at) for quiz in left):
            yield "late"
        if any(each.unsafe and not self._is_settled(each, at) for each in window):
            yield "unsafe"
        right, items = counted(window)
        if items >= 8 and chance_below(right, items) >= SURE:
            yield "share"
        if any(
            n >= 8 and chance_below(x, n) >= SURE_OF_ONE for x, n in by_approach(window).values()
        ):
            yield "approach"
        if self._open_hours(fellow, own, left, until, at) >= SILENT_HOURS:
            yield "silent"

    def _is_settled(self, choice: Answered, at: datetime) -> bool:
        talked = self.record.settled.get(choice.response_id)
        return talked is not None and talked < at

    def _is_away(self, fellow: PlannedFellow, when: datetime) -> bool:
        return fellow.away is not None and fellow.away.has(day_of(when, fellow.zone))

    def _is_late(
        self,
        fellow: PlannedFellow,
        quiz: PlannedQuiz,
        since: datetime,
        until: datetime,
        at: datetime,
    ) -> bool:
        """Return whether a quiz that was not handed in is overdue, or was missed of late."""
        if self._is_away(fellow, quiz.due):
            return False
        missed = at >= quiz.closes
        if not missed and (at <= quiz.due or self._is_away(fellow, at)):
            return False
        return (quiz.due < until <= quiz.closes) or (missed and since <= quiz.closes < until)

    def _open_hours(
        self,
        fellow: PlannedFellow,
        own: list[Answered],
        left: list[PlannedQuiz],
        until: datetime,
        at: datetime,
    ) -> int:
        """Return in how many hours since the last answer something was open, leave apart."""
        last = max((each.saved_at for each in own), default=moment(BEGINS, 0, fellow.zone))
        hours = {
            quiz.opens + number * HOUR
            for quiz in left
            if at < quiz.closes or not self._is_away(fellow, quiz.due)
            for number in range((quiz.closes - quiz.opens) // HOUR)
        }
        return sum(last <= hour < until and not self._is_away(fellow, hour) for hour in hours)
