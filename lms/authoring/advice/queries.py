"""What a draft is compared with while it is written."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import chain
from typing import Any

from sqlalchemy import select

from lms.attempts.secrecy import readable_keys
from lms.authoring.pictures.queries import pictures_in
from lms.cases.content import facts
from lms.cases.knowledge import acts_known, own_lists
from lms.cases.models import StoredCase
from lms.cases.search.resembling import resembling
from lms.core.db import db
from lms.people.models import User
from lms.program.blueprint import blueprint
from question_bank.advice.alike import how_alike, of_alike
from question_bank.advice.listing import Advice, AdviceList, AlikeCase, Known, advise
from question_bank.advice.places import place_in_words
from question_bank.rules.telling import sketch_of, told_in


def advice_on(body: Mapping[str, Any], *, of: int | None, to: User, now: datetime) -> AdviceList:
    """Return the advice on a draft that says *body*, however far it is written.

    *of*: the case that it is a draft of; None: of a new one. *to*: who is advised; of other cases
    nothing is said but of those whose keys that person may read.
    """
    own = own_lists()
    known = Known(
        facts={fact.id: fact for fact in own.facts} | dict(facts()),
        acts=acts_known(own),
        slugs=_siblings(body.get("sibling_of")),
        blueprint=blueprint(),
    )
    alike = of_alike(body, alike_cases(body, of=of, to=to, now=now))
    return advise(body, known, more=chain(_of_pictures(body), alike))


def alike_cases(
    body: Mapping[str, Any], *, of: int | None, to: User, now: datetime
) -> list[AlikeCase]:
    """Return the stored cases that are nearly the same as *body*, each once; see `advice_on`.

    Always as many statements; the bank is asked for candidates, and not read as a whole.
    """
    told = told_in(body)
    found = resembling(sketch_of(told), but=of)
    readable = readable_keys(to, {each.case_id for each in found}, now)
    alike: dict[str, AlikeCase] = {}
    for each in found:
        share = how_alike(told, each.body) if each.case_id in readable else None
        if share and share > getattr(alike.get(each.slug), "share", 0):
            alike[each.slug] = AlikeCase(each.slug, each.title, share)
    return list(alike.values())


def _of_pictures(body: Mapping[str, Any]) -> Iterator[Advice]:
    """Yield what is still to be said of the pictures of a draft."""
    for each in pictures_in(body):
        open_yet = [name for name in ("source", "licence") if not getattr(each, name)]
        if open_yet:
            what = " and ".join(open_yet).replace("licence", "license")
            sentence = f"The {what} of this picture {_IS[len(open_yet)]} not said yet."
            path = f"{each.path}/image"
            yield Advice(path, "", "W", place_in_words(body, path), sentence)


_IS = {1: "is", 2: "are"}


def _siblings(slug: object) -> frozenset[str]:
    """Return the slug, in a set, if the bank has such a case."""
    if not isinstance(slug, str) or not slug:
        return frozenset()
    return frozenset(db.session.scalars(select(StoredCase.slug).where(StoredCase.slug == slug)))
