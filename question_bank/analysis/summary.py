"""What is said of fellows in a list or a mail: what is on record in, a summary of each out."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from question_bank.analysis.progress import (
    WINDOW,
    ApproachProgress,
    Fact,
    Point,
    approach_lines,
    sum_up,
    talking_points,
    window_start,
    within,
)
from question_bank.analysis.recorded import FellowRecord, Reader, Records
from question_bank.analysis.silence import Span, silent_for
from question_bank.analysis.unsafe import ChoiceRecord, UnsafeChoice, choice_of
from question_bank.blueprint import Blueprint
from question_bank.scoring import Tally
from question_bank.standing import Standing
from question_bank.verdict import Evidence, Verdict, VerdictPolicy, VerdictState, verdict

WEEK = timedelta(weeks=1)
"""For how long a missed quiz is a reason for a word: in one weekly mail."""


@dataclass(frozen=True)
class Summary:
    """What is said of a fellow in a list or a mail.

    `lines` and the `verdict` count what was handed in in the window, from `since` up to before
    `until`; nothing counts from before the fellow `joined`. `fresh` counts what became news in the
    period reported on, which for this fellow begins at `fresh_since`, `corrected` how many grades
    of it correct what was news before; `finished` are the quizzes first graded in it. `late`
    quizzes were overdue at the end, or closed in the period and were not taken; `missed` are all
    that closed in the window and were not. `points` are talking points with what the case teaches.
    `unsafe` are the choices that would have hurt a patient, made in the window or come to be told
    in it. Of single items nobody is told before their key is released to the fellow.
    """

    fellow_id: int
    since: datetime
    until: datetime
    joined: datetime | None
    lines: tuple[ApproachProgress, ...]
    verdict: Verdict
    fresh: Tally
    fresh_since: datetime
    corrected: int
    unsafe: tuple[UnsafeChoice, ...]
    points: tuple[tuple[Point, str], ...]
    late: tuple[Standing, ...]
    missed: tuple[Standing, ...]
    finished: tuple[Standing, ...]
    answered: datetime | None

    @property
    def line(self) -> int:
        """The share that is wanted, in percent."""
        return self.verdict.policy.line

    @property
    def total(self) -> Tally:
        """All first answers of the window."""
        return self.verdict.evidence.total

    @property
    def before_since(self) -> datetime | None:
        """When the eight weeks before the window begin; None: nothing before it counts."""
        since = self.since - WINDOW
        if self.joined is None:
            return since
        return max(since, self.joined) if self.joined < self.since else None

    @property
    def overdue(self) -> tuple[Standing, ...]:
        """What could still be handed in, late."""
        return tuple(each for each in self.late if each.state == "overdue")

    @property
    def needs_word(self) -> bool:
        """Whether there is something that should not wait."""
        return self.verdict.state is VerdictState.TALK


def summarize(
    fellow_ids: Iterable[int],
    records: Records,
    blueprint: Blueprint,
    *,
    policy: VerdictPolicy,
    reader: Reader,
    since: datetime,
    until: datetime,
    now: datetime,
) -> dict[int, Summary]:
    """Return a summary of each fellow.

    Args:
        fellow_ids: Whom to sum up.
        records: What is on record of them.
        blueprint: Approaches and topics, in their order.
        policy: What shares are held against.
        reader: For whom.
        since: The start of the period reported on.
        until: Its end, and that of the window.
        now: When it is said.
    """
    own = {
        fellow_id: _Own(fellow_id, records.people.get(fellow_id, FellowRecord()), [], [], [])
        for fellow_id in fellow_ids
    }
    for fact in records.facts:
        if reader.may_count(fact, now) and own[fact.fellow_id].counts(fact):
            own[fact.fellow_id].facts.append(fact)
    for standing in records.standings:
        own[standing.fellow_id].standings.append(standing)
        graded_at = records.first_graded.get((standing.assignment.id, standing.fellow_id))
        if graded_at is not None and own[standing.fellow_id].news_from(since) <= graded_at < until:
            own[standing.fellow_id].finished.append(standing)
    return {
        fellow_id: _summary(
            one,
            records,
            blueprint,
            policy,
            may_name=not reader.takes_quizzes or fellow_id == reader.id,
            since=one.news_from(since),
            until=until,
        )
        for fellow_id, one in own.items()
    }


@dataclass(frozen=True)
class _Own:
    """What is on record of one fellow."""

    fellow_id: int
    record: FellowRecord
    facts: list[Fact]
    standings: list[Standing]
    finished: list[Standing]

    def counts(self, fact: Fact) -> bool:
        return self.record.joined is None or fact.submitted_at >= self.record.joined

    def news_from(self, since: datetime) -> datetime:
        """Return from when on news is told, of a period since that moment."""
        bounds = (since, self.record.joined, self.record.mentored, self.record.told)
        return max(each for each in bounds if each is not None)

    def late(self, since: datetime, until: datetime) -> tuple[Standing, ...]:
        """Return what was overdue at *until*, and what closed in the period and was not taken."""
        return tuple(
            each
            for each in self.standings
            if (each.state in ("overdue", "missed") and each.due < until <= each.closes)
            or (each.state == "missed" and since <= each.closes < until)
        )

    def missed(self, since: datetime, until: datetime) -> tuple[Standing, ...]:
        """Return what closed from *since* up to before *until* and was not taken."""
        return tuple(
            each
            for each in self.standings
            if each.state == "missed" and since <= each.closes < until
        )

    def unsafe(
        self,
        choices: Mapping[int, ChoiceRecord],
        start: datetime,
        until: datetime,
        *,
        may_name: bool,
    ) -> tuple[UnsafeChoice, ...]:
        """Return the unsafe choices of a window; only the fellow's mentor has them named."""
        named = may_name and self.record.mentored is not None
        return tuple(
            choice_of(fact, choices, by=until, may_name=named)
            for fact in self.facts
            if fact.harms and _is_of_window(fact, start, until)
        )

    def silent(self, until: datetime) -> timedelta:
        """Return for how long something was open without an answer."""
        was_open = [
            Span(each.assignment.terms.opens, each.open_until)
            for each in self.standings
            if each.open_until is not None
        ]
        last = max(
            (each for each in (self.record.answered, self.record.joined) if each), default=None
        )
        return silent_for(last, was_open, self.record.away, until)


