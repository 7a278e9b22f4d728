"""What the test wrote down of the year, and the mails that left: all that it reckons with."""

from dataclasses import dataclass, field
from datetime import date, datetime

from tests.mentoring.year.plan import Plan, PlannedQuiz, approach_of


@dataclass(frozen=True)
class Answered:
    """An answer that was handed in at a moment, and graded at once."""

    fellow: str
    quiz: PlannedQuiz
    topic: str
    right: bool
    unsafe: bool
    saved_at: datetime
    at: datetime
    response_id: int

    @property
    def approach(self) -> str:
        """What it was about."""
        return approach_of(self.topic)


@dataclass(frozen=True)
class Words:
    """What a fellow said of the own week."""

    fellow: str
    text: str
    at: datetime


@dataclass
class AskedWord:
    """That a mail asked a mentor for a word with a fellow, and what came of it."""

    mentor: str
    fellow: str
    at: datetime
    path: str
    answer: str = ""
    answered_at: datetime | None = None
    talked_on: date | None = None


@dataclass
class AgreedGoal:
    """A goal that a mentor set from a mail, and the fellow agreed to.

    `moved_to` is its later day, if it was moved, at `moved_at`.
    """

    mentor: str
    fellow: str
    approach: str
    items: int
    right: int
    since: datetime
    due_on: date
    agreed_at: datetime | None = None
    moved_at: datetime | None = None
    moved_to: date | None = None


@dataclass(frozen=True)
class Mailed:
    """A mail that left: to whom, when, of which kind, and what it says in both parts."""

    to: str
    kind: str
    at: datetime
    subject: str
    text: str
    html: str
    size: int


@dataclass
class Record:
    """A year as it went. `settled` says when a talk was about an unsafe choice, by its response.

    `pages` are what a director read on the page of each cohort, by the moment and its place.
    """

    plan: Plan
    answers: list[Answered] = field(default_factory=list)
    words: list[Words] = field(default_factory=list)
    asked: list[AskedWord] = field(default_factory=list)
    goals: list[AgreedGoal] = field(default_factory=list)
    settled: dict[int, datetime] = field(default_factory=dict)
    mails: list[Mailed] = field(default_factory=list)
    pages: dict[tuple[datetime, int], str] = field(default_factory=dict)

    def of_kind(self, *kinds: str) -> list[Mailed]:
        """Return the mails of some kinds, in the order in which they left."""
        return [mail for mail in self.mails if mail.kind in kinds]

    def digests_to(self, mentor: str) -> list[Mailed]:
        """Return the weekly mails to a mentor."""
        return [mail for mail in self.of_kind("digest") if mail.to == mentor]
