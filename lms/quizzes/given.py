"""What cohorts were given: all but what was taken back before anybody had begun it."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, case, distinct, func, or_, select

from lms.cases.asking import topics_in_pool
from lms.cases.models import Item, StoredCase
from lms.core.db import db
from lms.program.blueprint import blueprint
from lms.quizzes.models import Assignment, Audience, Quiz, QuizItem, QuizVersion
from question_bank.assembly import GivenItem, History, PoolItem
from question_bank.balance import Balance, balance

MOST_PLACES = 300
"""From how many places on, in whatever versions of quizzes, those with a case are not counted."""


def history_of(cohort_id: int, *, but: int | None = None) -> History:
    """Return what a cohort was given, but not with the quiz version *but*; in one statement."""
    given = _given(Item.id, Item.case_id, Item.topic, Assignment.id, Assignment.opens_at)
    given = given.where(Audience.cohort_id == cohort_id)
    if but is not None:
        given = given.where(Assignment.quiz_version_id != but)
    return History(GivenItem(*row) for row in db.session.execute(given))


@dataclass(frozen=True)
class Had:
    """How many of some items a cohort was given before, and when that was."""

    items: int
    moments: tuple[datetime, ...]


def had_before(cohort_ids: Iterable[int], item_ids: Collection[int]) -> dict[int, Had]:
    """Return what each of the cohorts has had of the items, in one statement.

    A cohort that has had none of them is left out.
    """
    given = _given(Audience.cohort_id, Item.id, Assignment.opens_at).where(
        Audience.cohort_id.in_(list(cohort_ids)), Item.id.in_(list(item_ids))
    )
    found: dict[int, list[tuple[int, datetime]]] = {}
    for cohort_id, item_id, opens_at in db.session.execute(given):
        found.setdefault(cohort_id, []).append((item_id, opens_at))
    return {
        cohort_id: Had(
            items=len({item_id for item_id, _ in had}),
            moments=tuple(sorted({opens_at for _, opens_at in had})),
        )
        for cohort_id, had in found.items()
    }


def cases_given(cohort_id: int) -> Select[int]:
    """Return the query for the ids of the cases of which a cohort was given an item."""
    return _given(Item.case_id).where(Audience.cohort_id == cohort_id)


def given_to(case_ids: Collection[int], cohort_ids: Collection[int]) -> Select[int, Any]:
    """Return the query for which of some cohorts were given one of some cases: case and cohort."""
    return (
        _given(Item.case_id, Audience.cohort_id)
        .where(Item.case_id.in_(case_ids), Audience.cohort_id.in_(cohort_ids))
        .distinct()
    )


def is_in_a_quiz() -> ColumnElement[bool]:
    """Return the condition that some quiz has an item of a case."""
    return (
        select(QuizItem.item_id)
        .join(Item, Item.id == QuizItem.item_id)
        .where(Item.case_id == StoredCase.id)
        .exists()
    )


def quizzes_with(case_ids: Collection[int]) -> dict[int, int | None]:
    """Return how many quizzes have items of each case; None: more than are counted."""
    places = (
        select(QuizItem.quiz_version_id)
        .join(Item, Item.id == QuizItem.item_id)
        .where(Item.case_id == StoredCase.id)
        .correlate(StoredCase)
        .limit(MOST_PLACES)
        .subquery()
    )
    counted = func.count(distinct(QuizVersion.quiz_id))
    quizzes = (
        select(case((func.count() < MOST_PLACES, counted)))
        .select_from(places)
        .join(QuizVersion, QuizVersion.id == places.c.quiz_version_id)
        .correlate(StoredCase)
        .scalar_subquery()
    )
    rows = db.session.execute(select(StoredCase.id, quizzes).where(StoredCase.id.in_(case_ids)))
    return {row[0]: row[1] for row in rows}


def _given(*what: Any) -> Select[Any]:
    return (
        select(*what)
        .select_from(Assignment)
        .join(Assignment.audiences)
        .join(QuizItem, QuizItem.quiz_version_id == Assignment.quiz_version_id)
        .join(QuizItem.item)
        .where(or_(Assignment.withdrawn_at.is_(None), Assignment.begun_at.is_not(None)))
    )


def balance_of(quiz: Quiz, places: Collection[QuizItem], today: date) -> Balance | None:
    """Return how the newest version of a quiz, at *places*, stands to the blueprint.

    It is that of the cohort for which it was drawn; None: it was drawn for none.
    """
    if quiz.cohort is None:
        return None
    track = quiz.cohort.track.slug
    history = history_of(quiz.cohort.id, but=quiz.versions[-1].id)
    items = [PoolItem(each.item_id, each.item.case_id, each.item.topic) for each in places]
    had = {*history.cases, *(item.case_id for item in items)}
    unused = topics_in_pool(track, quiz.uses, today, without=had)
    return balance(items, track, blueprint(), history, unused)
