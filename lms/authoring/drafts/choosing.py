"""Choosing between two texts for one place of a draft; both stay in its earlier states."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import delete

from lms.authoring.drafts import services
from lms.authoring.models import Draft, WaitingText
from lms.core.db import db
from lms.core.errors import Invalid
from lms.people.models import User
from question_bank.drafts.paths import LeafChange, applied, flatten

WAITED = "A text that waited for a choice"
CHOSEN = "Chosen from two texts"
WRITTEN = "Written from two texts"

LONGEST = 20_000
"""Characters of a text that is written from both."""


class WhichText(StrEnum):
    """Which text stays."""

    MINE = "mine"
    THEIRS = "theirs"
    BOTH = "both"


def choose(
    person: User,
    draft: Draft,
    text: WaitingText,
    choice: WhichText,
    *,
    written: str = "",
    now: datetime,
) -> None:
    """Have the place of *text* say what *person* has chosen.

    *person*'s text becomes a state of the draft first, whatever is chosen, and that of the other is
    one: nothing is lost.

    Args:
        person: Whose text waits.
        draft: The draft, which nobody else changes now.
        text: What waits.
        choice: Which of the two, or what was *written* from both.
        written: The latter.
        now: When.

    Raises:
        DraftClosed: the draft is not written on any more.
        Invalid: nothing was written, or too much.
    """
    if choice is WhichText.BOTH and not 0 < len(written) <= LONGEST:
        raise Invalid(f"Write 1 to {LONGEST:,} characters, or choose one of the two.", field="both")
    theirs = flatten(draft.body).get(text.path)
    steps: list[tuple[Any, str]] = [(text.mine, WAITED)]
    if choice is WhichText.THEIRS:
        steps.append((theirs, CHOSEN))
    elif choice is WhichText.BOTH:
        steps.append((written, WRITTEN))
    else:
        steps = [(text.mine, CHOSEN)]
    for leaf, note in steps:
        stands = flatten(draft.body).get(text.path)
        body = applied(draft.body, [LeafChange(text.path, stands, leaf)])
        services.take(draft, body, person, tab=text.tab, note=note, now=now)
    gone = delete(WaitingText).where(
        WaitingText.draft_id == draft.id,
        WaitingText.by_id == person.id,
        WaitingText.tab == text.tab,
        WaitingText.path == text.path,
    )
    db.session.execute(gone)
