"""Reading drafts: one that is open to a person, what was saved of it, and how it stood before."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from lms.authoring.access import check_may_edit
from lms.authoring.models import Draft, DraftEvent, WaitingText
from lms.core.db import db
from lms.core.errors import NotFound
from lms.core.paging import Page, page_of, whole
from lms.people.models import User
from question_bank.drafts.bodies import Body
from question_bank.drafts.paths import LeafChange, flatten, unflatten

PAGE = 30
"""How many saves a page lists."""

FARTHEST_BACK = 1_000
"""How many saves a page may lie behind: what it was made from is rebuilt from these."""


def open_draft(draft_id: int, person: User, now: datetime, *, locked: bool = False) -> Draft:
    """Return a draft in which *person*, roles loaded, may write; its case loaded.

    *locked*: nobody else changes it until the commit.

    Raises:
        NotFound, KeysKept, ReviewsIt: see `access.check_may_edit`; or there is no such draft.
    """
    wanted = select(Draft).where(Draft.id == draft_id)
    draft = db.session.scalar(
        (wanted.with_for_update(of=Draft) if locked else wanted)
        .options(joinedload(Draft.case))
        .execution_options(populate_existing=True)
    )
    if draft is None:
        raise NotFound
    check_may_edit(draft, person, now)
    return draft


def events_since(draft: Draft, revision: int) -> list[DraftEvent] | None:
    """Return what was saved of *draft* after *revision*, in order, each with its author.

    None: it never had that revision, or it is too long ago.
    """
    if not 0 <= draft.revision - revision <= FARTHEST_BACK or revision < 0:
        return None
    return list(
        db.session.scalars(
            select(DraftEvent)
            .where(DraftEvent.draft_id == draft.id, DraftEvent.revision > revision)
            .where(DraftEvent.revision <= draft.revision)
            .order_by(DraftEvent.revision)
            .options(joinedload(DraftEvent.by))
        )
    )


def changes_of(event: DraftEvent) -> tuple[LeafChange, ...]:
    """Return what a save changed."""
    return tuple(LeafChange(*each) for each in event.changes)


def leaves_before(body: Body, events: Sequence[DraftEvent]) -> dict[str, Any]:
    """Return the leaves, by their paths, that *body* had before *events*, all of the last ones."""
    leaves = dict(flatten(body))
    earliest: dict[str, Any] = {}
    for event in events:
        for change in changes_of(event):
            earliest.setdefault(change.path, change.before)
    for path, before in earliest.items():
        put(leaves, path, before)
    return leaves


def put(leaves: dict[str, Any], path: str, leaf: Any) -> None:
    """Have *path* say *leaf*; None: nothing."""
    if leaf is None:
        leaves.pop(path, None)
    else:
        leaves[path] = leaf


def body_at(draft: Draft, revision: int) -> Body:
    """Return how *draft* stood at *revision*.

    Raises:
        NotFound: it never had that revision.
    """
    if not 0 <= revision <= draft.revision:
        raise NotFound
    later = db.session.scalars(
        select(DraftEvent)
        .where(DraftEvent.draft_id == draft.id, DraftEvent.revision > revision)
        .where(DraftEvent.revision <= draft.revision)
        .order_by(DraftEvent.revision)
    )
    return unflatten(leaves_before(draft.body, list(later)))


def states(draft: Draft, page: int) -> Page[DraftEvent]:
    """Return a page of what was saved of *draft*, the newest first, each with its author."""
    saved = (
        select(DraftEvent)
        .where(DraftEvent.draft_id == draft.id)
        .order_by(DraftEvent.revision.desc())
        .options(joinedload(DraftEvent.by))
    )
    return page_of(saved, page, size=PAGE, read=whole)


def event_of(draft: Draft, revision: int) -> DraftEvent:
    """Return the save by which *draft* came to *revision*, with its author.

    Raises:
        NotFound: there is none.
    """
    event = db.session.scalar(
        select(DraftEvent)
        .where(DraftEvent.draft_id == draft.id, DraftEvent.revision == revision)
        .options(joinedload(DraftEvent.by))
    )
    if event is None:
        raise NotFound
    return event


def waiting_of(draft: Draft, person: User) -> list[WaitingText]:
    """Return the texts of *person* that wait for a choice, the oldest first; whose theirs is."""
    return list(
        db.session.scalars(
            select(WaitingText)
            .where(WaitingText.draft_id == draft.id, WaitingText.by_id == person.id)
            .order_by(WaitingText.at, WaitingText.path)
            .options(joinedload(WaitingText.theirs_by))
        )
    )
