"""Having open drafts found by their words."""

from collections.abc import Sequence

from sqlalchemy import select

from lms.authoring.models import OPEN, Draft
from lms.cases.search.keeping import MADE_AS, keep_draft
from lms.cases.search.models import SearchEntry
from lms.core.db import db


def drafts_wanting() -> list[int]:
    """Return the ids of the open drafts that the index does not have as it is to have them."""
    kept = select(SearchEntry.draft_id).where(
        SearchEntry.draft_id.is_not(None), SearchEntry.made_as == MADE_AS
    )
    open_ones = select(Draft.id).where(Draft.state.in_(OPEN), Draft.id.not_in(kept))
    return list(db.session.scalars(open_ones.order_by(Draft.id)))


def index_drafts(ids: Sequence[int]) -> None:
    """Have the index say what these drafts say; safe to do again."""
    for draft in db.session.scalars(select(Draft).where(Draft.id.in_(ids))):
        keep_draft(draft.id, draft.case_id, draft.body)
