"""Reading progress: a fixed number of statements, however many fellows or items."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from lms.accounts.models import Role, User
from lms.accounts.queries import user_by_id
from lms.attempts.models import Attempt, AttemptState, Response
from lms.attempts.queries import Fact, graded_facts, standings
from lms.cases.bank import blueprint
from lms.cases.models import CaseVersion
from lms.cases.queries import parsed
from lms.core.clock import at, local
from lms.core.db import db
from lms.marking.queries import first_marks
from lms.program.models import Cohort
from lms.program.queries import cohort_of
from lms.progress.report import (
    WINDOW,
    Line,
    Point,
    TopicGroup,
    TopicLine,
    approach_lines,
    sum_up,
    talking_points,
    topic_groups,
    unsafe_topics,
    within,
)
from lms.progress.wording import worth_a_word
from lms.quizzes.models import Assignment, QuizVersion
from question_bank.scoring import Tally
from question_bank.standing import Standing

LATELY = timedelta(weeks=4)
"""What a page that shows the present calls recent."""

RECENT = 8
"""How many attempts are listed."""


@dataclass(frozen=True)
class Summary:
    """What is said of a fellow in a list or a mail.

    `lines` and `total` count the eight weeks before `until`. `fresh` counts what was graded in
    the period reported on, `finished` are the quizzes graded in it, `missed` those that closed
    in it and were not taken. `points` are talking points with what the case teaches. `unsafe`
    counts choices of the period that would have hurt a patient; `unsafe_topics` are where they
    were made in the eight weeks.
    """

    fellow_id: int
    lines: tuple[Line, ...]
    total: Tally
    fresh: Tally
    unsafe: int
    points: tuple[tuple[Point, str], ...]
    unsafe_topics: tuple[TopicLine, ...]
    overdue: tuple[Standing, ...]
    missed: tuple[Standing, ...]
    finished: tuple[Standing, ...]
    last_at: datetime | None

    @property
    def needs_word(self) -> bool:
        """Whether there is something that should not wait."""
        return bool(self.overdue or self.missed or worth_a_word(self.lines))


@dataclass(frozen=True)
class Taken:
    """A handed-in attempt; `tally` is of its items that count, None where there are none (yet).

    `waiting` answers are yet to be marked by a person.
    """

    attempt: Attempt
    tally: Tally | None
    waiting: int


@dataclass(frozen=True)
class Report:
    """What is said of one fellow on a page of its own.

    `topics` counts everything since `since`; None: from the start. `hidden` items are graded, but
    the fellow, who reads it, may not know yet which were right: nothing but `recent` counts them.
    """

    fellow: User
    cohort: Cohort | None
    summary: Summary
    topics: tuple[TopicGroup, ...]
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
) -> dict[int, Summary]:
    """Return a summary for each fellow, in six statements.

    What a fellow may not know yet of the own answers does not count where it is that fellow who
    reads. Nor is a reader who takes quizzes too told what a case taught others: it may be asked.

    Args:
        fellow_ids: Whom to sum up.
        since: The start of the period reported on.
        until: Its end, and that of the eight weeks.
        now: When it is said: what is overdue is overdue now.
        reader: Who reads it, roles loaded.
    """
    ids = list(fellow_ids)
    start = until - 2 * WINDOW
    every = _shown(graded_facts(ids, since=min(since, start), until=until), reader, now)
    facts = [fact for fact in every if fact.graded_at >= start]
    graded = [fact for fact in every if fact.graded_at >= since]
    fresh = _with_marked(ids, graded, facts, since=since, until=until)
    states = standings(ids, now)
    points = {
        fellow_id: talking_points(
            _of(fellow_id, facts), blueprint(), until, fresh=_of(fellow_id, fresh)
        )
        for fellow_id in ids
    }
    takeaways = _takeaways(point for found in points.values() for point in found)
    takes_quizzes = Role.FELLOW in reader.roles
    return {
        fellow_id: _summary(
            fellow_id,
            _of(fellow_id, facts),
            _of(fellow_id, fresh),
            [state for state in states if state.fellow_id == fellow_id],
            [
                (point, "" if takes_quizzes and fellow_id != reader.id else lesson)
                for point in points[fellow_id]
                for lesson in [takeaways[point.case_version_id]]
            ],
            since=since,
            until=until,
        )
        for fellow_id in ids
    }


def _shown(facts: Iterable[Fact], reader: User, now: datetime) -> list[Fact]:
    return [
        fact
        for fact in facts
        if fact.fellow_id != reader.id or fact.hidden_until is None or fact.hidden_until <= now
    ]


def _with_marked(
    ids: Sequence[int],
    graded: Sequence[Fact],
    facts: Sequence[Fact],
    *,
    since: datetime,
    until: datetime,
) -> list[Fact]:
    """Return what came to be in a period: an answer that a person marks, when it was marked."""
    marks = first_marks(ids, since=since)
    known = {(fact.attempt_id, fact.item_id) for fact in graded}
    later = [fact for fact in facts if (fact.attempt_id, fact.item_id) in marks.keys() - known]
    return [
        fact
        for fact in (*later, *graded)
        if marks.get((fact.attempt_id, fact.item_id), since) < until
    ]


def _of(fellow_id: int, facts: Iterable[Fact]) -> list[Fact]:
    return [fact for fact in facts if fact.fellow_id == fellow_id]


def _takeaways(points: Iterable[Point]) -> dict[int, str]:
    ids = {point.case_version_id for point in points}
    versions = db.session.scalars(select(CaseVersion).where(CaseVersion.id.in_(ids)))
    return {version.id: parsed(version).takeaway for version in versions}


def _summary(
    fellow_id: int,
    facts: Sequence[Fact],
    fresh: Sequence[Fact],
    states: Sequence[Standing],
    points: Sequence[tuple[Point, str]],
    *,
    since: datetime,
    until: datetime,
) -> Summary:
    return Summary(
        fellow_id=fellow_id,
        lines=approach_lines(facts, blueprint(), until),
        total=sum_up(within(facts, until - WINDOW, until)),
        fresh=sum_up(fresh),
        unsafe=sum(fact.harmful for fact in fresh),
        unsafe_topics=unsafe_topics(within(facts, until - WINDOW, until), blueprint()),
        points=tuple(points),
        overdue=tuple(state for state in states if state.state == "overdue"),
        missed=tuple(
            state
            for state in states
            if state.state == "missed" and since <= state.closes_at < until
        ),
        finished=tuple(
            state
            for state in states
            if state.first_graded_at is not None and since <= state.first_graded_at < until
        ),
        last_at=max((fact.submitted_at for fact in facts), default=None),
    )


def report(fellow_id: int, *, now: datetime, reader: User) -> Report:
    """Return the report on a fellow, for *reader*, in a fixed number of statements.

    Raises:
        NotFound: there is no such person.
    """
    fellow = user_by_id(fellow_id)
    zone = fellow.time_zone
    cohort = cohort_of(fellow_id, local(now, zone).date())
    lately = summaries([fellow_id], since=now - LATELY, until=now, now=now, reader=reader)
    facts = graded_facts([fellow_id], since=None, until=now)
    shown = _shown(facts, reader, now)
    start = at(cohort.starts_on, time(), zone) if cohort else None
    of_the_year = [fact for fact in shown if start is None or fact.submitted_at >= start]
    return Report(
        fellow=fellow,
        cohort=cohort,
        summary=lately[fellow_id],
        topics=topic_groups(of_the_year, blueprint()),
        since=cohort.starts_on if cohort else None,
        recent=_recent(fellow_id, facts),
        hidden=len(facts) - len(shown),
    )


def _recent(fellow_id: int, facts: Sequence[Fact]) -> tuple[Taken, ...]:
    waiting = (
        select(func.count())
        .where(Response.attempt_id == Attempt.id, Response.waits.is_(True))
        .scalar_subquery()
    )
    attempts = db.session.execute(
        select(Attempt, waiting)
        .where(Attempt.fellow_id == fellow_id, Attempt.state != AttemptState.IN_PROGRESS)
        .options(
            joinedload(Attempt.assignment)
            .joinedload(Assignment.version)
            .joinedload(QuizVersion.quiz)
        )
        .order_by(Attempt.submitted_at.desc(), Attempt.id.desc())
        .limit(RECENT)
    )
    return tuple(
        Taken(attempt, sum_up(own) if own else None, waits)
        for attempt, waits in attempts
        for own in [[fact for fact in facts if fact.attempt_id == attempt.id]]
    )
