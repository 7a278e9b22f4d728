"""Reading progress: a fixed number of statements, however many fellows or items."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from types import MappingProxyType

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from lms.attempts.models import Attempt, AttemptState
from lms.core.clock import local
from lms.core.db import db
from lms.core.settings import setting
from lms.people.models import Role, User
from lms.people.queries import user_by_id
from lms.program.blueprint import blueprint
from lms.program.models import Cohort
from lms.program.queries import cohort_of
from lms.progress.facts import graded_facts
from lms.progress.records import Briefing, records_of
from lms.progress.repeats import NO_REPEATS, Repeats, repeats_in
from lms.progress.settings import VERDICT
from lms.quizzes.models import Assignment, QuizVersion
from question_bank.analysis.progress import (
    Fact,
    LevelLine,
    TopicGroup,
    level_lines,
    sum_up,
    topic_groups,
)
from question_bank.analysis.recorded import Reader
from question_bank.analysis.summary import Summary, summarize
from question_bank.scoring import Tally

LATELY = timedelta(weeks=1)
"""What a page that shows the present takes for news, as a weekly mail does."""

NOTHING_TOLD: Mapping[int, datetime] = MappingProxyType({})

RECENT = 8
"""How many attempts are listed."""


@dataclass(frozen=True)
class Taken:
    """An attempt that is over; `tally` is of its items that count, None where there are none (yet).

    Where its fellow reads it, it is without `uncounted` items whose keys wait, unless all do. Its
    `repeats` are told apart.
    """

    attempt: Attempt
    tally: Tally | None
    uncounted: int = 0
    repeats: Repeats = NO_REPEATS


@dataclass(frozen=True)
class FellowReport:
    """What is said of one fellow on a page of its own.

    `topics` and `levels` count everything since `since`, by the membership; None: from the start.
    `hidden` items are graded, but the fellow, who reads it, may not know yet which were right:
    nothing but `recent` counts them.
    """

    fellow: User
    cohort: Cohort | None
    summary: Summary
    topics: tuple[TopicGroup, ...]
    levels: tuple[LevelLine, ...]
    since: date | None
    recent: tuple[Taken, ...]
    hidden: int = 0


def summaries(
    fellow_ids: Iterable[int],
    *,
    since: datetime,
    until: datetime,
    now: datetime,
    reader: User,
    told: Mapping[int, datetime] = NOTHING_TOLD,
) -> dict[int, Summary]:
    """Return a summary for each fellow, in a fixed number of statements.

    What a fellow may not know yet of the own answers does not count where it is that fellow who
    reads. Nor is a reader who takes quizzes too told what a case taught others: it may be asked.

    Args:
        fellow_ids: Whom to sum up.
        since: The start of the period reported on.
        until: Its end, and that of the window.
        now: When it is said.
        reader: Who reads it, roles loaded.
        told: Up to when the reader was told the news of a fellow already, in between.
    """
    briefing = Briefing(reader, list(fellow_ids), since, told)
    return all_summaries([briefing], until=until, now=now)[reader.id]


def all_summaries(
    briefings: Sequence[Briefing], *, until: datetime, now: datetime
) -> dict[int, dict[int, Summary]]:
    """Return the same for several readers, by reader and fellow.

    The number of statements is fixed where readers are told alike, as most are; see `records_of`.
    """
    if not briefings:
        return {}
    records, policy = records_of(briefings, until=until, now=now), setting(VERDICT)
    return {
        each.reader.id: summarize(
            each.fellow_ids,
            records[each.reader.id],
            blueprint(),
            policy=policy,
            reader=Reader(each.reader.id, takes_quizzes=Role.FELLOW in each.reader.roles),
            since=each.since,
            until=until,
            now=now,
        )
        for each in briefings
    }


def report(fellow_id: int, *, now: datetime, reader: User) -> FellowReport:
    """Return the report on a fellow, for *reader*, in a fixed number of statements.

    Raises:
        NotFound: there is no such person.
    """
    fellow = user_by_id(fellow_id)
    own = fellow_id == reader.id
    cohort = cohort_of(fellow_id, local(now, fellow.time_zone).date())
    lately = summaries([fellow_id], since=now - LATELY, until=now, now=now, reader=reader)
    joined = lately[fellow_id].joined
    facts = graded_facts([fellow_id], until=now, now=now, told_to=reader.id)
    shown = [fact for fact in facts if Reader(reader.id).may_count(fact, now)]
    of_the_year = [fact for fact in shown if joined is None or fact.submitted_at >= joined]
    return FellowReport(
        fellow=fellow,
        cohort=cohort,
        summary=lately[fellow_id],
        topics=topic_groups(of_the_year, blueprint()),
        levels=level_lines(of_the_year, blueprint()),
        since=None if joined is None else local(joined, fellow.time_zone).date(),
        recent=_recent(fellow_id, facts, own=own, since=None if own else joined, now=now),
        hidden=len(facts) - len(shown),
    )


def _recent(
    fellow_id: int, facts: Sequence[Fact], *, own: bool, since: datetime | None, now: datetime
) -> tuple[Taken, ...]:
    over_at = func.coalesce(Attempt.submitted_at, Attempt.deadline_at)
    attempts = db.session.scalars(
        select(Attempt)
        .where(
            Attempt.fellow_id == fellow_id,
            Attempt.state != AttemptState.IN_PROGRESS,
            *([] if since is None else [over_at >= since]),
        )
        .options(
            joinedload(Attempt.assignment)
            .joinedload(Assignment.version)
            .joinedload(QuizVersion.quiz)
        )
        .order_by(over_at.desc(), Attempt.id.desc())
        .limit(RECENT)
    ).all()
    repeats = repeats_in([attempt.id for attempt in attempts], fellow_id, now=now, own=own)
    return tuple(
        replace(
            _taken(attempt, [fact for fact in facts if fact.attempt_id == attempt.id], own=own),
            repeats=repeats.get(attempt.id, NO_REPEATS),
        )
        for attempt in attempts
    )


def _taken(attempt: Attempt, facts: Sequence[Fact], *, own: bool) -> Taken:
    told = [fact for fact in facts if fact.key_at is not None] if own else []
    counted = told or facts
    return Taken(attempt, sum_up(counted) if counted else None, len(facts) - len(counted))
