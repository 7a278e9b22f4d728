"""What a draft is compared with while it is written."""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import select

from lms.authoring.pictures.queries import pictures_in
from lms.cases.content import acts, facts
from lms.cases.knowledge import own_lists
from lms.cases.models import StoredCase
from lms.core.db import db
from lms.program.blueprint import blueprint
from question_bank.advice.listing import Advice, AdviceList, Known, advise
from question_bank.advice.places import place_in_words


def advice_on(body: Mapping[str, Any]) -> AdviceList:
    """Return the advice on a draft that says *body*, however far it is written."""
    own = own_lists()
    known = Known(
        facts={fact.id: fact for fact in own.facts} | dict(facts()),
        acts=own.acts | acts().keys(),
        slugs=_siblings(body.get("sibling_of")),
        blueprint=blueprint(),
    )
    return advise(body, known, more=_of_pictures(body))


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
