"""The cases that were chosen in the finder, as they stand."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import defer, joinedload, selectinload

from lms.authoring.models import OPEN, Draft, Review
from lms.authoring.reviews.queries import OPEN_STAGES
from lms.cases.models import CaseVersion, StoredCase
from lms.core.db import db
from lms.core.errors import Refusal
from lms.core.sight import Sight

MOST = 50
"""How many cases can be acted on at once."""


class TooManyChosen(Refusal):
    """More than a page can show, and a person can look over."""

    http_status = 422

    def __init__(self, count: int) -> None:
        super().__init__(f"Choose at most {MOST} cases at a time. These are {count}.")


@dataclass(frozen=True)
class ChosenCase:
    """A case that was chosen; `newest` is its newest version, `draft` the one that is open."""

    case: StoredCase
    newest: CaseVersion | None
    draft: Draft | None

    @property
    def name(self) -> str:
        """What tells it from the others."""
        return f"{self.case.title} ({self.case.slug})"

    @property
    def standing(self) -> str:
        """What is in use of it, and what is proposed, in words."""
        if self.case.retired_at is not None:
            return "Retired"
        current, newest = self.case.current, self.newest
        said = f"Version {current.number} in use" if current else "Nothing in use"
        if newest is not None and not newest.published:
            return f"{said}; version {newest.number} proposed"
        return said

    @property
    def drafted(self) -> str:
        """What is written of it, in words; empty: nothing is."""
        if self.draft is None:
            return ""
        return f"draft by {self.draft.owner.name}, as saved {self.draft.revision} times"


def sight_of(chosen: Iterable[ChosenCase], *, drafts: bool = False) -> Sight:
    """Return how each of *chosen* stands; with *drafts*, also what is written of it."""
    return {
        each.name: "; ".join(filter(None, (each.standing, each.drafted if drafts else "")))
        for each in chosen
    }


def chosen_cases(ids: Collection[int]) -> list[ChosenCase]:
    """Return the cases with these *ids*, by title, read afresh; in as many statements for 50.

    Raises:
        TooManyChosen: there are too many.
    """
    if len(ids) > MOST:
        raise TooManyChosen(len(ids))
    query = select(StoredCase).where(StoredCase.id.in_(ids)).options(joinedload(StoredCase.current))
    cases = db.session.scalars(
        query.order_by(StoredCase.title, StoredCase.id).execution_options(populate_existing=True)
    ).all()
    newest, drafts = _newest(ids), _drafts(ids)
    return [ChosenCase(case, newest.get(case.id), drafts.get(case.id)) for case in cases]


def _newest(ids: Collection[int]) -> dict[int, CaseVersion]:
    last = (
        select(CaseVersion.case_id, func.max(CaseVersion.number).label("number"))
        .where(CaseVersion.case_id.in_(ids))
        .group_by(CaseVersion.case_id)
        .subquery()
    )
    versions = db.session.scalars(
        select(CaseVersion)
        .join(last, (CaseVersion.case_id == last.c.case_id) & (CaseVersion.number == last.c.number))
        .options(selectinload(CaseVersion.approvals))
        .execution_options(populate_existing=True)
    )
    return {version.case_id: version for version in versions}


def _drafts(ids: Collection[int]) -> dict[int, Draft]:
    drafts = db.session.scalars(
        select(Draft)
        .where(Draft.case_id.in_(ids), Draft.state.in_(OPEN))
        .options(defer(Draft.body), joinedload(Draft.owner))
        .execution_options(populate_existing=True)
    )
    return {draft.case_id: draft for draft in drafts if draft.case_id is not None}


def asked_of(chosen: Sequence[ChosenCase], reviewer_id: int) -> set[str]:
    """Return the names of those whose newest version a reviewer has been asked to judge."""
    versions = {each.newest.id: each.name for each in chosen if each.newest}
    asked = select(Review.case_version_id).where(
        Review.case_version_id.in_(versions),
        Review.reviewer_id == reviewer_id,
        Review.stage.in_(OPEN_STAGES),
    )
    return {versions[version_id] for version_id in db.session.scalars(asked)}


def lock(ids: Collection[int]) -> None:
    """Have nobody else change the cases with these *ids*, nor their drafts, until the commit.

    Drafts before cases and both in the order of ids, as who sends one draft does.
    """
    drafts = select(Draft.id).where(Draft.case_id.in_(ids), Draft.state.in_(OPEN))
    cases = select(StoredCase.id).where(StoredCase.id.in_(ids))
    db.session.execute(drafts.order_by(Draft.id).with_for_update())
    db.session.execute(cases.order_by(StoredCase.id).with_for_update())
