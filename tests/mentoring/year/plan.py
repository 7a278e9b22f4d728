"""What is to happen in a year: who there is, what is asked when, and how people are. Values only.

In that year American clocks change on Nov 7 and Mar 12, European ones on Oct 31 and Mar 26, and
February has 29 days.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import NamedTuple

from lms.mentoring.digests.rhythms import Rhythm

HOUR, DAY = timedelta(hours=1), timedelta(days=1)

BEGINS, ENDS = date(2027, 7, 1), date(2028, 6, 30)

EASTERN = "America/New_York"

TOPICS = (
    "pharm-opioid-prescribing",
    "pharm-neuropathic",
    "intv-facet-denervation",
    "intv-epidural-steroid",
    "rehab-spine",
    "psych-cbt",
)
"""What each quiz asks about, an item each."""

APPROACHES: Mapping[str, str] = {
    "pharm": "pharmacological",
    "intv": "interventional",
    "rehab": "rehabilitative",
    "psych": "psychological",
}


def approach_of(topic: str) -> str:
    """Return the approach to which a topic belongs."""
    return APPROACHES[topic.partition("-")[0]]


class Span(NamedTuple):
    """Days, both included."""

    first: date
    last: date

    def has(self, day: date) -> bool:
        """Return whether *day* is one of them."""
        return self.first <= day <= self.last


@dataclass(frozen=True)
class PlannedFellow:
    """A fellow: of which cohort (0 or 1), and how good, in percent; `weak` is an approach.

    Of every so many quizzes one is left out (`skips`), and of every so many wrong answers one is
    unsafe (`harms`); 0: none. In `silent` nothing is taken, nor while the fellow is `away`.
    """

    name: str
    cohort: int
    skill: int
    weak: str = ""
    zone: str = EASTERN
    skips: int = 0
    harms: int = 0
    silent: Span | None = None
    away: Span | None = None

    def is_right(self, quiz: int, topic: str) -> bool:
        """Return whether the fellow gets an item right."""
        skill = 40 if approach_of(topic) == self.weak else self.skill
        return Random(f"{self.name} {quiz} {topic}").randrange(100) < skill

    def takes(self, quiz: int, opens: datetime) -> datetime | None:
        """Return when the fellow begins a quiz; None: not at all. One of six begins it late."""
        chance = Random(f"{self.name} {quiz}")
        days = 7.25 if chance.randrange(6) == 0 else chance.randrange(1, 7)
        begins = opens + days * DAY + chance.randrange(6) * HOUR
        out = [span for span in (self.silent, self.away) if span and span.has(begins.date())]
        skipped = self.skips and quiz % self.skips == self.skips - 1
        return None if out or skipped else begins


@dataclass(frozen=True)
class PlannedMentor:
    """A mentor: with which rhythm, and what comes of mails, one after another.

    `acts` are what is done about a word that is asked for: "talk", "goal", "not needed", or
    nothing. `rests`: nothing at all is looked at on these days.
    """

    name: str
    zone: str = EASTERN
    rhythm: Rhythm | None = None
    acts: tuple[str, ...] = ("talk", "talk", "not needed", "goal")
    rests: Span | None = None


@dataclass(frozen=True)
class PlannedBond:
    """That a mentor looks after a fellow, from a day to a day; maybe for another who is `away`."""

    mentor: str
    fellow: str
    first: date = BEGINS
    last: date = ENDS
    away: str = ""

    def holds(self, day: date) -> bool:
        """Return whether it does on *day*."""
        return self.first <= day <= self.last


@dataclass(frozen=True)
class PlannedQuiz:
    """A quiz that is given to a cohort; it opens, is due and closes at a whole hour."""

    number: int
    cohort: int
    opens: datetime

    @property
    def title(self) -> str:
        """How it is called."""
        return f"Rounds {self.number + 1} of {'East' if self.cohort == 0 else 'West'}"

    @property
    def due(self) -> datetime:
        """When it is due."""
        return self.opens + 7 * DAY

    @property
    def closes(self) -> datetime:
        """When it closes."""
        return self.opens + 11 * DAY


@dataclass(frozen=True)
class Plan:
    """A year: of how many fellows a cohort, and how many quizzes each is given."""

    fellows: tuple[PlannedFellow, ...]
    quizzes: tuple[PlannedQuiz, ...]
    mentors: tuple[PlannedMentor, ...]
    bonds: tuple[PlannedBond, ...]
    rhythms: Mapping[str, tuple[tuple[date, Rhythm], ...]] = field(default_factory=dict)

    def fellow(self, name: str) -> PlannedFellow:
        """Return one of the fellows."""
        return next(each for each in self.fellows if each.name == name)

    def is_stood_in_with(self, mentor: str, fellow: str, first: date, last: date) -> bool:
        """Return whether a deputy of a mentor has the fellow on one of the days up to *last*."""
        return any(
            (bond.away, bond.fellow) == (mentor, fellow)
            and bond.first <= last
            and first <= bond.last
            for bond in self.bonds
        )

    def mentor(self, name: str) -> PlannedMentor:
        """Return one of the mentors."""
        return next(each for each in self.mentors if each.name == name)


FELLOWS = (
    PlannedFellow(
        "Dr. Costa", 0, 82, weak="psychological", zone="Pacific/Honolulu", harms=3,
        away=Span(date(2027, 10, 25), date(2027, 12, 5)),
    ),
    PlannedFellow(
        "Dr. Diallo", 0, 72, skips=5, silent=Span(date(2028, 1, 10), date(2028, 3, 20))
    ),
    PlannedFellow("Dr. Adeyemi", 0, 93),
    PlannedFellow("Dr. Eklund", 0, 88, skips=6),
    PlannedFellow("Dr. Farah", 0, 60, harms=5),
    PlannedFellow("Dr. Grant", 0, 90),
    PlannedFellow("Dr. Haddad", 0, 84, weak="rehabilitative", zone="America/Anchorage"),
    PlannedFellow("Dr. Ivanova", 0, 78, silent=Span(date(2027, 9, 1), date(2027, 10, 20))),
    PlannedFellow("Dr. Jensen", 1, 90, skips=7),
    PlannedFellow("Dr. Kaya", 1, 66, harms=4),
    PlannedFellow("Dr. Lund", 1, 86, weak="interventional", zone="Asia/Kolkata"),
    PlannedFellow("Dr. Mensah", 1, 95),
    PlannedFellow("Dr. Nowak", 1, 80, away=Span(date(2028, 2, 14), date(2028, 4, 2))),
    PlannedFellow("Dr. Osei", 1, 75, skips=4),
    PlannedFellow("Dr. Petrov", 1, 88, harms=2),
    PlannedFellow("Dr. Quint", 1, 70),
)  # fmt: skip
"""Eight a cohort; a shorter form has the first few of each."""

HART, ITO, NOVAK, OLSEN, REYES = "Dr. Hart", "Dr. Ito", "Dr. Novak", "Dr. Olsen", "Dr. Reyes"

MENTORS = (
    PlannedMentor(HART, EASTERN, Rhythm(weekday=6, hour=1)),
    PlannedMentor(ITO, "Asia/Tokyo", Rhythm(weeks=2, weekday=3, hour=16), ("goal", "talk", "talk")),
    PlannedMentor(NOVAK, "Europe/Berlin", Rhythm(weeks=4, weekday=1, hour=8, full=False)),
    PlannedMentor(OLSEN, EASTERN, Rhythm(weekday=6, hour=2), ("talk", "not needed")),
    PlannedMentor(
        REYES, "America/Los_Angeles", None, ("talk", ""),
        rests=Span(date(2027, 8, 20), date(2027, 11, 15)),
    ),
)  # fmt: skip

HANDED_OVER, GIVEN_ON = date(2027, 12, 31), date(2028, 3, 14)
"""The last days of Dr. Hart with her fellows, and of Dr. Novak with one of his."""

STOOD_IN = Span(date(2027, 9, 5), date(2027, 9, 25))
"""In these days Dr. Olsen stands in for Dr. Ito."""

CHANGED = date(2028, 2, 2)
"""On that Wednesday Dr. Novak chooses a mail each Monday instead."""


def a_year(*, fellows: int, quizzes: int) -> Plan:
    """Return the plan of a year with so many *fellows* and *quizzes* a cohort."""
    chosen = [
        each for cohort in (0, 1) for each in [f for f in FELLOWS if f.cohort == cohort][:fellows]
    ]
    first = datetime.combine(BEGINS + 4 * DAY, time(16), UTC)
    apart = timedelta(days=350 // quizzes)
    given = [
        PlannedQuiz(number, cohort, first + number * apart + cohort * DAY)
        for number in range(quizzes)
        for cohort in (0, 1)
    ]
    return Plan(
        tuple(chosen),
        tuple(given),
        MENTORS,
        tuple(_bonds([each.name for each in chosen])),
        {NOVAK: ((CHANGED, Rhythm()),)},
    )


def _bonds(names: list[str]) -> list[PlannedBond]:
    """Let three mentors share the fellows, two of them hand some over, and one be the second."""
    bonds = []
    for place, name in enumerate(names):
        if place % 3 == 0:
            bonds.append(PlannedBond(HART, name, last=HANDED_OVER))
            bonds.append(PlannedBond(OLSEN, name, first=HANDED_OVER + DAY))
        elif place % 3 == 1:
            bonds.append(PlannedBond(ITO, name))
        elif place == 2:
            bonds.append(PlannedBond(NOVAK, name, last=GIVEN_ON))
            bonds.append(PlannedBond(ITO, name, first=GIVEN_ON + DAY))
        else:
            bonds.append(PlannedBond(NOVAK, name))
        if place % 4 in (1, 3):
            bonds.append(PlannedBond(REYES, name))
    away = [bond for bond in bonds if bond.mentor == ITO and bond.holds(STOOD_IN.first)]
    bonds += [PlannedBond(OLSEN, bond.fellow, *STOOD_IN, away=ITO) for bond in away]
    return bonds
