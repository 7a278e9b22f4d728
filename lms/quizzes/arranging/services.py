"""Putting cases and items into a quiz, taking them out, and moving them."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from lms.cases.models import Item, StoredCase
from lms.core.audit import record
from lms.core.db import db
from lms.core.errors import NotFound, Refusal
from lms.people.models import User
from lms.quizzes import queries
from lms.quizzes.admission import check_admitted, not_withheld
from lms.quizzes.versions import draft, newest, replace


class NotFit(Refusal):
    """None of a case's items may be in the quiz."""

    message = (
        "None of the case's items is fit for this quiz: script-concordance items need a panel, "
        "and are asked in formative quizzes only."
    )


class Whole(Refusal):
    """An item cannot be taken out of a case that unfolds."""

    message = "This case unfolds from item to item, so it is asked whole. Remove the case instead."


def add_case(actor: User | None, quiz_id: int, case_id: int, *, now: datetime) -> None:
    """Put the items of a case, in its order, where a quiz has some of them, or else at the end.

    Raises:
        NotFound: there is no such quiz or case.
        NotFit: no item of the case may be in the quiz.
        NotDrawn, NotLetIn, AllWithheld: the case is not to be asked.
        TooLong: the quiz would get too long.
    """
    uses = queries.quiz_by_id(quiz_id).uses
    version = draft(quiz_id, now=now)
    present = [place.item_id for place in queries.places_of(version.id)]
    wanted: Sequence[Item] = db.session.scalars(
        select(Item)
        .where(Item.case_id == case_id, Item.retired_at.is_(None))
        .order_by(Item.position)
    ).all()
    case = db.session.scalar(
        select(StoredCase).where(StoredCase.id == case_id, StoredCase.current_id.is_not(None))
    )
    if case is None or not wanted:
        raise NotFound("There is no such case in the bank.")
    check_admitted([case], actor, now)
    wanted = [item for item in wanted if item.use in uses]
    if not wanted:
        raise NotFit
    wanted = not_withheld(case, wanted)
    mine = [item.id for item in wanted]
    at = next((n for n, item_id in enumerate(present) if item_id in mine), len(present))
    others = [item_id for item_id in present if item_id not in mine]
    replace(version, [*others[:at], *mine, *others[at:]])
    record(actor, "quiz.add_case", "quiz", quiz_id, now=now, after={"case": case_id})


def remove_item(actor: User | None, quiz_id: int, item_id: int, *, now: datetime) -> None:
    """Take an item out of a quiz; nothing happens if it is not in it.

    Raises:
        Whole: its case unfolds.
    """
    places = queries.places_of(newest(quiz_id).id)
    if any(place.item_id == item_id and place.item.case.unfolds for place in places):
        raise Whole
    present = [place.item_id for place in places]
    if item_id in present:
        replace(draft(quiz_id, now=now), [each for each in present if each != item_id])
        record(actor, "quiz.remove_item", "quiz", quiz_id, now=now, before={"item": item_id})


def remove_case(actor: User | None, quiz_id: int, case_id: int, *, now: datetime) -> None:
    """Take all items of a case out of a quiz; nothing happens if none is in it."""
    places = queries.places_of(newest(quiz_id).id)
    left = [place.item_id for place in places if place.item.case_id != case_id]
    if len(left) < len(places):
        replace(draft(quiz_id, now=now), left)
        record(actor, "quiz.remove_case", "quiz", quiz_id, now=now, before={"case": case_id})


def move_case(actor: User, quiz_id: int, case_id: int, *, up: bool, now: datetime) -> None:
    """Have a case of a quiz asked one case earlier (*up*) or later; at the end nothing happens."""
    items: dict[int, list[int]] = {}
    for place in queries.places_of(newest(quiz_id).id):
        items.setdefault(place.item.case_id, []).append(place.item_id)
    order = list(items)
    at = order.index(case_id) if case_id in items else -1
    to = at - 1 if up else at + 1
    if at < 0 or not 0 <= to < len(order):
        return
    order[at], order[to] = order[to], order[at]
    replace(draft(quiz_id, now=now), [item_id for each in order for item_id in items[each]])
    after = {"case": case_id, "place": to + 1}
    record(actor, "quiz.move_case", "quiz", quiz_id, now=now, after=after)
