"""Reading the bank."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any, Protocol

from sqlalchemy import Select, select
from sqlalchemy.orm import aliased, contains_eager, defer, joinedload, selectinload

from lms.cases.asking import may_be_asked, written_for
from lms.cases.models import Approval, ApprovalKind, CaseVersion, Item, StoredCase
from lms.core.db import LARGEST_ID, db
from lms.core.errors import NotFound
from lms.program.blueprint import blueprint
from question_bank.assembly import PoolItem
from question_bank.case import Case as CaseBody
from question_bank.case import parse_case
from question_bank.drawings import with_addresses
from question_bank.items import AnyItem


class Stored(Protocol):
    """A version with its body, which may be in the database still."""

    @property
    def content_hash(self) -> str:
        """What is the same for versions that say the same."""

    @property
    def body(self) -> dict[str, Any]:
        """What it says, as JSON."""


@dataclass(frozen=True)
class AskingVersion:
    """The version that asks an item; its body is read once it is wanted."""

    id: int
    content_hash: str

    @property
    def body(self) -> dict[str, Any]:
        """What it says, as JSON."""
        body = select(CaseVersion.body).where(CaseVersion.id == self.id)
        said: dict[str, Any] = db.session.scalars(body).one()
        return said


@dataclass(frozen=True)
class VersionToShow(AskingVersion):
    """The same with the drawings that it shows."""

    drawings: Mapping[str, Any]


@dataclass(frozen=True)
class _Body:
    """A version's body, told apart by its content hash, and the drawings it is to show."""

    content_hash: str
    drawings: tuple[tuple[str, str], ...]
    version: Stored = field(compare=False)


@lru_cache(maxsize=2048)
def _parse(body: _Body) -> CaseBody:
    return parse_case(with_addresses(body.version.body, dict(body.drawings)))


def parsed(version: Stored) -> CaseBody:
    """Return what *version* says. Parsed once per content and process.

    Its body is read only then, and may have been left in the database before.

    Raises:
        InvalidCase: the body is damaged; a version that was stored through
            `services.load_cases` never is.
    """
    return _parse(_Body(version.content_hash, (), version))


def shown(version: CaseVersion | VersionToShow) -> CaseBody:
    """Return what *version* says as pages show it: its own drawings, under their addresses.

    Raises:
        InvalidCase: as `parsed`.
    """
    drawings = tuple(sorted(version.drawings.items()))
    return _parse(_Body(version.content_hash, drawings, version))


def takeaways(version_ids: Iterable[int], *, besides: Iterable[int] = ()) -> dict[int, str]:
    """Return what each of the versions leaves its reader with, in one statement.

    Not those of the cases with the ids *besides*.
    """
    lesson = CaseVersion.body["takeaway"].as_string()
    rows = db.session.execute(
        select(CaseVersion.id, lesson).where(
            CaseVersion.id.in_(list(version_ids)), CaseVersion.case_id.not_in(list(besides))
        )
    )
    return {row[0]: row[1] for row in rows}


def titles(version_ids: Iterable[int], *, besides: Iterable[int] = ()) -> dict[int, str]:
    """Return what each of the versions calls its case, in one statement.

    Not those of the cases with the ids *besides*.
    """
    title = CaseVersion.body["title"].as_string()
    rows = db.session.execute(
        select(CaseVersion.id, title).where(
            CaseVersion.id.in_(list(version_ids)), CaseVersion.case_id.not_in(list(besides))
        )
    )
    return {row[0]: row[1] for row in rows}


@dataclass(frozen=True)
class CaseInUse:
    """A case with the version that is in use."""

    case: StoredCase
    version: CaseVersion

    @property
    def body(self) -> CaseBody:
        """What the version says; see `parsed`."""
        return parsed(self.version)

    @property
    def shown(self) -> CaseBody:
        """The same as pages show it; see `queries.shown`."""
        return shown(self.version)


def in_use(case: StoredCase) -> CaseInUse:
    """Return *case*, current version loaded, with that version.

    Raises:
        NotFound: it has no version in use.
    """
    if case.current is None:
        raise NotFound
    return CaseInUse(case, case.current)


