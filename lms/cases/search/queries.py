"""The one query on the index: what says the words, narrowed by facets, a page at a time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property, lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, case, false, or_, select, true

from lms.cases.models import StoredCase
from lms.cases.search.matching import has_words, shows_words
from lms.cases.search.models import Layer, SearchEntry
from lms.cases.search.ordering import ORDERS, Entries, Order
from lms.cases.search.signed import is_case_signed
from lms.cases.search.tagging import read_tags
from lms.core.db import db
from lms.core.paging import Page, page_in
from question_bank.searching.excerpts import Excerpt, excerpt_of
from question_bank.searching.facets import Chosen, Narrowed, Tag, Tagged, narrowed
from question_bank.searching.places import OPEN, Place
from question_bank.searching.words import Query, read_query

PAGE = 20
"""How many hits a page lists."""

STATE, NEEDS = "state", "needs"
"""The facets that are no tags of what a case says."""

PUBLISHED, PROPOSED, RETIRED = (STATE, "published"), (STATE, "proposed"), (STATE, "retired")
UNSIGNED, SIGNED = (NEEDS, "signature"), (STATE, "signed")
OVERDUE = (NEEDS, "review")


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

    page: Page[Tagged[Entries]]
    hits: list[FoundCase]
    narrowed: Narrowed[Entries]

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
    rows = db.session.execute(_matching(asked.query, also, within, readable)).all()
    left = narrowed(_tagged(rows, also, today), asked.chosen, hidden=frozenset({RETIRED}))
    in_order = sorted(left.left, key=lambda each: ORDERS[asked.order](each.thing))
    listed = page_in(in_order, page, size=size)
    hits = [_hit(each) for each in listed.items]
    return Found(listed, _with_excerpts(hits, asked.query), left)


def hits_of(words: str, readable: ColumnElement[bool] | None) -> int:
    """Return how many cases have all of *words*, to who may read what is *readable*."""
    rows = db.session.execute(_matching(read_query(words), (), (), readable)).all()
    return len({(row.case_id, row.draft_id if row.case_id is None else None) for row in rows})


def _matching(
    query: Query,
    also: Sequence[Also],
    within: Sequence[ColumnElement[bool]],
    readable: ColumnElement[bool] | None,
) -> Select[*tuple[Any, ...]]:
    told = true() if readable is None else readable
    has, shows = (has_words(query), shows_words(query)) if query else (true(), true())
    found = and_(told, has)
    if readable is not None:
        found = or_(found, and_(SearchEntry.layer != Layer.DRAFT, shows))
    return (
        select(
            SearchEntry.id,
            SearchEntry.case_id,
            SearchEntry.draft_id,
            SearchEntry.layer,
            SearchEntry.version_id,
            SearchEntry.title,
            SearchEntry.tags,
            StoredCase.current_id,
            StoredCase.retired_at,
            StoredCase.review_by,
            is_case_signed().label("signed"),
            told.label("told"),
            case((shows, true()), else_=false()).label("fitting"),
            *(each.holds.label(f"also_{number}") for number, each in enumerate(also)),
        )
        .outerjoin(StoredCase, StoredCase.id == SearchEntry.case_id)
        .where(found, *within)
    )


def _tagged(rows: Sequence[Row[Any]], also: Sequence[Also], today: date) -> list[Tagged[Entries]]:
    """Return the entries of each case, or draft of none, with the tags of all of them."""
    of_case: dict[tuple[int | None, int | None], list[Row[Any]]] = {}
    for row in rows:
        key = (row.case_id, None) if row.case_id else (None, row.draft_id)
        of_case.setdefault(key, []).append(row)
    return [
        Tagged(same, _tags(same, also, today))
        for entries in of_case.values()
        for same in [sorted(entries, key=_rank) if len(entries) > 1 else entries]
    ]


_RANKS = {Layer.IN_USE: 0, Layer.PROPOSED: 1, Layer.DRAFT: 2}


def _rank(row: Row[Any]) -> int:
    return _RANKS[row.layer]


def _tags(rows: Entries, also: Sequence[Also], today: date) -> frozenset[Tag]:
    first = rows[0]
    flags = [row[-len(also) :] for row in rows] if also else []
    return _all_tags(
        first.tags,
        first.retired_at is not None,
        first.current_id is not None,
        bool(first.signed),
        first.review_by is not None and first.review_by < today,
        any(row.layer is Layer.PROPOSED for row in rows),
        tuple(each.tag for each, *held in zip(also, *flags, strict=True) if any(held)),
    )


@lru_cache(maxsize=16_384)
def _all_tags(
    said: str, retired: bool, published: bool, signed: bool, overdue: bool, proposed: bool,
    more: tuple[Tag, ...],
) -> frozenset[Tag]:  # fmt: skip
    """Return the tags that a case says of itself, with those of how it stands."""
    states = {RETIRED} if retired else set()
    if published and not retired:
        states = {PUBLISHED, SIGNED if signed else UNSIGNED, *([OVERDUE] if overdue else [])}
    if proposed and not retired:
        states.add(PROPOSED)
    return read_tags(said) | states | set(more)


def _hit(tagged: Tagged[Entries]) -> FoundCase:
    rows = tagged.thing
    first = rows[0]
    return FoundCase(
        case_id=first.case_id,
        draft_id=next((row.draft_id for row in rows if row.draft_id), None),
        title=first.title,
        tags=tagged.tags,
        told=all(row.told for row in rows),
        entries=tuple(row.id for row in rows),
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
