"""What the bank knows beside its cases, as rows: facts that keys rest on, and acts that harm."""

from collections.abc import Iterable

from sqlalchemy import select

from lms.cases.content import acts, facts
from lms.cases.models import StoredFact, StoredHarm
from lms.core.db import db
from lms.core.inserts import insert_or_change


def keep_lists() -> None:
    """Have the rows say what the shipped lists say; a row that no list has any more stays."""
    shipped = (
        (StoredFact, [fact.model_dump(mode="json") for fact in facts().values()]),
        (StoredHarm, [act.model_dump(mode="json") for act in acts().values()]),
    )
    for table, rows in shipped:
        for start in range(0, len(rows), 100):
            batch = rows[start : start + 100]
            db.session.execute(insert_or_change(table, batch, key=("id",)))


def statements_of(ids: Iterable[str]) -> list[StoredFact]:
    """Return the facts with these ids, in the order of ids."""
    query = select(StoredFact).where(StoredFact.id.in_(list(ids))).order_by(StoredFact.id)
    return list(db.session.scalars(query))
