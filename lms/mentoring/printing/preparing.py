"""What prepares a mentor's meeting with a fellow, so short that it has room on one page."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from lms.core.errors import NotFound
from lms.mentoring.goals.queries import TrackedGoal
from lms.mentoring.meetings.queries import ToldMeeting
from lms.mentoring.reports import ReportRead, report_read
from lms.people.models import User
from lms.progress.verdict_words import Ground, grounds_of
from lms.results.own_words import WordsSaid
from question_bank.analysis.progress import strengths
from question_bank.analysis.summary import Summary
from question_bank.conversation import BeforeTalk, TalkPhase, questions_for
from question_bank.goals import GoalState

MOST_WORDS = 2
"""How many of the fellow's own words stand there, the newest."""

MOST_GROUNDS = 3
"""How many unsafe choices stand there, how many quizzes that are late, and how many shares."""


@dataclass(frozen=True)
class MeetingPrepared:
    """What is known, phase by phase, with open questions; what stands behind it is `read`.

    `last` is the latest meeting that is noted, `agreed` the latest in which something was agreed.
    `goals` are live. `left_out` sentences of the verdict have no room.
    """

    read: ReportRead
    said: Sequence[WordsSaid]
    grounds: Sequence[Ground]
    left_out: int
    last: ToldMeeting | None
    agreed: ToldMeeting | None
    goals: Sequence[TrackedGoal]
    questions: Mapping[TalkPhase, tuple[str, ...]]

    @property
    def fellow(self) -> User:
        """With whom the meeting is."""
        return self.read.report.fellow

    @property
    def summary(self) -> Summary:
        """What the figures say."""
        return self.read.report.summary


def meeting_prepared(mentor: User, fellow_id: int, *, now: datetime) -> MeetingPrepared:
    """Return what prepares a meeting of *mentor*, roles loaded; in a fixed number of statements.

    Raises:
        NotFound: the mentor does not look after such a fellow.
    """
    read = report_read(mentor, fellow_id, now=now)
    if not read.relation.prepares_meetings:
        raise NotFound
    grounds = grounds_of(read.report.summary, mentor.time_zone)
    shown = _first_of_each(grounds)
    agreed = next((each for each in read.meetings if each.agreed), None)
    goals = [each for each in read.goals if each.goal.state.is_live]
    return MeetingPrepared(
        read=read,
        said=read.said[:MOST_WORDS],
        grounds=shown,
        left_out=len(grounds) - len(shown),
        last=next(iter(read.meetings), None),
        agreed=agreed,
        goals=goals,
        questions=questions_for(_known(read, agreed, goals)),
    )


def _first_of_each(grounds: Sequence[Ground]) -> list[Ground]:
    """Return the first of each kind, in their order; what is told by time stands apart."""
    counts: Counter[tuple[bool, bool]] = Counter()
    shown = []
    for ground in grounds:
        kind = (ground.choice is None, ground.kind == "clock")
        counts[kind] += 1
        if counts[kind] <= MOST_GROUNDS:
            shown.append(ground)
    return shown


def _known(
    read: ReportRead, agreed: ToldMeeting | None, goals: Sequence[TrackedGoal]
) -> BeforeTalk:
    summary = read.report.summary
    names = {line.approach: line.name for line in summary.lines}
    return BeforeTalk(
        state=summary.verdict.state,
        reasons=summary.verdict.reasons,
        answers=summary.total.items,
        strengths=tuple(line.name for line in strengths(summary.lines)),
        to_look_at=tuple(names[each] for each in summary.verdict.look_at),
        missed=tuple(point.name for point, _ in summary.points),
        said=bool(read.said),
        agreed=agreed is not None,
        aims=any(each.goal.state is GoalState.OPEN for each in goals),
    )
