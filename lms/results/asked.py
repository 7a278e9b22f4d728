"""Reading which editions quizzes ask fellows, and from when on terms let their keys be read."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Select, select, tuple_

from lms.attempts.exposing import ASKS
from lms.attempts.models import Attempt, Response
from lms.attempts.release import keys_open
from lms.cases.models import Item, ItemEdition, StoredCase
from lms.core.db import db
from lms.exposure.models import KEY_OPENS, Edition, Exposure, KeyOpening
from lms.quizzes.models import Assignment, QuizItem
from lms.quizzes.terms import Pair

Items = Select[int] | Sequence[int]
"""The ids of items, or the query for them."""


AskedBefore = Mapping[Pair, Sequence[tuple[int, int]]]
"""Items and their editions that the attempts of assignments and fellows ask."""


class Key(NamedTuple):
    """That the terms of an assignment, before all others, let a key be read, maybe ahead."""

    opens: datetime
    assignment_id: int


def items_of(assignment_ids: Iterable[int]) -> Select[int]:
    """Return the query for the ids of the items that assignments ask."""
    return (
        select(QuizItem.item_id)
        .join(Assignment, Assignment.quiz_version_id == QuizItem.quiz_version_id)
        .where(Assignment.id.in_(assignment_ids))
    )


def asked_today(assignment_ids: Iterable[int], items: Items) -> dict[int, list[tuple[int, int]]]:
    """Return which of *items* each assignment would ask today, and in which edition."""
    rows = db.session.execute(
        select(Assignment.id, ItemEdition.item_id, ItemEdition.edition)
        .join(QuizItem, QuizItem.quiz_version_id == Assignment.quiz_version_id)
        .join(Item, Item.id == QuizItem.item_id)
        .join(StoredCase, StoredCase.id == Item.case_id)
        .join(
            ItemEdition,
            (ItemEdition.item_id == Item.id)
            & (ItemEdition.case_version_id == StoredCase.current_id),
        )
        .where(Assignment.id.in_(assignment_ids), Item.id.in_(items))
    )
    found: dict[int, list[tuple[int, int]]] = {}
    for assignment_id, *edition in rows:
        found.setdefault(assignment_id, []).append((edition[0], edition[1]))
    return found


def asked_before(pairs: Iterable[Pair], items: Items) -> AskedBefore:
    """Return which of *items* the attempts of each pair ask, and in which edition."""
    rows = db.session.execute(
        select(Attempt.assignment_id, Attempt.fellow_id, ItemEdition.item_id, ItemEdition.edition)
        .join(Response, Response.attempt_id == Attempt.id)
        .join(ItemEdition, ASKS)
        .where(
            tuple_(Attempt.assignment_id, Attempt.fellow_id).in_(list(pairs)),
            Response.item_id.in_(items),
        )
        .distinct()
    )
    found: dict[Pair, list[tuple[int, int]]] = {}
    for assignment_id, fellow_id, *edition in rows:
        found.setdefault((assignment_id, fellow_id), []).append((edition[0], edition[1]))
    return found


def keys_of(editions: Iterable[Edition]) -> dict[Edition, Key]:
    """Return from when on terms let each fellow read the key of an edition, as far as settled."""
    wanted = set(editions)
    if not wanted:
        return {}
    rows = db.session.execute(
        select(
            Exposure.fellow_id,
            Exposure.item_id,
            Exposure.edition,
            KeyOpening.key_at,
            Attempt.assignment_id,
        )
        .join(KeyOpening, KEY_OPENS)
        .join(Attempt, Attempt.id == KeyOpening.attempt_id)
        .where(
            Exposure.fellow_id.in_({each[0] for each in wanted}),
            Exposure.item_id.in_({each[1] for each in wanted}),
        )
    )
    return {(row[0], row[1], row[2]): Key(row[3], row[4]) for row in rows}


def keys_to_others(pairs: Collection[Pair], was_asked: AskedBefore) -> dict[Edition, Key]:
    """Return from when on others than the fellows may be told of keys, whichever quiz is first."""
    found: dict[Edition, Key] = {}
    for (assignment_id, fellow_id), opens in keys_open(pairs, to_others=True).items():
        key = Key(opens, assignment_id)
        for item_id, edition in was_asked.get((assignment_id, fellow_id), ()):
            of = (fellow_id, item_id, edition)
            found[of] = min(found.get(of, key), key)
    return found
