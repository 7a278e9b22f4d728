"""Who and what the audit trail speaks of, by name: what it keeps are numbers."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import aliased

from lms.attempts.models import Attempt, Response
from lms.authoring.models import Draft
from lms.cases.models import Item, StoredCase
from lms.core.audit import AuditEvent
from lms.core.db import db
from lms.core.mail import Message
from lms.mentoring.goals.models import Goal
from lms.mentoring.meetings.models import Meeting
from lms.mentoring.prompts.models import Prompt
from lms.mentoring.wishing.models import QuizWish
from lms.panels.models import Panel
from lms.people.models import User
from lms.program.models import Cohort, Membership, Mentorship
from lms.quizzes.models import Assignment, Quiz, QuizVersion

Names = Mapping[tuple[str, int], str]
"""The names of things, by kind and number; what is gone has none."""

KINDS = {
    "case": "case",
    "cohort": "cohort",
    "fellow": "user",
    "fellow_id": "user",
    "fellows": "user",
    "item": "item",
    "mentor_id": "user",
    "quiz": "quiz",
}
"""Of what kind a number is that was noted of a deed, or each of several, by what it is noted as."""

_mentor = aliased(User)

_QUERIES: dict[str, Any] = {
    "user": select(User.id, User.name),
    "cohort": select(Cohort.id, Cohort.name),
    "quiz": select(Quiz.id, Quiz.title),
    "case": select(StoredCase.id, StoredCase.title),
    "item": select(Item.id, StoredCase.title + ", " + Item.key).join(Item.case),
    "assignment": select(Assignment.id, Quiz.title)
    .join(QuizVersion, QuizVersion.id == Assignment.quiz_version_id)
    .join(Quiz, Quiz.id == QuizVersion.quiz_id),
    "membership": select(Membership.id, User.name + ", " + Cohort.name)
    .join(User, User.id == Membership.fellow_id)
    .join(Cohort, Cohort.id == Membership.cohort_id),
    "mentorship": select(Mentorship.id, _mentor.name + " with " + User.name)
    .join(User, User.id == Mentorship.fellow_id)
    .join(_mentor, _mentor.id == Mentorship.mentor_id),
    "meeting": select(Meeting.id, _mentor.name + " with " + User.name)
    .join(User, User.id == Meeting.fellow_id)
    .join(_mentor, _mentor.id == Meeting.mentor_id),
    "prompt": select(Prompt.id, _mentor.name + " with " + User.name)
    .join(User, User.id == Prompt.fellow_id)
    .join(_mentor, _mentor.id == Prompt.mentor_id),
    "attempt": select(Attempt.id, User.name + ", " + Quiz.title)
    .join(User, User.id == Attempt.fellow_id)
    .join(Assignment, Assignment.id == Attempt.assignment_id)
    .join(QuizVersion, QuizVersion.id == Assignment.quiz_version_id)
    .join(Quiz, Quiz.id == QuizVersion.quiz_id),
    "response": select(Response.id, StoredCase.title + ", " + Item.key)
    .join(Item, Item.id == Response.item_id)
    .join(Item.case),
    "report": select(User.id, User.name),
    "goal": select(Goal.id, User.name).join(User, User.id == Goal.fellow_id),
    "quiz_wish": select(QuizWish.id, User.name).join(User, User.id == QuizWish.fellow_id),
    "message": select(Message.id, Message.subject),
    "draft": select(Draft.id, Draft.body["title"].as_string()),
    "panel": select(Panel.id, StoredCase.title).join(StoredCase, StoredCase.id == Panel.case_id),
}
"""How the things of each kind are called."""


def names_in(events: Iterable[AuditEvent]) -> Names:
    """Return the names of all that *events* speak of; a statement for each kind."""
    wanted: dict[str, set[int]] = {}
    for event in events:
        for kind, number in _mentioned(event):
            wanted.setdefault(kind, set()).add(number)
    return {
        (kind, row[0]): row[1]
        for kind, numbers in sorted(wanted.items())
        for row in db.session.execute(_named(kind, numbers))
    }


def _mentioned(event: AuditEvent) -> list[tuple[str, int]]:
    noted = [*(event.before or {}).items(), *(event.after or {}).items()]
    found = [
        (KINDS[key], number)
        for key, value in noted
        if key in KINDS
        for number in (value if isinstance(value, list) else [value])
        if isinstance(number, int) and not isinstance(number, bool)
    ]
    if event.object_id is not None and event.object_type in _QUERIES:
        found.append((event.object_type, event.object_id))
    return found


def _named(kind: str, numbers: set[int]) -> Any:
    query = _QUERIES[kind]
    return query.where(query.selected_columns[0].in_(numbers))
