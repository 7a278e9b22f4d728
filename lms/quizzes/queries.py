"""Reading quizzes and assignments."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BindParameter, Select, and_, bindparam, func, null, or_, select, union_all
from sqlalchemy.orm import joinedload, selectinload

from lms.cases.models import Item, StoredCase
from lms.cases.queries import in_use
from lms.cases.signing import signed_cases
from lms.core.db import db
from lms.core.errors import NotFound
from lms.core.paging import Page, page_of
from lms.people.models import User
from lms.program.models import Cohort, Membership
from lms.quizzes.models import Assignment, Audience, Quiz, QuizItem, QuizVersion
from question_bank.case import Case as CaseBody
from question_bank.items import AnyItem
from question_bank.paper import Part, preview_of, uses_asked

PAGE = 30
"""How many quizzes a page lists."""


@dataclass(frozen=True)
class QuizRow:
    """A quiz in the list: its newest version's size, and how often it was assigned."""

    quiz: Quiz
    items: int
    assignments: int


@dataclass(frozen=True)
class QuizQuestion:
    """An item of a quiz: its `position`, its row, what it asks, and what it weighs there.

    `own_points` is what its case says that it weighs.
    """

    position: int
    row: Item
    lead_in: str
    points: int
    own_points: int


@dataclass(frozen=True)
class QuizCase:
    """One case of a quiz, with those of its items that the quiz has and the case still asks.

    `signed`: a clinician answers for it as it stands. `gone` are those that it asks no more.
    """

    case: StoredCase
    body: CaseBody
    signed: bool
    items: tuple[QuizQuestion, ...]
    gone: tuple[Item, ...] = ()

    @property
    def parts(self) -> tuple[Part, ...]:
        """The case as a fellow sees it."""
        positions = {each.row.key: each.position for each in self.items}
        return preview_of(self.body, positions, {e.row.key: e.points for e in self.items})


def quizzes(page: int, *, archived: bool) -> Page[QuizRow]:
    """Return a page of the quizzes that are, or are not, archived, newest first."""
    newest = (
        select(func.max(QuizVersion.id))
        .where(QuizVersion.quiz_id == Quiz.id)
        .correlate(Quiz)
        .scalar_subquery()
    )
    items = (
        select(func.count())
        .where(QuizItem.quiz_version_id == newest)
        .correlate(Quiz)
        .scalar_subquery()
    )
    given = (
        select(func.count(Assignment.id))
        .join(QuizVersion)
        .where(QuizVersion.quiz_id == Quiz.id, Assignment.withdrawn_at.is_(None))
        .correlate(Quiz)
        .scalar_subquery()
    )
    query = (
        select(Quiz, items, given)
        .where(Quiz.archived_at.is_not(None) == archived)
        .options(joinedload(Quiz.track))
        .order_by(Quiz.created_at.desc(), Quiz.id.desc())
    )
    return page_of(query, page, size=PAGE, read=lambda row: QuizRow(*row[:3]))


def quiz_by_id(quiz_id: int) -> Quiz:
    """Return a quiz with its track, its cohort and its versions.

    Raises:
        NotFound: there is no such quiz.
    """
    quiz = db.session.scalar(
        select(Quiz)
        .where(Quiz.id == quiz_id)
        .options(
            joinedload(Quiz.track),
            joinedload(Quiz.cohort).joinedload(Cohort.track),
            selectinload(Quiz.versions),
        )
        .execution_options(populate_existing=True)
    )
    if quiz is None:
        raise NotFound
    return quiz


_PLACES = (
    select(QuizItem)
    .where(QuizItem.quiz_version_id == bindparam("version_id"))
    .options(joinedload(QuizItem.item).joinedload(Item.case).selectinload(StoredCase.current))
    .order_by(QuizItem.position)
)


def places_of(version_id: int) -> list[QuizItem]:
    """Return the places of a version in order; item, case and the case's version loaded."""
    return list(db.session.scalars(_PLACES, {"version_id": version_id}))


_MAY_BE_ASKED = or_(
    *(
        and_(Quiz.formative.is_(formative), Item.use.in_(uses_asked(formative)))
        for formative in (False, True)
    )
)

_SIZES = (
    select(QuizItem.quiz_version_id, func.count())
    .join(QuizItem.item)
    .join(QuizVersion, QuizVersion.id == QuizItem.quiz_version_id)
    .join(QuizVersion.quiz)
    .where(
        QuizVersion.id.in_(bindparam("version_ids", expanding=True)),
        Item.retired_at.is_(None),
        _MAY_BE_ASKED,
    )
    .group_by(QuizItem.quiz_version_id)
)


