"""Graded attempts with credits chosen by the test."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from fractions import Fraction
from itertools import count

from lms.attempts.exposing import expose, settle_keys
from lms.attempts.models import Attempt, AttemptState, Response, SubmittedBy
from lms.cases.models import Item, StoredCase
from lms.core.db import db
from lms.grading.models import Grade, GradeCause, GradeState
from lms.people.models import Role, User
from lms.program.blueprint import blueprint
from lms.program.models import Cohort, Membership
from lms.quizzes.models import Assignment, Audience, Quiz, QuizItem, QuizVersion
from question_bank.terms import Feedback
from tests.attempts.factories import case_body, choice_item, store_case
from tests.factories import NOW, add, make_cohort, make_user

_serial = count(1)


IN_A_CASE = 10
"""More items than this a case of ours does not have."""


PHARM = "pharm-opioid-prescribing"


INTV = "intv-facet-denervation"


EPIDURAL = "intv-epidural-steroid"


REHAB = "rehab-spine"


PSYCH = blueprint().approaches[3].topics[0].id


def earned(right: int, items: int) -> list[Fraction]:
    """Return the credits of *items* items of which the first *right* are right."""
    return [Fraction(1)] * right + [Fraction(0)] * (items - right)


def make_topic_case(
    topic: str, items: int, takeaway: str = "", level: str = "judgement"
) -> StoredCase:
    """Return a case about *topic* with *items* items of one level and a version in use."""
    slug = f"topical-{next(_serial)}"
    raw = case_body(*[choice_item(f"item-{n}") for n in range(items)], slug=slug)
    takeaway = takeaway or f"Remember what {slug} taught."
    return store_case(raw | {"topic": topic, "takeaway": takeaway, "level": level})


def cohort_of(fellow: User) -> Cohort:
    """Return the fellow's cohort, made if there is none."""
    found = db.session.scalar(
        db.select(Cohort).join(Membership).where(Membership.fellow_id == fellow.id)
    )
    return found or make_cohort(fellow)


def make_given(
    fellow: User,
    cases: Sequence[StoredCase],
    due_at: datetime,
    *,
    title: str = "",
    open_days: int = 7,
    feedback: Feedback = Feedback.GRADED,
) -> Assignment:
    """Return a quiz of *cases* given to the fellow's cohort; it closes two days after *due_at*."""
    faculty = make_user(Role.FACULTY)
    quiz = add(Quiz(title=title or f"Quiz {next(_serial)}", owner_id=faculty.id, created_at=NOW))
    version = add(QuizVersion(quiz_id=quiz.id, number=1, created_at=NOW, frozen_at=NOW))
    items = [item for case in cases for item in case.items]
    db.session.add_all(
        QuizItem(quiz_version_id=version.id, position=place, item_id=item.id)
        for place, item in enumerate(items, start=1)
    )
    return add(
        Assignment(
            quiz_version_id=version.id,
            audiences=[Audience(cohort_id=cohort_of(fellow).id)],
            opens_at=due_at - timedelta(days=open_days),
            due_at=due_at,
            closes_at=due_at + timedelta(days=2),
            results_at=due_at + timedelta(days=2),
            time_limit=None,
            attempts_allowed=1,
            feedback=feedback,
            created_by=faculty.id,
            created_at=NOW,
        )
    )


def take(
    fellow: User,
    at: datetime,
    marks: Mapping[str, Sequence[Fraction]],
    *,
    title: str = "",
    graded_at: datetime | None = None,
    takeaway: str = "",
    feedback: Feedback = Feedback.GRADED,
) -> Attempt:
    """Return a graded attempt handed in *at*, with the credits of *marks*, topic by topic."""
    parts = [
        (topic, all_of_it[start : start + IN_A_CASE])
        for topic, all_of_it in marks.items()
        for start in range(0, len(all_of_it), IN_A_CASE)
    ]
    cases = [make_topic_case(topic, len(part), takeaway) for topic, part in parts]
    given = make_given(fellow, cases, at + timedelta(hours=1), title=title, feedback=feedback)
    items = [item for case in cases for item in case.items]
    found = [credit for _, part in parts for credit in part]
    return sit(fellow, given, at, items, found, graded_at=graded_at or at)


def take_again(attempt: Attempt, at: datetime, marks: Sequence[Fraction]) -> Attempt:
    """Return a second attempt at what *attempt* took, handed in *at*, with *marks*."""
    given = db.session.get_one(Assignment, attempt.assignment_id)
    fellow = db.session.get_one(User, attempt.fellow_id)
    given.attempts_allowed = 2
    items = db.session.scalars(
        db.select(Item)
        .join(Response, Response.item_id == Item.id)
        .where(Response.attempt_id == attempt.id)
        .order_by(Response.position)
        .options(db.joinedload(Item.case))
    ).all()
    return sit(fellow, given, at, items, marks, graded_at=at, number=2)


def sit(
    fellow: User,
    given: Assignment,
    at: datetime,
    items: Sequence[Item],
    marks: Sequence[Fraction],
    *,
    graded_at: datetime,
    number: int = 1,
) -> Attempt:
    """Return a graded attempt at *given*, handed in *at*, with the credit of each of *items*."""
    attempt = add(
        Attempt(
            assignment_id=given.id,
            fellow_id=fellow.id,
            number=number,
            state=AttemptState.GRADED,
            started_at=at - timedelta(hours=1),
            deadline_at=at + timedelta(hours=1),
            submitted_at=at,
            submitted_by=SubmittedBy.FELLOW,
            graded_at=graded_at,
            score=5000,
            scored=len(items),
            seed=1,
        )
    )
    responses = [
        Response(
            attempt_id=attempt.id,
            position=place,
            item_id=item.id,
            case_version_id=item.case.current_id,
            topic=item.topic,
            approach=item.approach,
            order=[0, 1, 2, 3],
            answer={"chosen": 0},
        )
        for place, item in enumerate(items, start=1)
    ]
    db.session.add_all(responses)
    db.session.flush()
    db.session.add_all(
        Grade(
            response_id=response.id,
            number=1,
            state=GradeState.EARNED,
            credit_num=credit.numerator,
            credit_den=credit.denominator,
            harms=[],
            case_version_id=response.case_version_id,
            why=GradeCause.GRADED,
            graded_at=graded_at,
        )
        for response, credit in zip(responses, marks, strict=True)
    )
    db.session.flush()
    expose(attempt.id)
    settle_keys([fellow.id], now=graded_at)
    return attempt