def item_of(case: CaseBody, key: str) -> AnyItem:
    """Return the item of *case* with *key*.

    Raises:
        NotFound: the version has no such item.
    """
    for item in case.questions:
        if item.key == key:
            return item
    raise NotFound(f"The case has no item “{key}”.")


def faulty_cases() -> list[StoredCase]:
    """Return the published cases that no quiz may take, each with its fault, by title."""
    return list(
        db.session.scalars(
            select(StoredCase)
            .where(
                StoredCase.retired_at.is_(None),
                StoredCase.current_id.is_not(None),
                StoredCase.fault.is_not(None),
            )
            .order_by(StoredCase.title)
        )
    )


def proposals() -> list[CaseVersion]:
    """Return what waits to be published, each with its case, by title."""
    return list(db.session.scalars(_proposals().order_by(StoredCase.title)))


def _proposals() -> Select[CaseVersion]:
    """The newest version of a case waits if no act has published it; older ones are over."""
    other = aliased(CaseVersion)
    newer = select(other.id).where(
        other.case_id == CaseVersion.case_id, other.number > CaseVersion.number
    )
    published = select(Approval.id).where(
        Approval.case_version_id == CaseVersion.id, Approval.kind == ApprovalKind.EDITORIAL
    )
    return (
        select(CaseVersion)
        .join(CaseVersion.case)
        .where(~newer.exists(), ~published.exists(), StoredCase.retired_at.is_(None))
        .options(contains_eager(CaseVersion.case), defer(CaseVersion.body))
    )


def version_of(slug: str, number: int | None) -> CaseVersion:
    """Return version *number* of a case, or the one that is in use, or else what is proposed.

    The case with its items is loaded.

    Raises:
        NotFound: there is no such case or version.
    """
    query = select(CaseVersion).join(CaseVersion.case).where(StoredCase.slug == slug)
    if number is not None and not 0 < number <= LARGEST_ID:
        raise NotFound
    if number is not None:
        query = query.where(CaseVersion.number == number)
    in_use_first = (CaseVersion.id == StoredCase.current_id).desc()
    version = db.session.scalar(
        query.order_by(in_use_first, CaseVersion.number.desc())
        .limit(1)
        .options(
            contains_eager(CaseVersion.case).options(
                selectinload(StoredCase.items), joinedload(StoredCase.current)
            ),
        )
    )
    if version is None:
        raise NotFound
    return version


def versions_of(case_id: int) -> list[CaseVersion]:
    """Return all versions of a case, the newest first, with who approved them; not their bodies."""
    return list(
        db.session.scalars(
            select(CaseVersion)
            .where(CaseVersion.case_id == case_id)
            .order_by(CaseVersion.number.desc())
            .options(
                defer(CaseVersion.body),
                selectinload(CaseVersion.approvals).joinedload(Approval.user),
            )
        )
    )


def case_by_slug(slug: str) -> CaseInUse:
    """Return a case with its current version; items loaded.

    Raises:
        NotFound: there is no such case, or it has no version in use.
    """
    case = db.session.scalar(
        select(StoredCase)
        .where(StoredCase.slug == slug)
        .options(joinedload(StoredCase.current), selectinload(StoredCase.items))
    )
    if case is None:
        raise NotFound
    return in_use(case)


def pool(track: str, uses: Sequence[str], today: date) -> list[PoolItem]:
    """Return the live items written for *track* that may be asked, in the blueprint's order.

    See `asking.may_be_asked`. Items of one case stand together, in the case's order.
    """
    rank = {topic.id: place for place, topic in enumerate(blueprint().topics)}
    rows = db.session.execute(
        select(Item.id, Item.case_id, Item.topic, StoredCase.unfolds)
        .join(Item.case)
        .where(*may_be_asked(uses, today), written_for(track))
        .order_by(StoredCase.slug, Item.position)
    ).all()
    items = [PoolItem(row.id, row.case_id, row.topic, whole=row.unfolds) for row in rows]
    return sorted(items, key=lambda item: rank[item.topic])
