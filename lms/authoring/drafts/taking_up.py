"""A draft whose case was published otherwise meanwhile: it takes that up, and loses nothing."""

from datetime import datetime

from sqlalchemy import select

from lms.authoring.drafts.services import DraftOverfull, keep_waiting, open_for_writing, take
from lms.authoring.models import Draft
from lms.cases.models import CaseVersion, StoredCase
from lms.cases.queries import parsed
from lms.core.audit import record
from lms.core.db import db
from lms.core.errors import Refusal
from lms.people.models import User
from question_bank.drafts.bodies import DraftTooLarge
from question_bank.drafts.matching import matched
from question_bank.drafts.merging import Merged, merged
from question_bank.drafts.opening import draft_of

TAB = "take-up"
"""The page that what a draft said waits under, where it does not go with what was published."""


class BehindTheCase(Refusal):
    """What is in use is newer than what the draft was made from."""

    message = "Another version of this case was published meanwhile. Take it up, then send."


class NothingToTakeUp(Refusal):
    """Somebody else has taken it up, or nothing was published."""

    message = "The draft is made from the version in use already."


def published_since(draft: Draft) -> CaseVersion | None:
    """Return the version in use, if it came after the one that *draft* was made from."""
    current = db.session.scalar(
        select(CaseVersion)
        .join(StoredCase, StoredCase.current_id == CaseVersion.id)
        .where(StoredCase.id == draft.case_id)
        .execution_options(populate_existing=True)
    )
    base = base_of(draft)
    if current is None or (base is not None and current.number <= base.number):
        return None
    return current


def base_of(draft: Draft) -> CaseVersion | None:
    """Return the version that *draft* was made from; of a new case, the one sent of it last."""
    known = draft.base_id or draft.version_id
    return None if known is None else db.session.get(CaseVersion, known)


def take_up(person: User, draft_id: int, now: datetime) -> int:
    """Join what was published meanwhile into a draft; return how many places wait for a choice.

    There the draft says what is in use, and what it said before waits for *person* to choose.

    Raises:
        NotFound, KeysKept, ReviewsIt, DraftClosed, SavedMeanwhile, DraftOverfull: see `save`.
        NothingToTakeUp: as it says.
        InvalidCase: one of the versions cannot be read.
    """
    draft = open_for_writing(person, draft_id, now)
    current = published_since(draft)
    if current is None:
        raise NothingToTakeUp
    result = _joined(draft, current)
    note = f"Took up version {current.number}, which is in use"
    take(draft, result.body, person, tab=TAB, note=note, now=now)
    keep_waiting(draft, result.conflicts, (), person, TAB, now)
    draft.base_id = current.id
    after = {"version": current.number}
    record(person, "draft.take_up", "draft", draft.id, now=now, after=after)
    return len(result.conflicts)


def _joined(draft: Draft, current: CaseVersion) -> Merged:
    base = base_of(draft)
    if base is None:
        was = {}
    elif base.id == draft.base_id:
        was = draft_of(parsed(base))
    else:
        was = matched(draft_of(parsed(base)), draft.body, draft.body)
    try:
        return merged(was, matched(draft_of(parsed(current)), was, draft.body), draft.body)
    except DraftTooLarge as limit:
        raise DraftOverfull(limit) from limit
