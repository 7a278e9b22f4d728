"""Rows of drafts, for tests of what stands around them."""

from copy import deepcopy
from typing import Any

from lms.authoring.models import Draft
from lms.cases.models import StoredCase
from lms.people.models import Role, User
from tests.factories import NOW, add, make_user

STORY = "A 41-year-old translator has itched for 2 days."

BODY: dict[str, Any] = {
    "title": "An itch without a rash",
    "stages": [{"#": "s1", "title": "Presentation", "text": STORY}],
}


def make_author(name: str = "") -> User:
    """Return a member of the faculty; for a transaction."""
    return make_user(Role.FACULTY, name=name)


def kept_draft(
    owner: User, case: StoredCase | None = None, *, body: dict[str, Any] = BODY
) -> Draft:
    """Return a draft of *owner* that says *body*, of *case* if there is one; for a transaction."""
    return add(
        Draft(
            owner_id=owner.id,
            case_id=case.id if case else None,
            base_id=case.current_id if case else None,
            body=deepcopy(body),
            revision=0,
            created_at=NOW,
            changed_at=NOW,
        )
    )
