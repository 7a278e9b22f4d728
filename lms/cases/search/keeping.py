"""Keeping the index in step with what is stored: asked by who stores, in the same transaction."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain
from typing import Any

from sqlalchemy import Select, delete, func, insert, select, true, update
from sqlalchemy.orm import aliased

from lms.cases.content import facts
from lms.cases.models import Approval, ApprovalKind, CaseVersion, StoredCase, StoredFact
from lms.cases.search.models import Layer, SearchEntry, SearchSketch
from lms.cases.search.tagging import tag_name, tags_of
from lms.core.db import db
from lms.core.inserts import inserting
from question_bank.rules.telling import sketch_of, told_in
from question_bank.searching.places import OPEN, TITLE, places_of
from question_bank.searching.words import folded

MADE_AS = 3
"""The edition of the rules by which entries are made; with another, all are made anew."""

BATCH = 50
"""How many versions are held at a time while the index is made anew."""


@dataclass(frozen=True)
class VersionSaid:
    """What a version says of a case: its `body`, as JSON."""

    case_id: int
    version_id: int
    body: dict[str, Any]


def keep_proposed(proposed: Sequence[VersionSaid]) -> None:
    """Have the index say what new versions propose, each of another case."""
    cases = SearchEntry.case_id.in_([each.case_id for each in proposed])
    _drop(cases, SearchEntry.layer == Layer.PROPOSED)
    _put([_row_of(each, Layer.PROPOSED) for each in proposed])


def keep_published(published: Sequence[VersionSaid]) -> None:
    """Have the index say what cases say from now on, and that nothing else is proposed of them."""
    cases = SearchEntry.case_id.in_([each.case_id for each in published])
    versions = [each.version_id for each in published]
    others = SearchEntry.version_id.not_in(versions)
    _drop(cases, SearchEntry.layer != Layer.DRAFT, others)
    moved = set(
        db.session.scalars(
            update(SearchEntry)
            .where(SearchEntry.version_id.in_(versions))
            .values(layer=Layer.IN_USE)
            .returning(SearchEntry.version_id)
            .execution_options(synchronize_session=False)
        )
    )
    _put([_row_of(each, Layer.IN_USE) for each in published if each.version_id not in moved])


def keep_draft(draft_id: int, case_id: int | None, body: dict[str, Any]) -> None:
    """Have the index say what an open draft says; *body* is its permissive JSON."""
    forget_draft(draft_id)
    if case_id is not None:
        _drop(SearchEntry.case_id == case_id, SearchEntry.layer == Layer.DRAFT)
    of = {"case_id": case_id, "version_id": None, "draft_id": draft_id}
    _put([_Row(Layer.DRAFT, of, body)])


def forget_draft(draft_id: int) -> None:
    """Have the index know nothing of a draft, which is not open any more."""
    _drop(SearchEntry.draft_id == draft_id)


def _drop(*where: Any) -> None:
    entries = select(SearchEntry.id).where(*where)
    for gone in (
        delete(SearchSketch).where(SearchSketch.entry_id.in_(entries)),
        delete(SearchEntry).where(*where),
    ):
        db.session.execute(gone.execution_options(synchronize_session=False))


@dataclass(frozen=True)
class _Row:
    """An entry that is to be: its layer, of what it is, and the body that it is made of."""

    layer: Layer
    of: dict[str, int | None]
    body: dict[str, Any]


def _row_of(said: VersionSaid, layer: Layer) -> _Row:
    of = {"case_id": said.case_id, "version_id": said.version_id, "draft_id": None}
    return _Row(layer, of, said.body)


def _put(rows: Sequence[_Row]) -> None:
    """Make entries, with the numbers by which what is like a version is found."""
    if not rows:
        return
    own = _own_facts(rows)
    made = db.session.execute(
        inserting(SearchEntry).returning(SearchEntry.id, SearchEntry.version_id),
        [{"layer": row.layer, **row.of, **_said(row.body, own)} for row in rows],
    )
    entries = {version: entry for entry, version in made}
    sketches = [
        {"entry_id": entries[row.of["version_id"]], "number": number}
        for row in rows
        if row.layer is not Layer.DRAFT
        for number in sketch_of(told_in(row.body))
    ]
    if sketches:  # with what they return, many go by one statement
        db.session.execute(insert(SearchSketch).returning(SearchSketch.number), sketches).all()


def _said(body: dict[str, Any], own: Mapping[str, str]) -> dict[str, Any]:
    """Return what the index keeps of *body*; *own* are the facts that are not shipped."""
    places = places_of(body, tag_name=tag_name, fact_said=partial(_fact_said, own))
    title = next((place.text for place in places if place.name == TITLE), "")
    return {
        "title": title,
        "tags": " ".join(sorted(tags_of(body))),
        "places": [[place.name, place.text] for place in places],
        "open_words": folded(" ".join(place.text for place in places if place.name in OPEN)),
        "all_words": folded(" ".join(place.text for place in places)),
        "made_as": MADE_AS,
    }


def _own_facts(rows: Sequence[_Row]) -> dict[str, str]:
    """Return what facts say that are named and not shipped; no statement where none is."""
    named = (row.body.get("facts") for row in rows)
    lists = (each for each in named if isinstance(each, list))
    own = {each for each in chain.from_iterable(lists) if isinstance(each, str)} - facts().keys()
    if not own:
        return {}
    said = select(StoredFact.id, StoredFact.statement).where(StoredFact.id.in_(own))
    return {row.id: row.statement for row in db.session.execute(said)}


def _fact_said(own: Mapping[str, str], fact: str) -> str:
    return facts()[fact].statement if fact in facts() else own.get(fact, "")


@dataclass(frozen=True)
class Wanting:
    """A version that the index is to have, and as what."""

    version_id: int
    case_id: int
    layer: Layer


def wanting(*, anew: bool = False) -> list[Wanting]:
    """Return what the index is to say and does not; all of it, if it is to be made *anew*."""
    kept = select(SearchEntry.id).where(
        SearchEntry.version_id == CaseVersion.id, SearchEntry.made_as == MADE_AS
    )
    found = []
    for layer, query in ((Layer.IN_USE, _in_use()), (Layer.PROPOSED, _proposed())):
        lacking = ~kept.where(SearchEntry.layer == layer).exists()
        rows = db.session.execute(query.where(true() if anew else lacking).order_by(CaseVersion.id))
        found += [Wanting(*row, layer) for row in rows]
    return found


def _in_use() -> Select[int, int]:
    return select(CaseVersion.id, CaseVersion.case_id).join(
        StoredCase, StoredCase.current_id == CaseVersion.id
    )


def _proposed() -> Select[int, int]:
    """Of each case the newest version, unless an act has published it."""
    other = aliased(CaseVersion)
    newest = (
        select(func.max(other.number)).where(other.case_id == CaseVersion.case_id).scalar_subquery()
    )
    published = select(Approval.id).where(
        Approval.case_version_id == CaseVersion.id, Approval.kind == ApprovalKind.EDITORIAL
    )
    return select(CaseVersion.id, CaseVersion.case_id).where(
        CaseVersion.number == newest, ~published.exists()
    )


def index(wanted: Sequence[Wanting]) -> None:
    """Have the index say what the *wanted* versions say, a batch at most; safe to do again."""
    rows = db.session.execute(
        select(CaseVersion.id, CaseVersion.body).where(
            CaseVersion.id.in_([each.version_id for each in wanted])
        )
    )
    bodies = {row.id: row.body for row in rows}
    for layer in (Layer.IN_USE, Layer.PROPOSED):
        cases = [each.case_id for each in wanted if each.layer is layer]
        _drop(SearchEntry.case_id.in_(cases), SearchEntry.layer == layer)
    _drop(SearchEntry.version_id.in_(list(bodies)))
    _put([_wanted_row(each, bodies[each.version_id]) for each in wanted])


def _wanted_row(wanted: Wanting, body: Any) -> _Row:
    body = body if isinstance(body, dict) else {}
    return _row_of(VersionSaid(wanted.case_id, wanted.version_id, body), wanted.layer)


def batches(wanted: Sequence[Wanting]) -> Iterator[Sequence[Wanting]]:
    """Yield *wanted* in parts that take a transaction of less than a second."""
    for start in range(0, len(wanted), BATCH):
        yield wanted[start : start + BATCH]