def _summary(
    own: _Own,
    records: Records,
    blueprint: Blueprint,
    policy: VerdictPolicy,
    *,
    may_name: bool,
    since: datetime,
    until: datetime,
) -> Summary:
    start = window_start(own.facts, until, own.record.joined)
    fresh = [fact for fact in own.facts if since <= fact.news_at < until]
    lines = approach_lines(own.facts, blueprint, start, until, line=policy.line)
    late = own.late(min(since, until - WEEK), until)
    unsafe = own.unsafe(records.choices, start, until, may_name=may_name)
    told = [fact for fact in within(own.facts, start, until) if fact.is_told(until)]
    lessons = records.takeaways if may_name else {}
    points = talking_points(told, blueprint, fresh)
    return Summary(
        fellow_id=own.fellow_id,
        since=start,
        until=until,
        joined=own.record.joined,
        lines=lines,
        verdict=verdict(_evidence(lines, late, unsafe, own.silent(until)), policy),
        fresh=sum_up(fresh),
        fresh_since=since,
        corrected=sum(fact.news_at < since <= fact.stands_since < until for fact in own.facts),
        unsafe=unsafe,
        points=tuple((each, lessons.get(each.case_version_id, "")) for each in points),
        late=late,
        missed=own.missed(start, until),
        finished=tuple(own.finished),
        answered=own.record.answered,
    )


def _evidence(
    lines: Iterable[ApproachProgress],
    late: Sequence[Standing],
    unsafe: Iterable[UnsafeChoice],
    silent: timedelta,
) -> Evidence:
    return Evidence(
        {line.approach: line.recent for line in lines},
        late=len(late),
        unsafe=sum(not each.settled for each in unsafe),
        silent=silent,
    )


def _is_of_window(choice: Fact, start: datetime, until: datetime) -> bool:
    """Return whether an unsafe choice was made in a window, or came to be told in it."""
    if choice.key_at is not None and start <= max(choice.key_at, choice.news_at) < until:
        return True
    return start <= choice.submitted_at < until