def sizes(version_ids: Iterable[int]) -> dict[int, int]:
    """Return how many items each version would ask today: what its cases still say and it may ask.

    A version that would ask none is not in it.
    """
    rows = db.session.execute(_SIZES, {"version_ids": list(version_ids)})
    return {row[0]: row[1] for row in rows}


def quiz_cases(places: Iterable[QuizItem]) -> list[QuizCase]:
    """Return *places* gathered by case, in their order; in one statement."""
    by_case: dict[int, list[QuizItem]] = {}
    for place in places:
        by_case.setdefault(place.item.case_id, []).append(place)
    signed = signed_cases(by_case)
    return [_quiz_case(group, signed=case_id in signed) for case_id, group in by_case.items()]


def _quiz_case(group: list[QuizItem], *, signed: bool) -> QuizCase:
    shown = in_use(group[0].item.case)
    asked = {item.key: item for item in shown.body.questions}
    return QuizCase(
        case=shown.case,
        body=shown.shown,
        signed=signed,
        items=tuple(
            _question(place, asked[place.item.key]) for place in group if place.item.key in asked
        ),
        gone=tuple(place.item for place in group if place.item.key not in asked),
    )


def _question(place: QuizItem, item: AnyItem) -> QuizQuestion:
    points = place.points or item.points
    return QuizQuestion(place.position, place.item, item.lead_in, points, item.points)


def assignments_of(quiz_id: int) -> list[Assignment]:
    """Return every assignment of a quiz, newest first; version and audiences loaded."""
    return list(
        db.session.scalars(
            _with_all(select(Assignment))
            .join(Assignment.version)
            .where(QuizVersion.quiz_id == quiz_id)
            .order_by(Assignment.opens_at.desc(), Assignment.id.desc())
        )
    )


def earlier_assignments(given: Assignment) -> list[Assignment]:
    """Return what of the same quiz opened earlier for whom *given* names, newest first."""
    named = {(each.cohort_id, each.fellow_id) for each in given.audiences}
    return [
        each
        for each in assignments_of(given.version.quiz_id)
        if each.opens_at < given.opens_at
        and named & {(audience.cohort_id, audience.fellow_id) for audience in each.audiences}
    ]


def assignment_by_id(assignment_id: int) -> Assignment:
    """Return an assignment; version with quiz, and audiences, loaded.

    Raises:
        NotFound: there is no such assignment.
    """
    assignment = db.session.scalar(
        _with_all(select(Assignment)).where(Assignment.id == assignment_id)
    )
    if assignment is None:
        raise NotFound
    return assignment


def check_given(assignment_id: int) -> None:
    """Check that there is such an assignment.

    Raises:
        NotFound: there is none.
    """
    if db.session.scalar(select(Assignment.id).where(Assignment.id == assignment_id)) is None:
        raise NotFound


def _with_all(query: Select[Assignment]) -> Select[Assignment]:
    return query.options(
        joinedload(Assignment.version).joinedload(QuizVersion.quiz),
        selectinload(Assignment.audiences).options(
            joinedload(Audience.cohort).joinedload(Cohort.track), joinedload(Audience.fellow)
        ),
    )


def concerned(*what: Any) -> Select[Any]:
    """Return the query for *what* of assignments and of fellows whom each ever concerned.

    A row for each way: by a `Membership`, at whatever time, or by name, then there is none.
    """
    return (
        select(*what)
        .select_from(Assignment)
        .join(Assignment.audiences)
        .outerjoin(Membership, Membership.cohort_id == Audience.cohort_id)
        .join(User, User.id == func.coalesce(Audience.fellow_id, Membership.fellow_id))
    )


def concerning(fellow_ids: BindParameter[Any], *what: Any) -> Select[Any]:
    """Return the query for *what* of assignments and of those fellows whom each ever concerned.

    As `concerned`, found from the fellows, however many others there are.
    """
    by_cohort = (
        select(Audience.assignment_id, Membership.fellow_id, Membership.id.label("membership_id"))
        .join(Membership, Membership.cohort_id == Audience.cohort_id)
        .where(Membership.fellow_id.in_(fellow_ids))
    )
    by_name = select(Audience.assignment_id, Audience.fellow_id, null()).where(
        Audience.fellow_id.in_(fellow_ids)
    )
    way = union_all(by_cohort, by_name).subquery("way")
    return (
        select(*what)
        .select_from(way)
        .join(Assignment, Assignment.id == way.c.assignment_id)
        .join(User, User.id == way.c.fellow_id)
        .outerjoin(Membership, Membership.id == way.c.membership_id)
    )
