"""Reading how the loop goes in a cohort; in a fixed number of statements."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time

from sqlalchemy import and_, func, select

from lms.core.clock import at, local
from lms.core.db import db
from lms.core.mail import MailState, Message
from lms.mentoring.digests.models import Digest
from lms.mentoring.goals.models import Goal
from lms.mentoring.meetings.models import Meeting
from lms.mentoring.meetings.queries import last_met
from lms.mentoring.nudging.queries import Unseen, unseen_prompts
from lms.mentoring.prompts.models import Prompt
from lms.people.models import User
from lms.program.models import Cohort
from question_bank.goals import GoalState
from question_bank.loop import AskedWord, LoopMeasures, loop_measures


@dataclass(frozen=True)
class CohortLoop:
    """How the loop goes in a cohort.

    By fellow: the day of the last talk, how many goals are in each state, and the mentors who have
    not looked for a week at what was asked of that fellow.
    """

    talked: Mapping[int, date]
    goals: Mapping[int, Counter[GoalState]]
    unseen: Mapping[int, list[Unseen]]
    measures: LoopMeasures


def loop_of(cohort: Cohort, fellow_ids: Iterable[int], *, zone: str, now: datetime) -> CohortLoop:
    """Return how the loop goes of these fellows since the cohort began, in *zone*."""
    fellows = list(fellow_ids)
    since = at(cohort.starts_on, time(), zone)
    goals = _goals(fellows, since)
    ended = sum(goals.values(), Counter())
    unseen: dict[int, list[Unseen]] = {}
    for each in unseen_prompts(now):
        unseen.setdefault(each.prompt.fellow_id, []).append(each)
    return CohortLoop(
        talked=last_met(fellows),
        goals=goals,
        unseen=unseen,
        measures=loop_measures(
            _asked(fellows, since), met=ended[GoalState.MET], missed=ended[GoalState.MISSED]
        ),
    )


def _asked(fellow_ids: list[int], since: datetime) -> list[AskedWord]:
    """Return the words that mails which left have asked for, by the clock of each mentor."""
    rows = db.session.execute(
        select(Prompt.asked_at, Prompt.answer, Meeting.met_on, User.time_zone)
        .join(User, User.id == Prompt.mentor_id)
        .join(Digest, and_(Digest.mentor_id == Prompt.mentor_id, Digest.week == Prompt.week))
        .join(Message, Message.id == Digest.message_id)
        .outerjoin(Meeting, Meeting.id == Prompt.meeting_id)
        .where(
            Prompt.fellow_id.in_(fellow_ids),
            Prompt.asked_at >= since,
            Message.state == MailState.SENT,
        )
    )
    return [
        AskedWord(local(asked_at, zone).date(), answer is not None, met_on)
        for asked_at, answer, met_on, zone in rows
    ]


def _goals(fellow_ids: list[int], since: datetime) -> dict[int, Counter[GoalState]]:
    rows = db.session.execute(
        select(Goal.fellow_id, Goal.state, func.count())
        .where(Goal.fellow_id.in_(fellow_ids), Goal.proposed_at >= since)
        .group_by(Goal.fellow_id, Goal.state)
    )
    found: dict[int, Counter[GoalState]] = {}
    for fellow_id, state, count in rows:
        found.setdefault(fellow_id, Counter())[state] = count
    return found
