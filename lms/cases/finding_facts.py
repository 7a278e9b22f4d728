"""Finding a fact of the fact base by what it says."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, String, case, cast, func, literal, or_, select

from lms.cases.models import StoredFact
from lms.core.db import db

MOST = 20
"""How many facts are found at most."""

MOST_WORDS = 8
"""How many of the words asked for count."""

LONGEST = 200
"""Characters of what is asked for that are read."""


def facts_saying(words: str, *, besides: Sequence[str] = ()) -> list[StoredFact]:
    """Return the facts that say most of *words*, the best first, in one statement.

    A word counts wherever it stands in the statement or in its sources; an id that is asked for
    comes first. Of equals, what may carry a key comes first.

    Args:
        words: As typed; what is too much of it is not read.
        besides: Ids of facts that are not to be found, being known already.
    """
    asked = words[:LONGEST].replace("\0", " ").split()[:MOST_WORDS]
    if not asked:
        return []
    found = sum(map(_counted, asked), literal(0))
    return list(
        db.session.scalars(
            select(StoredFact)
            .where(or_(*map(_says, asked)), StoredFact.id.not_in(list(besides)))
            .order_by(found.desc(), StoredFact.status.desc(), func.length(StoredFact.id))
            .order_by(StoredFact.id)
            .limit(MOST)
        )
    )


def _says(word: str) -> ColumnElement[bool]:
    sources = cast(StoredFact.sources, String)
    return or_(
        StoredFact.id == word.upper(),
        StoredFact.statement.icontains(word, autoescape=True),
        sources.icontains(word, autoescape=True),
    )


def _counted(word: str) -> ColumnElement[int]:
    return case(
        (StoredFact.id == word.upper(), 100),
        (StoredFact.statement.icontains(word, autoescape=True), 2),
        (_says(word), 1),
        else_=0,
    )
