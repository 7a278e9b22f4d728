"""Putting cases and items into a quiz, taking them out, moving and weighing them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from lms.cases.models import Item, StoredCase
from lms.core.audit import Deed, record, record_all
from lms.core.db import db
from lms.core.errors import Invalid, NotFound, Refusal
from lms.people.models import User
from lms.quizzes import queries
from lms.quizzes.admission import check_admitted, not_withheld
from lms.quizzes.models import QuizItem
from lms.quizzes.versions import Seat, draft, newest, replace
from question_bank.items.base import MOST_POINTS


class NotFit(Refusal):
    """None of a case's items may be in the quiz."""

    message = (
        "None of the case's items is fit for this quiz: script-concordance items need a panel, "
        "and are asked in formative quizzes only."
    )


class Whole(Refusal):
    """An item cannot be taken out of a case that unfolds."""

    message = "This case unfolds from item to item, so it is asked whole. Remove the case instead."


class OnlyWhole(Refusal):
    """An item of a case that unfolds cannot be put in alone."""

    message = "This case unfolds from item to item, so it is asked whole. Add the case instead."


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
    case, items = _case_with_items(actor, case_id, now)
    fit = [item for item in items if item.use in uses]
    if not fit:
        raise NotFit
    fit = not_withheld(case, fit)
    places = queries.places_of(version.id)
    points = {place.item_id: place.points for place in places}
    mine = [Seat(item.id, points.get(item.id)) for item in fit]
    here = {item.id for item in fit}
    at = next((n for n, place in enumerate(places) if place.item_id in here), len(places))
    before, after = (
        [place for place in some if place.item_id not in here]
        for some in (places[:at], places[at:])
    )
    replace(version, [*_seats(before), *mine, *_seats(after)])
    record(actor, "quiz.add_case", "quiz", quiz_id, now=now, after={"case": case_id})


def _case_with_items(
    actor: User | None, case_id: int, now: datetime
) -> tuple[StoredCase, Sequence[Item]]:
    """Return a case with its live items, in its order, if it is one that may be asked."""
    items = db.session.scalars(
        select(Item)
        .where(Item.case_id == case_id, Item.retired_at.is_(None))
        .order_by(Item.position)
    ).all()
    case = db.session.scalar(
        select(StoredCase).where(StoredCase.id == case_id, StoredCase.current_id.is_not(None))
    )
    if case is None or not items:
        raise NotFound("There is no such case in the bank.")
    check_admitted([case], actor, now)
    return case, items


def add_item(actor: User | None, quiz_id: int, item_id: int, *, now: datetime) -> int:
    """Put one item in, among those of its case in their order, or else at the end.

    Nothing happens if it is there. Returns the id of its case.

    Raises:
        NotFound: there is no such quiz or item.
        OnlyWhole: its case unfolds.
        NotFit: the item may not be in the quiz.
        Retired, NotDrawn, NotLetIn: the case is not to be asked.
        AllWithheld: what it would bring is withheld.
        TooLong: the quiz would get too long.
    """
    uses = queries.quiz_by_id(quiz_id).uses
    wanted = db.session.scalar(
        select(Item)
        .where(Item.id == item_id, Item.retired_at.is_(None))
        .options(joinedload(Item.case))
    )
    if wanted is None or wanted.case.current_id is None:
        raise NotFound("There is no such item in the bank.")
    if wanted.case.unfolds:
        raise OnlyWhole
    if wanted.use not in uses:
        raise NotFit
    not_withheld(wanted.case, [wanted])
    version = draft(quiz_id, now=now)
    places = queries.places_of(version.id)
    if any(place.item_id == item_id for place in places):
        return wanted.case_id
    check_admitted([wanted.case], actor, now)
    at = _place_for(wanted, places)
    replace(version, [*_seats(places[:at]), Seat(item_id), *_seats(places[at:])])
    record(actor, "quiz.add_item", "quiz", quiz_id, now=now, after={"item": item_id})
    return wanted.case_id


def _place_for(wanted: Item, places: Sequence[QuizItem]) -> int:
    """Return before how many of *places* an item is to stand that is not among them."""
    of_case = [n for n, place in enumerate(places) if place.item.case_id == wanted.case_id]
    later = (n for n in of_case if places[n].item.position > wanted.position)
    return next(later, of_case[-1] + 1 if of_case else len(places))


