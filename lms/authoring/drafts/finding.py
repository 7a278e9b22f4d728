"""The cases that a new one may be begun from."""

from datetime import date, datetime

from sqlalchemy import select

from lms.attempts.secrecy import readable_where
from lms.cases.models import StoredCase
from lms.cases.search.models import Layer, SearchEntry
from lms.cases.search.queries import AskedFor, search
from lms.core.db import db
from lms.people.models import User

OFFERED = 10
"""How many cases are offered."""


def cases_saying(words: str, reader: User, today: date, now: datetime) -> list[StoredCase]:
    """Return the published cases that say *words*, best match first.

    A *reader* whom keys are kept from finds those cases by title and tags alone.
    """
    found = search(
        AskedFor(words),
        1,
        today=today,
        within=[SearchEntry.layer == Layer.IN_USE],
        readable=readable_where(reader, SearchEntry.case_id, now),
        size=OFFERED,
    )
    ids = [hit.case_id for hit in found.hits if hit.case_id is not None]
    cases = {
        case.id: case
        for case in db.session.scalars(select(StoredCase).where(StoredCase.id.in_(ids)))
    }
    return [cases[each] for each in ids]
