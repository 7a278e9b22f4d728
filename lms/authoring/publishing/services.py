"""Who may publish what is proposed, and the act, which says what it changes."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from lms.attempts.secrecy import check_may_read_keys
from lms.authoring.models import OPEN, Draft, DraftState, Review, ReviewStage
from lms.authoring.reviews.letters import tell_published
from lms.authoring.reviews.queries import OPEN_STAGES, authors_of, reviews_of
from lms.authoring.sending.services import DraftIncomplete, case_in
from lms.cases.models import CaseVersion
from lms.cases.revisions import publish_version
from lms.cases.settings import PUBLISHING
from lms.cases.versions import says
from lms.core.db import db
from lms.core.errors import Refusal
from lms.core.settings import setting
from lms.people.models import User

ALONE = "Published by who wrote it; no second person approved it."
"""What the act says where a program lets people publish alone what they wrote."""


_NOT_ADVANCED = (*OPEN_STAGES, ReviewStage.RETURNED)
"""What a review stands at whose reviewer has not let the case pass."""


class NotCleared(Refusal):
    """A second person is missing."""

    http_status = 403


@dataclass(frozen=True)
class Clearance:
    """Whether a person may publish a version. `why_not` says what is missing; empty: nothing is.

    `advanced` are the reviews that let it pass, `besides` those that returned it or are open,
    `alone` whether who wrote it publishes it without any.
    """

    advanced: tuple[Review, ...]
    besides: tuple[Review, ...] = ()
    alone: bool = False
    why_not: str = ""


def clearance(person: User, version: CaseVersion) -> Clearance:
    """Return whether *person* may publish *version*, case loaded.

    Somebody who did not write it has advanced it. Without a review, somebody else than its authors
    publishes a change of a case that is in use, and what files bring. Where the program lets
    people publish alone, who wrote it may.
    """
    authors, reviews = authors_of(version), reviews_of(version.id)
    advanced = tuple(
        each
        for each in reviews
        if each.stage is ReviewStage.ADVANCED and each.reviewer_id not in authors
    )
    besides = tuple(each for each in reviews if each.stage in _NOT_ADVANCED)
    if advanced:
        return Clearance(advanced, besides)
    if setting(PUBLISHING).alone:
        return Clearance((), besides, alone=person.id in authors)
    return Clearance((), why_not=_missing(person, version, authors, reviews))


def _missing(
    person: User, version: CaseVersion, authors: Collection[int], reviews: Collection[Review]
) -> str:
    waiting = [each.reviewer.name for each in reviews if each.stage in OPEN_STAGES]
    if waiting:
        return f"It is in review: {', '.join(waiting)} has not decided yet."
    if any(each.stage is ReviewStage.RETURNED for each in reviews):
        return "Its reviewer has returned it. The author answers the comments and sends it again."
    if person.id in authors:
        return "You wrote this version. Somebody else reviews it."
    if version.case.current_id is None and _has_draft(version):
        return "A new case is reviewed before it is published."
    return ""


def _has_draft(version: CaseVersion) -> bool:
    drafts = db.select(Draft.id).where(Draft.version_id == version.id)
    return db.session.scalar(drafts.limit(1)) is not None


def publish_cleared(
    person: User,
    version: CaseVersion,
    changes_right: bool | None,
    items: Collection[str],
    *,
    now: datetime,
) -> None:
    """Have a case say *version* from now on, if *person* may publish it; see `publish_version`.

    Raises:
        KeysKept: the person may not read its keys.
        NotCleared: a second person is missing.
        CaseChanged, MayNotPublish, Unpublishable: as `publish_version`.
    """
    check_may_read_keys(person, version.case_id, now)
    found = clearance(person, version)
    if found.why_not:
        raise NotCleared(found.why_not)
    note = ALONE if found.alone else ""
    publish_version(person, version, changes_right, now, items=items, note=note)
    _close_draft(version)
    tell_published(version, person, now=now)


def _close_draft(version: CaseVersion) -> None:
    """Close the draft that *version* was made of; what was written since goes on as a revision."""
    draft = db.session.scalar(
        select(Draft)
        .where(Draft.version_id == version.id, Draft.state.in_(OPEN))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if draft is None:
        return
    if _says_more(draft, version):
        draft.base_id, draft.state = version.id, DraftState.WRITING
    else:
        draft.state = DraftState.PUBLISHED


def _says_more(draft: Draft, version: CaseVersion) -> bool:
    """Return whether *draft* says something else by now than *version*, which was made of it."""
    try:
        return not says(version, case_in(draft))
    except DraftIncomplete:
        return True
