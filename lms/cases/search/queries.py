"""The one query on the index: what says the words, narrowed by facets, a page at a time."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from itertools import starmap
from typing import Any

from sqlalchemy import ColumnElement, Select, String, and_, null, or_, select, true, type_coerce

from lms.cases.models import StoredCase
from lms.cases.search.matching import has_words, shows_words
from lms.cases.search.models import Layer, SearchEntry
from lms.cases.search.numbering import number_said, numbers_with, standing_numbers
from lms.cases.search.ordering import Entries, FoundEntry, Order, in_order
from lms.cases.search.signed import is_case_signed
from lms.cases.search.standing import (
    IS_TOLD,
    RETIRED,
    merged,
    standing_of,
    states_at,
)
from lms.cases.search.tagging import read_tags
from lms.core.db import db
from lms.core.paging import Page, page_in
from question_bank.searching.excerpts import Excerpt, excerpt_of
from question_bank.searching.facets import Chosen, Narrowed, Tag, narrowed
from question_bank.searching.places import OPEN, Place
from question_bank.searching.words import Query, read_query

PAGE = 20
"""How many hits a page lists."""


@dataclass(frozen=True)
class Also:
    """A tag that the index does not know of: what must hold of an entry, or its case, to have it.

    The condition is on `SearchEntry`, or `StoredCase`, which is joined to it where there is one.
    """

    tag: Tag
    holds: ColumnElement[bool]


@dataclass(frozen=True)
class AskedFor:
    """What is asked of the bank: words as they were typed, and what was chosen of each facet."""

    words: str = ""
    chosen: Chosen = field(default_factory=dict)
    order: Order = Order.MATCH

    @cached_property
    def query(self) -> Query:
        """What the words ask for."""
        return read_query(self.words)


@dataclass(frozen=True)
class FoundCase:
    """A case, or a draft of none as yet, that was found.

    `told`: whether its keys may be read by who asks; if not, nothing is shown of it but title and
    tags. `entries` are ids of those that have the words, `excerpt` the place of one of them.
    """

    case_id: int | None
    draft_id: int | None
    title: str
    tags: frozenset[Tag]
    told: bool
    entries: tuple[int, ...]
    excerpt: Excerpt | None = None
    in_draft: bool = False


@dataclass(frozen=True)
class Found:
    """What was found: the `hits` of a page, and what narrowing it further would leave."""

    page: Page[Entries]
    hits: list[FoundCase]
    narrowed: Narrowed

    @property
    def total(self) -> int:
        """How many there are on all pages."""
        return len(self.narrowed.left)

    def count(self, facet: str, value: str) -> int:
        """How many there would be with a value of a facet."""
        return self.narrowed.counts[facet, value]

    def without(self, facet: str) -> int:
        """How many there would be if nothing were chosen of a facet; 0 if nothing is."""
        return self.narrowed.without.get(facet, 0)


def search(
    asked: AskedFor,
    page: int,
    *,
    today: date,
    also: Sequence[Also] = (),
    within: Sequence[ColumnElement[bool]] = (),
    readable: ColumnElement[bool] | None = None,
    size: int = PAGE,
) -> Found:
    """Return a page of what has all the words of *asked*, and is as it was chosen to be.

    Two statements, however much there is. As many rows are read as have the words.

    Args:
        asked: Words, facets and order.
        page: Its number, from 1; one out of bounds is the nearest.
        today: By which reviews are overdue.
        also: Further tags, of rooms that this one knows nothing of.
        within: What must hold of all that is found.
        readable: Of which entries who asks may read the keys; the others are found by title and
            tags alone, and drafts of them not at all. None: of all.
        size: How many hits a page has.
    """
    rows = db.session.execute(_matching(asked, also, within, readable, today)).all()
    cases, tags = _of_cases(starmap(FoundEntry, rows)), tuple(each.tag for each in also)
    left = _narrowed(cases, asked.chosen, tags)
    listed = page_in(in_order([cases[n] for n in left.left], asked.order), page, size=size)
    hits = [_hit(each, tags) for each in listed.items]
    return Found(listed, _with_excerpts(hits, asked.query), left)


def hits_of(
    words: str,
    *,
    within: Sequence[ColumnElement[bool]] = (),
    readable: ColumnElement[bool] | None = None,
) -> int:
    """Return how many hits `search` has for *words* alone; its other arguments are of no matter."""
    rows = db.session.execute(_matching(AskedFor(words), (), within, readable, date.max)).all()
    return len(_narrowed(_of_cases(starmap(FoundEntry, rows)), {}, ()).left)


_HIDDEN = frozenset({RETIRED})


def _matching(
    asked: AskedFor,
    also: Sequence[Also],
    within: Sequence[ColumnElement[bool]],
    readable: ColumnElement[bool] | None,
    today: date,
) -> Select[*tuple[Any, ...]]:
    """Return the query of all that has the words: of each entry no more than a list is made of."""
    query, told = asked.query, true() if readable is None else readable
    has, shows = (has_words(query), shows_words(query)) if query else (true(), true())
    found = and_(told, has)
    if readable is not None:
        found = or_(found, and_(SearchEntry.layer != Layer.DRAFT, shows))
    conditions = (
        StoredCase.retired_at.is_not(None), StoredCase.current_id.is_not(None), is_case_signed(),
        StoredCase.review_by < today, SearchEntry.layer == Layer.PROPOSED, told, shows,
        *(each.holds for each in also),
    )  # fmt: skip
    return (
        select(
            SearchEntry.id,
            SearchEntry.case_id,
            SearchEntry.draft_id,
            type_coerce(SearchEntry.layer, String).label("layer"),
            SearchEntry.title,
            SearchEntry.tags,
            (StoredCase.review_by if asked.order is Order.REVIEW else null()).label("review_by"),
            standing_of(conditions).label("standing"),
        )
        .outerjoin(StoredCase, StoredCase.id == SearchEntry.case_id)
        .where(found, *within)
    )


def _of_cases(found: Iterable[FoundEntry]) -> list[Entries]:
    """Return the entries of each case, or draft of none."""
    of_case: dict[int, Entries] = {}
    for entry in found:
        key = entry.case_id or -(entry.draft_id or 0)
        of_case[key] = (*of_case[key], entry) if key in of_case else (entry,)
    return [sorted(each, key=_place) if len(each) > 1 else each for each in of_case.values()]


def _narrowed(cases: Iterable[Entries], chosen: Chosen, also: tuple[Tag, ...]) -> Narrowed:
    """Return what *chosen* leaves of *cases*; they may have the tags *also*."""
    known = numbers_with(also)
    how_it_stands = standing_numbers(known, also)
    tags = [number_said(each[0].tags) | how_it_stands(_standing(each)) for each in cases]
    return narrowed(tags, chosen, known, hidden=_HIDDEN)


_PLACES: Mapping[str, int] = {Layer.IN_USE: 0, Layer.PROPOSED: 1, Layer.DRAFT: 2}


def _place(entry: FoundEntry) -> int:
    return _PLACES[entry.layer]


def _standing(entries: Entries) -> int:
    """Return how the case of *entries* stands."""
    if len(entries) == 1:
        return entries[0].standing
    return merged([each.standing for each in entries])


def _hit(entries: Entries, also: tuple[Tag, ...]) -> FoundCase:
    first, standing = entries[0], _standing(entries)
    return FoundCase(
        case_id=first.case_id,
        draft_id=next((each.draft_id for each in entries if each.draft_id), None),
        title=first.title,
        tags=read_tags(first.tags) | states_at(standing, also),
        told=bool(standing & IS_TOLD),
        entries=tuple(each.id for each in entries),
    )


def _with_excerpts(hits: list[FoundCase], query: Query) -> list[FoundCase]:
    """Return *hits*, each with the place of its words; first where they stand in use."""
    if not query or not hits:
        return hits
    ids = [entry for hit in hits for entry in hit.entries]
    rows = db.session.execute(
        select(SearchEntry.id, SearchEntry.layer, SearchEntry.places).where(SearchEntry.id.in_(ids))
    )
    places = {row.id: (row.layer, row.places) for row in rows}
    return [_with_excerpt(hit, query, places) for hit in hits]


def _with_excerpt(
    hit: FoundCase, query: Query, places: Mapping[int, tuple[Layer, Any]]
) -> FoundCase:
    for entry in hit.entries:
        layer, named = places.get(entry, (None, ()))
        all_places = (Place(*each) for each in named)
        read = [each for each in all_places if hit.told or each.name in OPEN]
        if excerpt := excerpt_of(read, query):
            return replace(hit, excerpt=excerpt, in_draft=layer is not Layer.IN_USE)
    return hit
