"""What holds for one fellow with one assignment: when it opens, how long, when its keys open.

Published terms hold for all whom the assignment concerns. A *grant* (an extension) and an
*allowance* (an accommodation) widen them for one fellow; of several the most generous of each
counts, so that their order does not matter and none takes anything away. Nothing widens a window
beyond `results`, from which on others may read the keys.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo


class Feedback(StrEnum):
    """When a fellow may see the keys and rationales."""

    GRADED = "graded"
    CLOSED = "closed"


class Unfinished(StrEnum):
    """What becomes of an attempt whose time ends before it is handed in.

    *hand_in*: what is saved is handed in. *grace*: nothing can be answered, but for some minutes
    it can be handed in, or is abandoned; *abandon*: it is at once, and nothing of it counts. What
    was handed in once, and was reopened, is never abandoned, but handed in again.
    """

    HAND_IN = "hand_in"
    GRACE = "grace"
    ABANDON = "abandon"


@dataclass(frozen=True)
class PublishedTerms:
    """When a quiz is open, and how it may be taken, as the assignment says.

    `time_limit` is in minutes for one attempt, 1 to 600; None: until it closes.
    `attempts_allowed` is 1 to 10. `opens_at` < `due_at` <= `closes_at` <= `results_at`.
    `withdrawn_at`: since then none can be begun. In an attempt the fellow may stop the clock
    `freezes` times, 0 to 5, for `freeze_minutes` each, 5 to 240. If its time ends before it is
    handed in, it goes as `unfinished` says, with `grace_minutes`, 5 to 1,440, of grace.
    """

    opens_at: datetime
    due_at: datetime
    closes_at: datetime
    results_at: datetime
    time_limit: int | None = None
    attempts_allowed: int = 1
    feedback: Feedback = Feedback.GRADED
    withdrawn_at: datetime | None = None
    freezes: int = 0
    freeze_minutes: int = 30
    unfinished: Unfinished = Unfinished.HAND_IN
    grace_minutes: int = 60


@dataclass(frozen=True)
class Grant:
    """What an extension gives one fellow with one assignment: more minutes, dates, attempts."""

    minutes: int = 0
    opens_at: datetime | None = None
    due_at: datetime | None = None
    closes_at: datetime | None = None
    attempts: int = 0


@dataclass(frozen=True)
class Allowance:
    """What an accommodation gives on days of the fellow's zone, the last one included.

    A limit is multiplied by `percent` / 100, 125 to 300; None: there is no limit. A window
    closes `days` later, when clocks there show the same time.
    """

    percent: int | None
    days: int
    starts_on: date
    ends_on: date | None = None

    def holds(self, first: date, last: date) -> bool:
        """Return whether it holds on any day from *first* to *last*."""
        return self.starts_on <= last and (self.ends_on is None or first <= self.ends_on)


@dataclass(frozen=True)
class Pause:
    """That the clock of an attempt stood from a moment on; `ended_at` None: it stands still."""

    began_at: datetime
    ended_at: datetime | None = None


@dataclass(frozen=True)
class Taking:
    """An attempt as far as it says whether keys may be read.

    `graded_at` None: not graded. `abandoned_at`: when the time of one that is abandoned ended;
    None: it is not.
    """

    graded_at: datetime | None
    abandoned_at: datetime | None = None

    @property
    def over_at(self) -> datetime | None:
        """Since when nothing of it is waited for; None: it runs, or waits to be graded."""
        return self.graded_at or self.abandoned_at


@dataclass(frozen=True)
class Terms:
    """What holds for one fellow with one assignment.

    From `opens` on and before `closes` an attempt can be begun, `attempts` in all. It was asked
    for by `due`. `minutes` is the limit of an attempt before any allowance; None: there is none.
    Keys open as `policy` says; those that wait for the closing open at `results`. Since
    `withdrawn`, if it was taken back, none can be begun. The clock may be stopped `freezes` times
    by the fellow, for `pause` each. `held_back`: it would close later, if
    results were not shown then. If the time of an attempt ends before it is handed in, it goes as
    `unfinished` says, with so much `grace`.
    """

    opens: datetime
    due: datetime
    closes: datetime
    results: datetime
    attempts: int
    policy: Feedback
    minutes: int | None
    withdrawn: datetime | None = None
    allowances: frozenset[Allowance] = frozenset()
    zone: str = "UTC"
    held_back: bool = False
    freezes: int = 0
    pause: timedelta = timedelta(minutes=30)
    unfinished: Unfinished = Unfinished.HAND_IN
    grace: timedelta = timedelta(minutes=60)

    def may_begin(self, begun: int, now: datetime) -> bool:
        """Return whether another attempt can be begun, now or later, after *begun* ones."""
        return begun < self.attempts and now < self.closes and self.withdrawn is None

    def limit(self, begun: datetime) -> timedelta | None:
        """Return how long an attempt begun at that moment may take; None: until it closes.

        An allowance counts if it holds on any day on which the attempt would run without it, so
        that one which is given while it runs counts at once.
        """
        if self.minutes is None:
            return None
        plain = timedelta(minutes=self.minutes)
        first, last = (_day(moment, self.zone) for moment in (begun, begun + plain))
        held = [each for each in self.allowances if each.holds(first, last)]
        if any(each.percent is None for each in held):
            return None
        return plain * max([100, *(each.percent or 100 for each in held)]) / 100

    def cut_short(self, begun: datetime) -> timedelta | None:
        """Return how long an attempt begun at that moment, or once it opens, lasts.

        None: its limit, or the closing where it has none, says so already.
        """
        start = max(begun, self.opens)
        limit, left = self.limit(start), self.closes - start
        return left if limit is not None and timedelta() < left < limit else None

    def multiplied(self, begun: datetime) -> int | None:
        """Return by how many percent an allowance multiplies the limit; None: by none."""
        limit = self.limit(begun)
        if self.minutes is None or limit is None:
            return None
        percent = round(limit / timedelta(minutes=self.minutes) * 100)
        return None if percent == 100 else percent

    def differs(self, begun: datetime) -> bool:
        """Return whether an allowance gives an attempt begun at that moment another limit."""
        return self.minutes is not None and self.limit(begun) != timedelta(minutes=self.minutes)

    def deadline(self, begun: datetime, pauses: Iterable[Pause] = ()) -> datetime | None:
        """Return when the time of an attempt ends that began at *begun*; None: its clock stands.

        What was left when a pause began is given back when it has ended, but nothing lasts beyond
        `results`.
        """
        limit = self.limit(begun)
        ends = self.closes if limit is None else min(begun + limit, self.closes)
        return self._resumed(ends, begun, pauses)

    def reopened(
        self, until: datetime, begun: datetime, pauses: Iterable[Pause] = ()
    ) -> datetime | None:
        """Return when the time of an attempt ends that was reopened at *begun*, up to *until*."""
        return self._resumed(until, begun, pauses)

    def handed_in_by(self, ends: datetime) -> datetime:
        """Return up to when an attempt can be handed in whose time *ends* then.

        Grace does not last beyond `results`. What is handed in anyway can be at any time.
        """
        if self.unfinished is not Unfinished.GRACE:
            return ends
        return max(ends, min(ends + self.grace, self.results))

    def keys(self, takings: Sequence[Taking], *, to_others: bool = False) -> datetime | None:
        """Return from when on the fellow may read the keys; None: that cannot be foreseen.

        Keys that wait for the closing open at `results`, or with the first grading after it. The
        others open after the last allowed attempt: once every attempt that was begun is graded or
        abandoned, and none can be begun any more; if all were abandoned, not before `results`:
        nobody gets to read keys by letting the time run out.

        Args:
            takings: The fellow's attempts, in any order.
            to_others: From when on somebody else may be told. It does not hang on an allowance:
                what can still be begun is then over with `results` only, as for the widest window.
        """
        closes = self.results if to_others else self.closes
        over = [each.over_at for each in takings if each.over_at is not None]
        if not over:
            return None
        if self.policy is Feedback.CLOSED:
            return max(self.results, min(over))
        if len(over) < len(takings):
            return None
        if all(each.graded_at is None for each in takings):
            return max(self.results, *over)
        if len(takings) >= self.attempts:
            return max(over)
        return max(*over, min(closes, self.withdrawn or closes))

    def _resumed(self, ends: datetime, begun: datetime, pauses: Iterable[Pause]) -> datetime | None:
        """Return *ends* later by the time for which the clock stood before it."""
        stood = begun
        for pause in sorted(pauses, key=lambda each: each.began_at):
            if pause.began_at >= ends:
                continue
            if pause.ended_at is None:
                return None
            ends += max(pause.ended_at - max(pause.began_at, stood), timedelta())
            stood = max(stood, pause.ended_at)
        return min(ends, self.results)


def terms_for(
    published: PublishedTerms,
    *,
    grants: Iterable[Grant] = (),
    allowances: Iterable[Allowance] = (),
    zone: str,
) -> Terms:
    """Return what holds for a fellow in *zone* who has *grants* and *allowances*.

    More of either never gives less time, and their order does not matter. A due date and a
    closing come later by the days of an allowance that holds on the day on which they fall.
    """
    granted, allowed = list(grants), frozenset(allowances)
    due, closes = (
        max(_widened(moment, allowed, zone) for moment in moments if moment is not None)
        for moments in (
            [published.due_at, *(each.due_at for each in granted)],
            [published.closes_at, *(each.closes_at for each in granted)],
        )
    )
    minutes = max([0, *(each.minutes for each in granted)])
    return Terms(
        opens=min([published.opens_at, *(each.opens_at for each in granted if each.opens_at)]),
        due=min(due, published.results_at),
        closes=min(max(due, closes), published.results_at),
        results=published.results_at,
        attempts=published.attempts_allowed + max([0, *(each.attempts for each in granted)]),
        policy=published.feedback,
        withdrawn=published.withdrawn_at,
        minutes=None if published.time_limit is None else published.time_limit + minutes,
        allowances=allowed,
        zone=zone,
        held_back=max(due, closes) > published.results_at,
        freezes=published.freezes,
        pause=timedelta(minutes=published.freeze_minutes),
        unfinished=published.unfinished,
        grace=timedelta(minutes=published.grace_minutes),
    )


def _widened(moment: datetime, allowances: Iterable[Allowance], zone: str) -> datetime:
    """Return when clocks in *zone* show the same time on the last of the days allowed."""
    day = _day(moment, zone)
    days = max([0, *(each.days for each in allowances if each.holds(day, day))])
    if not days:
        return moment
    return (moment.astimezone(ZoneInfo(zone)) + timedelta(days=days)).astimezone(UTC)


def _day(moment: datetime, zone: str) -> date:
    return moment.astimezone(ZoneInfo(zone)).date()
