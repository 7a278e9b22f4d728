"""What is said of fellows in a list or a mail: what is on record in, a summary of each out."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from question_bank.analysis.progress import (
    WINDOW,
    ApproachProgress,
    Fact,
    Point,
    TopicLine,
    approach_lines,
    sum_up,
    talking_points,
    unsafe_topics,
    within,
    worth_a_word,
)
from question_bank.blueprint import Blueprint
from question_bank.scoring import Tally
from question_bank.standing import Standing
from question_bank.verdict import VerdictPolicy


@dataclass(frozen=True)
class Reader:
    """Who reads a summary.

    `takes_quizzes`: the reader is not told what a case taught others, since it may be asked.
    """

    id: int
    takes_quizzes: bool = False

    def may_count(self, fact: Fact, now: datetime) -> bool:
        """Return whether it counts *now*: what fellows may not know yet of their own does not."""
        return fact.fellow_id != self.id or fact.is_told(now)


@dataclass(frozen=True)
class Records:
    """What is on record of some fellows.

    `facts` are those handed in or graded from sixteen weeks before the end of the period, or from
    its start if that is earlier; of choices that hurt, those of any time. `first_graded` says of
    quizzes, by assignment and fellow, when the first attempt, which counts, was first graded.
    `takeaways` are the lessons of cases by version, at least of those of missed items.
    """

    facts: Sequence[Fact]
    standings: Sequence[Standing]
    first_graded: Mapping[tuple[int, int], datetime]
    takeaways: Mapping[int, str]


@dataclass(frozen=True)
class Summary:
    """What is said of a fellow in a list or a mail.

    `lines` and `total` count what was handed in in the eight weeks before `until`; `line` is the
    share that is wanted, in percent. `fresh` counts what became news in the period reported on,
    `corrected` how many grades of it correct what was news before; `finished` are the quizzes
    first graded in it, `missed` those that closed in it and were not taken. `points` are talking
    points with what the case teaches. `unsafe` counts choices that would have hurt a patient and
    came to be told in the period; `unsafe_topics` are where they were made in the eight weeks. Of
    single items nobody is told before their key is released to the fellow.
    """

    fellow_id: int
    line: int
    lines: tuple[ApproachProgress, ...]
    total: Tally
    fresh: Tally
    corrected: int
    unsafe: int
    points: tuple[tuple[Point, str], ...]
    unsafe_topics: tuple[TopicLine, ...]
    overdue: tuple[Standing, ...]
    missed: tuple[Standing, ...]
    finished: tuple[Standing, ...]
    last_at: datetime | None

    @property
    def weak(self) -> list[ApproachProgress]:
        """The approaches that are surely weak or surely fallen."""
        return worth_a_word(self.lines)

    @property
    def needs_word(self) -> bool:
        """Whether there is something that should not wait."""
        return bool(self.overdue or self.missed or self.weak)


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
        until: Its end, and that of the eight weeks.
        now: When it is said.
    """
    own = {fellow_id: _Own(fellow_id, [], [], []) for fellow_id in fellow_ids}
    for fact in records.facts:
        if reader.may_count(fact, now):
            own[fact.fellow_id].facts.append(fact)
    for standing in records.standings:
        own[standing.fellow_id].standings.append(standing)
        graded_at = records.first_graded.get((standing.assignment.id, standing.fellow_id))
        if graded_at is not None and since <= graded_at < until:
            own[standing.fellow_id].finished.append(standing)
    return {
        fellow_id: _summary(
            one,
            records.takeaways if not reader.takes_quizzes or fellow_id == reader.id else {},
            blueprint,
            policy,
            since=since,
            until=until,
        )
        for fellow_id, one in own.items()
    }


@dataclass(frozen=True)
class _Own:
    """What is on record of one fellow."""

    fellow_id: int
    facts: list[Fact]
    standings: list[Standing]
    finished: list[Standing]


def _summary(
    own: _Own,
    takeaways: Mapping[int, str],
    blueprint: Blueprint,
    policy: VerdictPolicy,
    *,
    since: datetime,
    until: datetime,
) -> Summary:
    fresh = [fact for fact in own.facts if since <= fact.news_at < until]
    facts = within(own.facts, until - 2 * WINDOW, until)
    window = within(facts, until - WINDOW, until)
    told = [fact for fact in facts if fact.is_told(until)]
    return Summary(
        fellow_id=own.fellow_id,
        line=policy.line,
        lines=approach_lines(facts, blueprint, until, policy),
        total=sum_up(window),
        fresh=sum_up(fresh),
        corrected=sum(fact.news_at < since <= fact.stands_since < until for fact in own.facts),
        unsafe=sum(_came_to_be_told(fact, since, until) for fact in own.facts if fact.harmful),
        unsafe_topics=unsafe_topics(within(told, until - WINDOW, until), blueprint),
        points=tuple(
            (point, takeaways.get(point.case_version_id, ""))
            for point in talking_points(told, blueprint, until, fresh)
        ),
        overdue=tuple(each for each in own.standings if each.state == "overdue"),
        missed=tuple(
            each
            for each in own.standings
            if each.state == "missed" and since <= each.closes < until
        ),
        finished=tuple(own.finished),
        last_at=max((fact.submitted_at for fact in facts), default=None),
    )


def _came_to_be_told(fact: Fact, since: datetime, until: datetime) -> bool:
    told_at = fact.told_at()
    return told_at is not None and since <= told_at < until
