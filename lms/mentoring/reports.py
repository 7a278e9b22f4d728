"""The report on a fellow as somebody may read it: one loader for its page and for paper."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from lms.core.clock import local
from lms.core.errors import NotFound
from lms.mentoring.access import Relation, relation_of
from lms.mentoring.answers import opens_answers
from lms.mentoring.goals.models import GoalSide
from lms.mentoring.goals.queries import TrackedGoal, all_goals, side_of
from lms.mentoring.meetings.queries import ToldMeeting, meetings_with
from lms.people.models import Role, User
from lms.progress import queries
from lms.progress.queries import FellowReport
from lms.results.own_words import WordsSaid, words_of
from question_bank.analysis.progress import WINDOW


@dataclass(frozen=True)
class ReportRead:
    """The report on a fellow with all that stands on its page, as far as its reader may.

    `opens`: the reader may open single answers. `said` are the fellow's own words of eight weeks,
    newest first; `meetings` and `goals` are the latest ones.
    """

    report: FellowReport
    relation: Relation
    opens: bool
    said: Sequence[WordsSaid]
    meetings: Sequence[ToldMeeting]
    goals: Sequence[TrackedGoal]
    goal_side: GoalSide | None


def report_read(reader: User, fellow_id: int, *, now: datetime) -> ReportRead:
    """Return the report on a fellow for *reader*, roles loaded, in a fixed number of statements.

    Raises:
        NotFound: there is no such fellow whose report the reader may read.
    """
    relation = relation_of(reader, fellow_id, local(now, reader.time_zone).date())
    if not relation.reads_report:
        raise NotFound
    report = queries.report(fellow_id, now=now, reader=reader)
    if Role.FELLOW not in report.fellow.roles:
        raise NotFound
    return ReportRead(
        report=report,
        relation=relation,
        opens=relation.mentors and opens_answers(reader),
        said=_own_words(fellow_id, now) if relation.reads_own_words else (),
        meetings=meetings_with(fellow_id, relation),
        goals=all_goals(fellow_id, now=now),
        goal_side=side_of(reader, fellow_id, now),
    )


def _own_words(fellow_id: int, now: datetime) -> Sequence[WordsSaid]:
    lately = words_of([fellow_id], since=now - WINDOW, until=now)
    return lately.get(fellow_id, ())
