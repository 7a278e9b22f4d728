"""What a program writes down of clinical knowledge itself, beside the shipped fact base."""

from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from lms.cases.models import StoredFact
from lms.core.audit import record
from lms.core.db import db
from lms.core.errors import Invalid, Refusal
from lms.core.inserts import insert_unless_present
from lms.people.models import User

SERIES = "X"
"""The letter of the ids; those up to `SHIPPED` are the shipped list's own."""

SHIPPED = 100

LAST = 9999
"""The last number of the series: an id has no more digits."""

LONGEST_STATEMENT = 2000

LONGEST_SOURCE = 1000

TRIES = 5
"""How often a number that somebody else has taken meanwhile is counted on."""


class SaidAlready(Invalid):
    """The fact base has the statement."""

    def __init__(self, fact_id: str) -> None:
        super().__init__(f"{fact_id} says this already. Take that one.", field="statement")


class SeriesFull(Refusal):
    """There is no number left."""

    message = "The fact base can take no more facts of your own. Ask who runs the service."


def add_fact(person: User, statement: str, source: str, *, read: str, now: datetime) -> StoredFact:
    """Write down *statement* with its *source*, under an id of the program's own series.

    It may carry a key (is *solid*) only if *person* has read all of it in its source; else the
    source is still to be opened (*check*), by the rules of item writing.

    Args:
        person: Who writes it down, and has looked it up, or has not.
        statement: 1 to 2,000 characters.
        source: Where it is to be read, 1 to 1,000 characters.
        read: How much of it was read there: *all*, *part* or *none*.
        now: When.

    Raises:
        Invalid: there is no statement or no source, one is too long, or *read* is another word.
        SaidAlready: a fact says the same.
        SeriesFull: no number is left.
    """
    check_said(statement, source, read)
    known = select(StoredFact.id).where(func.lower(StoredFact.statement) == func.lower(statement))
    if (same := db.session.scalar(known.limit(1))) is not None:
        raise SaidAlready(same)
    fact = _numbered(
        status="solid" if read == "all" else "check",
        read=read,
        statement=statement,
        sources=[source],
        added_by_id=person.id,
        added_at=now,
    )
    said = {"fact": fact.id, "status": fact.status}
    record(person, "fact.add", "fact", None, now=now, after=said)
    return fact


def check_said(statement: str, source: str, read: str) -> None:
    """Make sure that a fact may say this; see `add_fact`.

    Raises:
        Invalid: there is no statement or no source, one is too long, or *read* is another word.
    """
    bounds = (("statement", statement, LONGEST_STATEMENT), ("source", source, LONGEST_SOURCE))
    for field, text, most in bounds:
        if not text or len(text) > most:
            raise Invalid(f"Write 1 to {most:,} characters.", field=field)
    if read not in ("all", "part", "none"):
        raise Invalid("Say how much of it you have read in its source.", field="read")


def _numbered(**said: Any) -> StoredFact:
    """Keep a fact under the next number that nobody has taken."""
    for _ in range(TRIES):
        inserted = insert_unless_present(StoredFact, id=_next_id(), **said)
        fact: StoredFact | None = db.session.scalar(inserted.returning(StoredFact))
        if fact is not None:
            return fact
    raise Refusal("Others are adding facts at this moment. Try again.")


def _next_id() -> str:
    """Return the id after the highest of the series."""
    ids = db.session.scalars(select(StoredFact.id).where(StoredFact.id.startswith(SERIES)))
    taken = [int(each[1:]) for each in ids if each[1:].isdecimal()]
    number = max([SHIPPED, *taken]) + 1
    if number > LAST:
        raise SeriesFull
    return f"{SERIES}{number}"
