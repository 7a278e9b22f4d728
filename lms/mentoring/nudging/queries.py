"""Finding what digests asked that nobody has looked at."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from lms.core.audit import AuditEvent
from lms.core.db import db
from lms.core.mail import MailState, Message
from lms.mentoring.digests.models import Digest
from lms.mentoring.digests.queries import OBJECT
from lms.mentoring.looks import OPENED
from lms.mentoring.prompts.models import OPEN_FOR, Prompt
from lms.notices.models import Notice
from lms.people.models import User
from lms.program.models import Mentorship
from lms.program.queries import current

AFTER = timedelta(days=7)
"""How long after a mail its mentor is reminded, if nothing it asked was looked at."""

TOLD_AFTER = timedelta(days=14)
"""How long after it directors are told."""


@dataclass(frozen=True)
class Unseen:
    """What a digest asked a mentor, who has not looked since."""

    prompt: Prompt
    since: datetime

    @property
    def to_tell(self) -> bool:
        """Whether that is so for so long that directors are to know."""
        return self.since >= self.prompt.asked_at + TOLD_AFTER


def unseen_prompts(now: datetime) -> list[Unseen]:
    """Return, of each mentor who has not looked for a week, what was asked first; four statements.

    To look is to open the report on the fellow, to open a weekly mail on the site, or to answer.
    Only what a mail that left has asked counts, as long as its link works and the mentor still
    looks after the fellow. Mentor and fellow are loaded, the mentor's roles too.
    """
    asked = _asked(now)
    opened = _reports_opened({each.mentor_id for each in asked})
    mails = _mails_opened({each.mentor_id for each in asked})
    answers = _answered({each.mentor_id for each in asked})
    found: dict[int, Unseen] = {}
    for prompt in asked:
        mentor_id = prompt.mentor_id
        looks = (
            opened.get((mentor_id, prompt.fellow_id)),
            mails.get(mentor_id),
            answers.get(mentor_id),
        )
        if all(look is None or look < prompt.asked_at for look in looks):
            found.setdefault(mentor_id, Unseen(prompt, now))
    return list(found.values())


def _asked(now: datetime) -> list[Prompt]:
    today = now.astimezone(UTC).date()
    lasting = select(Mentorship.fellow_id).where(
        Mentorship.mentor_id == Prompt.mentor_id, current(Mentorship, today)
    )
    rows = db.session.scalars(
        select(Prompt)
        .join(Prompt.mentor)
        .join(Digest, (Digest.mentor_id == Prompt.mentor_id) & (Digest.week == Prompt.week))
        .join(Digest.message)
        .where(
            Prompt.answer.is_(None),
            Prompt.asked_at <= now - AFTER,
            Prompt.asked_at > now - OPEN_FOR,
            Message.state == MailState.SENT,
            User.disabled_at.is_(None),
            Prompt.fellow_id.in_(lasting),
        )
        .options(joinedload(Prompt.mentor).selectinload(User.role_rows), joinedload(Prompt.fellow))
        .order_by(Prompt.asked_at, Prompt.id)
    )
    return list(rows)


def _reports_opened(mentor_ids: Iterable[int]) -> dict[tuple[int, int], datetime]:
    rows = db.session.execute(
        select(AuditEvent.actor_id, AuditEvent.object_id, func.max(AuditEvent.at))
        .where(
            AuditEvent.action == OPENED,
            AuditEvent.object_type == "report",
            AuditEvent.actor_id.in_(list(mentor_ids)),
        )
        .group_by(AuditEvent.actor_id, AuditEvent.object_id)
    )
    return {(who, whom): at for who, whom, at in rows if who is not None and whom is not None}


def _mails_opened(mentor_ids: Iterable[int]) -> dict[int, datetime]:
    rows = db.session.execute(
        select(Notice.user_id, func.max(Notice.seen_at))
        .where(
            Notice.object_type == OBJECT,
            Notice.user_id.in_(list(mentor_ids)),
            Notice.seen_at.is_not(None),
        )
        .group_by(Notice.user_id)
    )
    return {who: at for who, at in rows if at is not None}


def _answered(mentor_ids: Iterable[int]) -> dict[int, datetime]:
    rows = db.session.execute(
        select(Prompt.mentor_id, func.max(Prompt.answered_at))
        .where(Prompt.mentor_id.in_(list(mentor_ids)), Prompt.answered_at.is_not(None))
        .group_by(Prompt.mentor_id)
    )
    return {who: at for who, at in rows if at is not None}
