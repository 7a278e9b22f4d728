"""What is typed into drafts, and how these stand then."""

from copy import deepcopy
from datetime import datetime
from typing import Any

from lms.authoring.drafts import queries, services
from lms.authoring.drafts.services import SavedDraft
from lms.authoring.models import Draft
from lms.core.db import db, transaction
from lms.people.models import User
from tests.authoring.drafts.kept import BODY
from tests.factories import NOW


def saying(**changes: Any) -> dict[str, Any]:
    """Return the body with *changes*; `text` is the story."""
    body = deepcopy(BODY)
    if "text" in changes:
        body["stages"][0]["text"] = changes.pop("text")
    return body | changes


def save(
    person: User,
    draft_id: int,
    body: dict[str, Any],
    *,
    since: int = 0,
    tab: str = "tab",
    now: datetime = NOW,
) -> SavedDraft:
    """Save *body*, in a transaction of its own."""
    with transaction():
        return services.save(person, draft_id, body, from_revision=since, tab=tab, now=now)


def as_kept(draft_id: int) -> Draft:
    """Return the draft as the database has it."""
    kept = db.session.scalars(
        db.select(Draft).where(Draft.id == draft_id).execution_options(populate_existing=True)
    )
    return kept.one()


def stood(draft_id: int) -> list[dict[str, Any]]:
    """Return what the draft said at each revision, from the first, as its events tell it."""
    draft = as_kept(draft_id)
    return [queries.body_at(draft, revision) for revision in range(draft.revision + 1)]
