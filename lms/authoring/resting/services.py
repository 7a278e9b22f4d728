"""The facts that a draft rests on, taken from the fact base and given back."""

from datetime import datetime

from lms.authoring.drafts import services
from lms.authoring.models import Draft
from lms.cases.knowledge import statements_of
from lms.core.errors import NotFound, Refusal
from lms.people.models import User
from question_bank.drafts.bodies import Body

MOST = 40
"""How many facts a draft may name."""


class EnoughFacts(Refusal):
    """A draft that names as many facts as it may."""

    message = f"A case names at most {MOST} facts. Take one out first."


def facts_named(body: Body) -> list[str]:
    """Return the ids of the facts that the body of a draft names, each once, in their order."""
    return list(dict.fromkeys(body.get("facts", [])))


def take_fact(person: User, draft_id: int, fact_id: str, *, now: datetime) -> Draft:
    """Have a draft rest on a fact of the fact base; once is enough.

    Raises:
        NotFound: there is no such fact; or as `services.save`.
        EnoughFacts: it names as many as it may.
        DraftClosed: it is published or dropped.
    """
    draft = services.open_for_writing(person, draft_id, now)
    named = facts_named(draft.body)
    if not statements_of([fact_id]):
        raise NotFound
    if fact_id in named:
        return draft
    if len(named) >= MOST:
        raise EnoughFacts
    body = draft.body | {"facts": [*named, fact_id]}
    services.take(draft, body, person, tab="", note=f"Rests on {fact_id}", now=now)
    return draft


def leave_fact(person: User, draft_id: int, fact_id: str, *, now: datetime) -> Draft:
    """Have a draft rest on a fact no more; errors as `services.save`."""
    draft = services.open_for_writing(person, draft_id, now)
    rest = [each for each in facts_named(draft.body) if each != fact_id]
    body = {name: value for name, value in draft.body.items() if name != "facts"}
    body |= {"facts": rest} if rest else {}
    services.take(draft, body, person, tab="", note=f"Rests on {fact_id} no more", now=now)
    return draft
