"""Keeping the index in step with what is stored: asked by who stores, in the same transaction."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, and_, delete, func, insert, or_, select, true, update
from sqlalchemy.orm import aliased

from lms.cases.content import facts
from lms.cases.models import Approval, ApprovalKind, CaseVersion, StoredCase, StoredFact
from lms.cases.search.models import Layer, SearchEntry, SearchSketch
from lms.cases.search.tagging import tag_name, tags_of
from lms.core.db import db
from question_bank.rules.telling import sketch_of, told_in
from question_bank.searching.places import OPEN, TITLE, places_of
from question_bank.searching.words import folded

MADE_AS = 3
"""The edition of the rules by which entries are made; with another, all are made anew."""

BATCH = 50
"""How many versions are held at a time while the index is made anew."""


def keep_proposed(case_id: int, version_id: int, body: dict[str, Any]) -> None:
    """Have the index say what a new version proposes of a case."""
    _drop(SearchEntry.case_id == case_id, SearchEntry.layer == Layer.PROPOSED)
    _put(Layer.PROPOSED, body, case_id=case_id, version_id=version_id)


def keep_published(case_id: int, version_id: int, body: dict[str, Any]) -> None:
    """Have the index say what a case says from now on, and that nothing else is proposed of it."""
    others = SearchEntry.version_id != version_id
    _drop(SearchEntry.case_id == case_id, SearchEntry.layer != Layer.DRAFT, others)
    moved = db.session.execute(
        update(SearchEntry)
        .where(SearchEntry.version_id == version_id)
        .values(layer=Layer.IN_USE)
        .returning(SearchEntry.id)
        .execution_options(synchronize_session=False)
    )
    if moved.first() is None:
        _put(Layer.IN_USE, body, case_id=case_id, version_id=version_id)


def keep_draft(draft_id: int, case_id: int | None, body: dict[str, Any]) -> None:
    """Have the index say what an open draft says; *body* is its permissive JSON."""
    forget_draft(draft_id)
    if case_id is not None:
        _drop(SearchEntry.case_id == case_id, SearchEntry.layer == Layer.DRAFT)
    _put(Layer.DRAFT, body, case_id=case_id, draft_id=draft_id)


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


def _put(layer: Layer, body: dict[str, Any], **of: int | None) -> None:
    row = {"layer": layer, **of, **_said(body)}
    entry = db.session.scalar(insert(SearchEntry).values(row).returning(SearchEntry.id))
    if layer is not Layer.DRAFT:
        _sketch(entry, body)


def _sketch(entry: int | None, body: dict[str, Any]) -> None:
    """Keep the numbers by which what is like *body* is found."""
    rows = [{"entry_id": entry, "number": number} for number in sketch_of(told_in(body))]
    if rows:
        db.session.execute(insert(SearchSketch), rows)


def _said(body: dict[str, Any]) -> dict[str, Any]:
    """Return what the index keeps of *body*."""
    places = places_of(body, tag_name=tag_name, fact_said=_fact_said(body))
    title = next((place.text for place in places if place.name == TITLE), "")
    return {
        "title": title,
        "tags": " ".join(sorted(tags_of(body))),
        "places": [[place.name, place.text] for place in places],
        "open_words": folded(" ".join(place.text for place in places if place.name in OPEN)),
        "all_words": folded(" ".join(place.text for place in places)),
        "made_as": MADE_AS,
    }


def _fact_said(body: dict[str, Any]) -> Any:
    """Return what says a fact that *body* names; a statement only where not all are shipped."""
    named = body.get("facts")
    ids = {each for each in named if isinstance(each, str)} if isinstance(named, list) else set()
    said = {each: facts()[each].statement for each in ids if each in facts()}
    if own := ids - said.keys():
        rows = select(StoredFact.id, StoredFact.statement).where(StoredFact.id.in_(own))
        said |= {row.id: row.statement for row in db.session.execute(rows)}
    return lambda fact: said.get(fact, "")


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
    for each in wanted:
        same = and_(SearchEntry.case_id == each.case_id, SearchEntry.layer == each.layer)
        _drop(or_(same, SearchEntry.version_id == each.version_id))
        body = bodies[each.version_id]
        said = body if isinstance(body, dict) else {}
        _put(each.layer, said, case_id=each.case_id, version_id=each.version_id)


def batches(wanted: Sequence[Wanting]) -> Iterator[Sequence[Wanting]]:
    """Yield *wanted* in parts that take a transaction of less than a second."""
    for start in range(0, len(wanted), BATCH):
        yield wanted[start : start + BATCH]
