"""Which cases and items a quiz may be given, and what of them it has."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import joinedload

from lms.cases.asking import may_be_asked
from lms.cases.models import Item, StoredCase
from lms.cases.queries import shown
from lms.cases.search.models import Layer, SearchEntry
from lms.cases.search.queries import FoundCase
from lms.cases.signing import signed_cases
from lms.core.db import db
from lms.quizzes.models import Quiz, QuizItem
from question_bank.case import Case, Stage
from question_bank.items import AnyItem


@dataclass(frozen=True)
class ItemToAdd:
    """An item of a case that is offered. `here`: the quiz has it."""

    id: int
    item: AnyItem
    here: bool


@dataclass(frozen=True)
class CaseToAdd:
    """A case that is offered to a quiz, with those of its items that may be asked.

    `hit` is how it was found. `signed`: a clinician answers for it as it stands.
    """

    case: StoredCase
    body: Case
    hit: FoundCase
    signed: bool
    items: tuple[ItemToAdd, ...]

    @property
    def told_parts(self) -> tuple[Stage, ...]:
        """The parts of its story that who asks may read: the first where its keys are kept.

        What comes later tells what was right before.
        """
        return self.body.parts if self.hit.told else self.body.parts[:1]

    @property
    def told_items(self) -> tuple[ItemToAdd, ...]:
        """Its items that are asked in those parts."""
        keys = {item.key for part in self.told_parts for item in part.items}
        return tuple(each for each in self.items if each.item.key in keys)

    @property
    def here(self) -> int:
        """How many of its items the quiz has."""
        return sum(each.here for each in self.items)


def may_be_added(quiz: Quiz, today: date) -> ColumnElement[bool]:
    """Return that a case has an item that *quiz* may be given *today*."""
    fit = select(Item.case_id).join(Item.case).where(*may_be_asked(quiz.uses, today))
    return and_(SearchEntry.layer == Layer.IN_USE, StoredCase.id.in_(fit))


def cases_to_add(quiz: Quiz, hits: Sequence[FoundCase]) -> list[CaseToAdd]:
    """Return the cases of *hits* as they are offered to a quiz, in three statements."""
    found = {hit.case_id: hit for hit in hits if hit.case_id is not None}
    cases = {
        case.id: case
        for case in db.session.scalars(
            select(StoredCase)
            .where(StoredCase.id.in_(found))
            .options(joinedload(StoredCase.current))
        )
    }
    signed, items = signed_cases(found), _items_of(list(found), quiz)
    return [
        CaseToAdd(case, body, hit, case_id in signed, _asked(body, items[case_id]))
        for case_id, hit in found.items()
        if (case := cases[case_id]).current is not None
        for body in [shown(case.current)]
    ]


def _items_of(case_ids: list[int], quiz: Quiz) -> dict[int, dict[str, tuple[int, bool]]]:
    """Return of each case the items that may be asked: id, and whether the quiz has it, by key.

    What is withheld may not, and is among them only where the quiz has it.
    """
    version_id = quiz.versions[-1].id
    rows = db.session.execute(
        select(Item.case_id, Item.key, Item.id, QuizItem.position.is_not(None))
        .outerjoin(
            QuizItem, (QuizItem.item_id == Item.id) & (QuizItem.quiz_version_id == version_id)
        )
        .where(
            Item.case_id.in_(case_ids),
            Item.retired_at.is_(None),
            Item.use.in_(quiz.uses),
            or_(Item.withheld_at.is_(None), QuizItem.position.is_not(None)),
        )
    )
    found: dict[int, dict[str, tuple[int, bool]]] = {case_id: {} for case_id in case_ids}
    for case_id, key, item_id, here in rows:
        found[case_id][key] = (item_id, here)
    return found


def _asked(body: Case, rows: dict[str, tuple[int, bool]]) -> tuple[ItemToAdd, ...]:
    return tuple(
        ItemToAdd(rows[item.key][0], item, here=rows[item.key][1])
        for item in body.questions
        if item.key in rows
    )
