"""Which cases and items a quiz may be given, and what of them it has."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from lms.attempts.secrecy import readable_keys
from lms.cases.asking import may_be_asked
from lms.cases.models import Item, StoredCase
from lms.cases.queries import BankFilter, matching, shown
from lms.cases.signing import signed_cases
from lms.core.clock import local
from lms.core.db import db
from lms.core.paging import Page, page_of, whole
from lms.people.models import User
from lms.quizzes.models import Quiz, QuizItem
from question_bank.case import Case
from question_bank.items import AnyItem

PAGE = 20
"""How many cases a page offers."""


@dataclass(frozen=True)
class ItemToAdd:
    """An item of a case that is offered. `here`: the quiz has it."""

    id: int
    item: AnyItem
    here: bool


@dataclass(frozen=True)
class CaseToAdd:
    """A case that is offered to a quiz, with those of its items that may be asked.

    `told`: its keys may be read by who looks. `signed`: a clinician answers for it as it stands.
    """

    case: StoredCase
    body: Case
    told: bool
    signed: bool
    items: tuple[ItemToAdd, ...]

    @property
    def here(self) -> int:
        """How many of its items the quiz has."""
        return sum(each.here for each in self.items)


@dataclass(frozen=True)
class Offer:
    """A page of what may be added."""

    page: Page[StoredCase]
    cases: tuple[CaseToAdd, ...]


def cases_to_add(
    quiz: Quiz, wanted: BankFilter, number: int, *, reader: User, now: datetime
) -> Offer:
    """Return page *number* of the cases that a quiz may be given, in a fixed number of statements.

    Args:
        quiz: The quiz, versions loaded.
        wanted: What the cases are narrowed to.
        number: From 1; one out of bounds is the nearest.
        reader: Who looks.
        now: When.
    """
    today = local(now, reader.time_zone).date()
    fit = select(Item.case_id).join(Item.case).where(*may_be_asked(quiz.uses, today))
    page = page_of(
        matching(wanted)
        .where(StoredCase.id.in_(fit))
        .options(joinedload(StoredCase.current))
        .order_by(StoredCase.title, StoredCase.id),
        number,
        size=PAGE,
        read=whole,
    )
    ids = [case.id for case in page.items]
    told, signed = readable_keys(reader, ids, now), signed_cases(ids)
    items = _items_of(ids, quiz)
    cases = (
        CaseToAdd(case, body, case.id in told, case.id in signed, _asked(body, items[case.id]))
        for case in page.items
        if case.current is not None
        for body in [shown(case.current)]
    )
    return Offer(page, tuple(cases))


def _items_of(case_ids: list[int], quiz: Quiz) -> dict[int, dict[str, tuple[int, bool]]]:
    """Return of each case the items that may be asked: id, and whether the quiz has it, by key."""
    version_id = quiz.versions[-1].id
    rows = db.session.execute(
        select(Item.case_id, Item.key, Item.id, QuizItem.position.is_not(None))
        .outerjoin(
            QuizItem, (QuizItem.item_id == Item.id) & (QuizItem.quiz_version_id == version_id)
        )
        .where(Item.case_id.in_(case_ids), Item.retired_at.is_(None), Item.use.in_(quiz.uses))
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
