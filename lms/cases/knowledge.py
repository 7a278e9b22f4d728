"""What the bank knows beside its cases, as rows: facts that keys rest on, and acts that harm."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from sqlalchemy import select, update

from lms.cases.content import acts, facts
from lms.cases.models import StoredFact, StoredHarm
from lms.core.db import db
from lms.core.inserts import insert_or_change
from question_bank.knowledge import ClinicalFact, HarmfulAct
from question_bank.shapes import SLUG

NOT_NAMED = "a choice that would have hurt the patient"
"""What is said of an act that no list names."""


def keep_lists(*, now: datetime) -> None:
    """Have the rows say what the shipped lists say; a row that no list has any more stays.

    Of a fact that says something else by that, or has other sources or another state, it is noted
    that it changed *now*.
    """
    changed = _changed_facts()
    shipped = (
        (StoredFact, [fact.model_dump() for fact in facts().values()]),
        (StoredHarm, [_row_of(act) for act in acts().values()]),
    )
    for table, rows in shipped:
        for start in range(0, len(rows), 100):
            batch = rows[start : start + 100]
            db.session.execute(insert_or_change(table, batch, key=("id",)))
    if changed:
        db.session.execute(
            update(StoredFact).where(StoredFact.id.in_(changed)).values(changed_at=now)
        )


def _row_of(act: HarmfulAct) -> dict[str, object]:
    return act.model_dump(mode="json", exclude={"tells"})


def _changed_facts() -> list[str]:
    """Return the ids of the shipped facts whose rows say something else as yet."""
    kept = select(StoredFact.id, StoredFact.statement, StoredFact.status, StoredFact.sources)
    said = {row.id: (row.statement, row.status, row.sources) for row in db.session.execute(kept)}
    return sorted(
        each.id
        for each in facts().values()
        if each.id in said and said[each.id] != (each.statement, each.status, [*each.sources])
    )


@dataclass(frozen=True)
class OwnLists:
    """What there is beside the shipped lists: of the program itself, or shipped once."""

    facts: tuple[ClinicalFact, ...]
    acts: frozenset[str]


def own_lists() -> OwnLists:
    """Return the facts, and the ids of the acts, of which there are rows and no shipped entry."""
    rows = db.session.scalars(
        select(StoredFact).where(StoredFact.id.not_in(list(facts()))).order_by(StoredFact.id)
    )
    names = ClinicalFact.model_fields
    own = [ClinicalFact(**{name: getattr(row, name) for name in names}) for row in rows]
    more = db.session.scalars(select(StoredHarm.id).where(StoredHarm.id.not_in(list(acts()))))
    return OwnLists(tuple(own), frozenset(more))


def acts_known(own: OwnLists) -> Mapping[str, HarmfulAct | None]:
    """Return the acts that a case may name, by their ids; of one of *own* no more is known."""
    known: dict[str, HarmfulAct | None] = dict.fromkeys(own.acts)
    return known | dict(acts())


def harm_said(harm: str) -> str:
    """Return what an act does to the patient, by its id; what is no act is words already."""
    act = acts().get(harm)
    if act is not None:
        return act.harm
    try:
        return _own_harm(harm) if re.fullmatch(SLUG, harm) else harm
    except LookupError:
        return harm


def acts_said(ids: Iterable[str]) -> dict[str, str]:
    """Return what was done, by the act's id, as a sentence goes on; where no act is named, that.

    One statement, and none where all are in the shipped list.
    """
    wanted = set(ids)
    names = {act: acts()[act].name for act in wanted if act in acts()}
    if own := wanted - names.keys():
        query = select(StoredHarm.id, StoredHarm.name).where(StoredHarm.id.in_(own))
        names |= {row.id: row.name for row in db.session.execute(query)}
    return {act: _going_on(names[act]) if act in names else NOT_NAMED for act in wanted}


def _going_on(name: str) -> str:
    return name if name[1:2].isupper() else name[:1].lower() + name[1:]


@lru_cache(maxsize=256)
def _own_harm(act: str) -> str:
    said = db.session.scalar(select(StoredHarm.harm).where(StoredHarm.id == act))
    if said is None:
        raise LookupError(act)
    return said


def statements_of(ids: Iterable[str]) -> list[StoredFact]:
    """Return the facts with these ids, in the order of ids."""
    query = select(StoredFact).where(StoredFact.id.in_(list(ids))).order_by(StoredFact.id)
    return list(db.session.scalars(query))
