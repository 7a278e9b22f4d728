"""Finding prompts: by the secret of a link, and those of one mentor."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from lms.core.clock import local
from lms.core.db import db
from lms.core.errors import NotFound
from lms.core.links import link_with
from lms.mentoring.prompts.models import Prompt
from lms.people.models import User
from lms.program.queries import may_mentor_see

REMEMBERED = timedelta(days=30)
"""How long later mails say what was answered."""


class PromptStanding(StrEnum):
    """What becomes of a prompt's link at a moment."""

    OPEN = "open"
    ANSWERED = "answered"
    EXPIRED = "expired"
    OVER = "over"


def prompt_of(secret: str) -> Prompt:
    """Return the prompt whose link ends in *secret*; mentor and fellow loaded, with their roles.

    Raises:
        NotFound: we did not make that link, or its mail was called off.
    """
    prompt = link_with(secret, _whole(), number=Prompt.id)
    if prompt is None:
        raise NotFound("This link is not complete. Use the one in the newest mail.")
    return prompt


def standing_of(prompt: Prompt, now: datetime) -> PromptStanding:
    """Return what becomes of the link of a prompt, mentor loaded, *now*.

    Once it has expired, nothing is said of it but that: whoever has the mail could read it for
    ever. It is over once the mentor does not look after the fellow any more, or has left.
    """
    if now >= prompt.open_until:
        return PromptStanding.EXPIRED
    today = local(now, prompt.mentor.time_zone).date()
    if not prompt.mentor.is_active or not may_mentor_see(prompt.mentor_id, prompt.fellow_id, today):
        return PromptStanding.OVER
    return PromptStanding.OPEN if prompt.answer is None else PromptStanding.ANSWERED


def prompts_of(mentor_ids: Collection[int], week: str) -> Sequence[Prompt]:
    """Return what the digests about *week* ask mentors."""
    return db.session.scalars(
        select(Prompt).where(Prompt.mentor_id.in_(list(mentor_ids)), Prompt.week == week)
    ).all()


def answers_lately(
    mentor_ids: Collection[int], fellow_ids: Collection[int], now: datetime
) -> dict[tuple[int, int], Prompt]:
    """Return the prompts about fellows that mentors answered last, within 30 days; one statement.

    They go by the ids of mentor and fellow.
    """
    answered = db.session.scalars(
        select(Prompt)
        .where(
            Prompt.mentor_id.in_(list(mentor_ids)),
            Prompt.fellow_id.in_(list(fellow_ids)),
            Prompt.answered_at >= now - REMEMBERED,
        )
        .order_by(Prompt.answered_at, Prompt.id)
    )
    return {(prompt.mentor_id, prompt.fellow_id): prompt for prompt in answered}


def _whole() -> Select[Prompt]:
    return select(Prompt).options(
        joinedload(Prompt.mentor).joinedload(User.role_rows),
        joinedload(Prompt.fellow).joinedload(User.role_rows),
    )
