"""Changing a fact that the program wrote down itself."""

from datetime import datetime

from lms.authoring.facts.queries import fact_by_id
from lms.cases.adding_facts import check_said
from lms.cases.models import StoredFact
from lms.core.audit import record
from lms.core.errors import Refusal
from lms.people.models import User


class Shipped(Refusal):
    """A fact of the shipped list changes with the list alone."""

    message = "This fact comes with the service and changes with it. Add one of your own instead."


def change_fact(
    person: User, fact_id: str, statement: str, source: str, *, read: str, now: datetime
) -> StoredFact:
    """Have a fact of the program's own say something else; every case on it is named then.

    Raises:
        NotFound: there is no such fact.
        Shipped: it is not the program's own.
        Invalid: see `add_fact`.
    """
    fact = fact_by_id(fact_id)
    if fact.added_by_id is None:
        raise Shipped
    check_said(statement, source, read)
    before = {"statement": fact.statement, "sources": list(fact.sources), "status": fact.status}
    status = "solid" if read == "all" else "check"
    after = {"statement": statement, "sources": [source], "status": status}
    fact.read = read
    if before != after:
        fact.statement, fact.sources, fact.status = statement, [source], status
        fact.changed_at = now
        said = {"fact": fact.id}
        record(
            person, "fact.change", "fact", None, now=now, before=said | before, after=said | after
        )
    return fact