def remove_item(actor: User | None, quiz_id: int, item_id: int, *, now: datetime) -> None:
    """Take an item out of a quiz; nothing happens if it is not in it.

    Raises:
        Whole: its case unfolds.
    """
    places = queries.places_of(newest(quiz_id).id)
    if any(place.item_id == item_id and place.item.case.unfolds for place in places):
        raise Whole
    left = [place for place in places if place.item_id != item_id]
    if len(left) < len(places):
        replace(draft(quiz_id, now=now), _seats(left))
        record(actor, "quiz.remove_item", "quiz", quiz_id, now=now, before={"item": item_id})


def remove_case(actor: User | None, quiz_id: int, case_id: int, *, now: datetime) -> None:
    """Take all items of a case out of a quiz; nothing happens if none is in it."""
    places = queries.places_of(newest(quiz_id).id)
    left = [place for place in places if place.item.case_id != case_id]
    if len(left) < len(places):
        replace(draft(quiz_id, now=now), _seats(left))
        record(actor, "quiz.remove_case", "quiz", quiz_id, now=now, before={"case": case_id})


def move_case(actor: User, quiz_id: int, case_id: int, *, up: bool, now: datetime) -> None:
    """Have a case of a quiz asked one case earlier (*up*) or later; at the end nothing happens."""
    groups = _by_case(queries.places_of(newest(quiz_id).id))
    to = _moved(list(groups), case_id, up=up)
    if to is not None:
        order, place = to
        seats = [seat for each in order for seat in _seats(groups[each])]
        replace(draft(quiz_id, now=now), seats)
        after = {"case": case_id, "place": place}
        record(actor, "quiz.move_case", "quiz", quiz_id, now=now, after=after)


def move_item(actor: User, quiz_id: int, item_id: int, *, up: bool, now: datetime) -> None:
    """Have an item asked earlier (*up*) or later among those of its case.

    At the end nothing happens, nor in a case that unfolds, whose order is its own.
    """
    groups = _by_case(queries.places_of(newest(quiz_id).id))
    for case_id, group in groups.items():
        by_item = {place.item_id: place for place in group}
        to = _moved(list(by_item), item_id, up=up)
        if to is not None and not group[0].item.case.unfolds:
            order, place = to
            groups[case_id] = [by_item[each] for each in order]
            seats = [seat for each in groups.values() for seat in _seats(each)]
            replace(draft(quiz_id, now=now), seats)
            after = {"item": item_id, "place": place}
            record(actor, "quiz.move_item", "quiz", quiz_id, now=now, after=after)
            return


def _by_case(places: Iterable[QuizItem]) -> dict[int, list[QuizItem]]:
    groups: dict[int, list[QuizItem]] = {}
    for place in places:
        groups.setdefault(place.item.case_id, []).append(place)
    return groups


def _moved(order: list[int], what: int, *, up: bool) -> tuple[list[int], int] | None:
    """Return *order* with *what* one place earlier (*up*) or later, and that place, from 1.

    None: it cannot be moved so.
    """
    at = order.index(what) if what in order else -1
    to = at - 1 if up else at + 1
    if at < 0 or not 0 <= to < len(order):
        return None
    order[at], order[to] = order[to], order[at]
    return order, to + 1


def weigh(actor: User, quiz_id: int, points: Mapping[int, int | None], *, now: datetime) -> None:
    """Set how much items weigh in a quiz, by their ids; None: as much as their cases say.

    What is not among its items is left aside; nothing happens where nothing would change.

    Raises:
        NotFound: there is no such quiz.
        Invalid: points out of range.
    """
    if any(each is not None and not 1 <= each <= MOST_POINTS for each in points.values()):
        raise Invalid(f"An item weighs 1 to {MOST_POINTS} points.")
    places = queries.places_of(newest(quiz_id).id)
    before = {place.item_id: place.points for place in places}
    after = {item: points.get(item, stood) for item, stood in before.items()}
    if after != before:
        replace(draft(quiz_id, now=now), [Seat(*each) for each in after.items()])
        record_all(actor, _weighings(quiz_id, before, after), now=now)


def _weighings(
    quiz_id: int, before: Mapping[int, int | None], after: Mapping[int, int | None]
) -> list[Deed]:
    return [
        Deed(
            "quiz.weigh",
            "quiz",
            quiz_id,
            {"points": before[item]},
            {"item": item, "points": after[item]},
        )
        for item in after
        if after[item] != before[item]
    ]


def _seats(places: Iterable[QuizItem]) -> list[Seat]:
    return [Seat(place.item_id, place.points) for place in places]
