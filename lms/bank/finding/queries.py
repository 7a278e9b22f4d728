"""What the finder of the bank knows beside the index: by whom, for whom, how far, where used."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import defer, joinedload, selectinload

from lms.attempts.secrecy import keys_are_kept_from, readable_where
from lms.authoring.models import OPEN, Draft, DraftState, Review, ReviewStage
from lms.cases.models import Approval, ApprovedBy, CaseVersion, Item, StoredCase
from lms.cases.search.models import SearchEntry
from lms.cases.search.offering import NEEDS, STATES, Facet, FacetValue, blueprint_facets
from lms.cases.search.queries import Also, FoundCase
from lms.cases.search.signed import is_case_signed
from lms.cases.signing import SignatureState, signatures_of
from lms.core.db import db
from lms.people.models import User
from lms.program.models import Cohort
from lms.program.queries import cohorts
from lms.quizzes.given import cases_given, given_to, is_in_a_quiz, quizzes_with

MOST_COHORTS = 12
"""How many cohorts, the latest first, the finder knows who was given what."""

_DRAFT_STATES = {
    "draft": ("Draft or revision", DraftState.WRITING),
    "in_review": ("In review", DraftState.IN_REVIEW),
    "returned": ("Returned", DraftState.RETURNED),
}


def latest_cohorts() -> list[Cohort]:
    """Return the cohorts that the finder knows of, the latest first."""
    return sorted(cohorts(), key=lambda each: (each.starts_on, each.id), reverse=True)[
        :MOST_COHORTS
    ]


def facets_for(latest: Iterable[Cohort]) -> tuple[Facet, ...]:
    """Return every facet of the bank."""
    drafts = [FacetValue(value, label) for value, (label, _) in _DRAFT_STATES.items()]
    needs = (FacetValue("mine", "Mine"), *NEEDS, FacetValue("unused", "Never used"))
    given = [FacetValue(str(each.id), f"{each.name}, {each.track.name}") for each in latest]
    return (
        Facet("state", "State", (*STATES[:2], *drafts, *STATES[2:])),
        Facet("needs", "Needs", needs),
        *blueprint_facets(),
        *([Facet("cohort", "Given to a cohort", tuple(given))] if given else []),
    )


def also_for(person: User, latest: Iterable[Cohort]) -> list[Also]:
    """Return what makes an entry have a tag that other rooms know of."""
    used = and_(StoredCase.current_id.is_not(None), StoredCase.retired_at.is_(None))
    return [
        *(Also(("state", value), _has_draft(state)) for value, (_, state) in _DRAFT_STATES.items()),
        Also(("needs", "mine"), _is_mine(person)),
        Also(("needs", "unused"), and_(used, ~is_in_a_quiz())),
        *(
            Also(("cohort", str(each.id)), SearchEntry.case_id.in_(cases_given(each.id)))
            for each in latest
        ),
    ]


def _has_draft(state: DraftState) -> ColumnElement[bool]:
    drafts = select(Draft.id).where(Draft.state == state)
    cases = select(Draft.case_id).where(Draft.state == state, Draft.case_id.is_not(None))
    return or_(SearchEntry.draft_id.in_(drafts), SearchEntry.case_id.in_(cases))


def _is_mine(person: User) -> ColumnElement[bool]:
    drafts = select(Draft.id).where(Draft.owner_id == person.id)
    reviewed = (
        select(CaseVersion.case_id)
        .join(Review, Review.case_version_id == CaseVersion.id)
        .where(Review.reviewer_id == person.id, Review.stage.in_(_REVIEW_OPEN))
    )
    return or_(
        StoredCase.owner_id == person.id,
        SearchEntry.case_id.in_(_written_by(person)),
        SearchEntry.case_id.in_(reviewed),
        SearchEntry.draft_id.in_(drafts),
    )


_REVIEW_OPEN = (ReviewStage.ASKED, ReviewStage.ANSWERED)


def open_ones() -> ColumnElement[bool]:
    """Return that an entry is of no draft, or of one that is open."""
    drafts = select(Draft.id).where(Draft.state.in_(OPEN))
    return or_(SearchEntry.draft_id.is_(None), SearchEntry.draft_id.in_(drafts))


def readable_by(person: User, now: datetime) -> ColumnElement[bool] | None:
    """Return of which entries a person may read the keys; None: of all.

    As `attempts.secrecy` has it, and for a draft of no case as `authoring.access` does.
    """
    told = readable_where(person, SearchEntry.case_id, now)
    if told is None:
        return None
    of_none: ColumnElement[bool] = SearchEntry.case_id.is_(None)
    if keys_are_kept_from(person, now):
        own = select(Draft.id).where(Draft.owner_id == person.id, Draft.case_id.is_(None))
        of_none = SearchEntry.draft_id.in_(own)
    return or_(told, of_none)


def _written_by(person: User) -> Select[int]:
    return select(CaseVersion.case_id).where(CaseVersion.author_id == person.id)


@dataclass(frozen=True)
class InTheBank:
    """How much is published, and how many cases of it no clinician answers for."""

    cases: int
    items: int
    unsigned: int


def in_the_bank() -> InTheBank:
    """Return how much the bank has that is in use."""
    live = (StoredCase.retired_at.is_(None), StoredCase.current_id.is_not(None))
    items = select(func.count(Item.id)).join(Item.case).where(Item.retired_at.is_(None), *live)
    unsigned = select(func.count(StoredCase.id)).where(*live, ~is_case_signed())
    cases = select(func.count(StoredCase.id)).where(*live)
    parts = (each.scalar_subquery() for each in (cases, items, unsigned))
    return InTheBank(*db.session.execute(select(*parts)).one())


@dataclass(frozen=True)
class HitLine:
    """A hit with what its line in the list says; what is None or empty there is not.

    It is in so many `quizzes`; None: in more than are counted.
    """

    hit: FoundCase
    case: StoredCase | None = None
    owner: str = ""
    items: int = 0
    version: CaseVersion | None = None
    signature: SignatureState | None = None
    draft: Draft | None = None
    review: Review | None = None
    quizzes: int | None = 0
    cohorts: Sequence[str] = field(default=())

    @property
    def read_by_nobody(self) -> Approval | None:
        """The act by which it came from the starter bank, as long as that is all there is."""
        act = self.version.published if self.version else None
        return act if act and act.who is ApprovedBy.INSTALLATION else None

    def is_(self, state: str) -> bool:
        """Return whether it stands so."""
        return ("state", state) in self.hit.tags

    def needs(self, what: str) -> bool:
        """Return whether it waits for that."""
        return ("needs", what) in self.hit.tags


def lines_of(hits: Sequence[FoundCase], latest: Sequence[Cohort]) -> list[HitLine]:
    """Return the line of each of *hits*, in as many statements for twenty as for one."""
    case_ids = {hit.case_id for hit in hits if hit.case_id}
    cases = _cases(case_ids)
    owners = _names({case.owner_id for case in cases.values()})
    versions = {each.id: each for each in _in_use(cases.values())}
    signatures = signatures_of(versions.values())
    drafts = _drafts(case_ids, {hit.draft_id for hit in hits if hit.draft_id})
    reviews = _reviews({draft.id for draft in drafts.values()})
    quizzes = quizzes_with(case_ids)
    given = _given(case_ids, latest)
    return [
        HitLine(
            hit,
            case=case,
            owner=owners.get(case.owner_id or 0, "") if case else "",
            items=sum(item.retired_at is None for item in case.items) if case else 0,
            version=versions.get(case.current_id or 0) if case else None,
            signature=signatures.get(case.current_id or 0) if case else None,
            draft=draft,
            review=reviews.get(draft.id) if draft else None,
            quizzes=quizzes.get(hit.case_id or 0, 0),
            cohorts=given.get(hit.case_id or 0, []),
        )
        for hit in hits
        for case in [cases.get(hit.case_id or 0)]
        for draft in [drafts.get((hit.case_id, None)) or drafts.get((None, hit.draft_id))]
    ]


def _cases(ids: Collection[int]) -> dict[int, StoredCase]:
    query = select(StoredCase).where(StoredCase.id.in_(ids)).options(selectinload(StoredCase.items))
    return {case.id: case for case in db.session.scalars(query)}


def _names(ids: Collection[int | None]) -> dict[int, str]:
    rows = db.session.execute(select(User.id, User.name).where(User.id.in_(ids)))
    return {row.id: row.name for row in rows}


def _in_use(cases: Iterable[StoredCase]) -> list[CaseVersion]:
    ids = [case.current_id for case in cases if case.current_id]
    query = select(CaseVersion).where(CaseVersion.id.in_(ids))
    acts = selectinload(CaseVersion.approvals).joinedload(Approval.user)
    return list(db.session.scalars(query.options(defer(CaseVersion.body), acts)))


def _drafts(
    case_ids: Collection[int], ids: Collection[int]
) -> dict[tuple[int | None, int | None], Draft]:
    """Return the open drafts, by their case, or where they have none by their own id."""
    query = select(Draft).where(
        Draft.state.in_(OPEN), or_(Draft.id.in_(ids), Draft.case_id.in_(case_ids))
    )
    found = db.session.scalars(query.options(joinedload(Draft.owner)))
    return {(each.case_id, None if each.case_id else each.id): each for each in found}


def _reviews(draft_ids: Collection[int]) -> dict[int, Review]:
    query = select(Review).where(
        Review.draft_id.in_(draft_ids), Review.stage != ReviewStage.WITHDRAWN
    )
    found = db.session.scalars(query.options(joinedload(Review.reviewer)).order_by(Review.id))
    return {each.draft_id: each for each in found if each.draft_id}


def _given(case_ids: Collection[int], latest: Sequence[Cohort]) -> dict[int, list[str]]:
    found: dict[int, set[int]] = {}
    for case_id, cohort_id in db.session.execute(given_to(case_ids, [each.id for each in latest])):
        found.setdefault(case_id, set()).add(cohort_id)
    names = {each.id: each.name for each in latest}
    return {
        case_id: [name for key, name in names.items() if key in ids]
        for case_id, ids in found.items()
    }
