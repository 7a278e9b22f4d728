"""Finding what digests asked that nobody has looked at."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import InstrumentedAttribute, joinedload

from lms.core.audit import AuditEvent
from lms.core.clock import local
from lms.core.db import db
from lms.core.mail import MailState, Message
from lms.mentoring.digests.models import Digest
from lms.mentoring.digests.queries import OBJECT
from lms.mentoring.looks import OPENED
from lms.mentoring.prompts.models import OPEN_FOR, Prompt
from lms.notices.models import Notice
from lms.people.models import User
from lms.program.deputies.queries import stood_in_since
from lms.program.models import Mentorship
from lms.program.queries import current
from lms.results.models import Acknowledgement

AFTER = timedelta(days=7)
"""How long after a mail its mentor is reminded, if nothing it asked was looked at."""

TOLD_AFTER = timedelta(days=14)
"""How long after it directors are told."""


@dataclass(frozen=True)
class Unseen:
    """What a digest asked a mentor, who has not looked up to the moment `until`."""

    prompt: Prompt
    until: datetime

    @property
    def to_tell(self) -> bool:
        """Whether that is so for so long that directors are to know."""
        return self.until >= self.prompt.asked_at + TOLD_AFTER


def unseen_prompts(now: datetime) -> list[Unseen]:
    """Return, of each mentor who has not looked for a week, what was asked first.

    To look is to open a report, to open a weekly mail on the site, to note that an unsafe choice
    was talked about, or to answer what a mail asked. Six statements. Only what a mail that left
    has asked counts, as long as its link works and the mentor still looks after the fellow, and if
    no deputy has stood in since with that fellow: then the deputy's mails ask. Mentor and fellow
    are loaded, the mentor's roles too.
    """
    asked = _of_who_was_there(_asked(now), now)
    looked = _looked({each.mentor_id for each in asked})
    found: dict[int, Unseen] = {}
    for prompt in asked:
        last = looked.get(prompt.mentor_id)
        if last is None or last < prompt.asked_at:
            found.setdefault(prompt.mentor_id, Unseen(prompt, now))
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


def _of_who_was_there(asked: list[Prompt], now: datetime) -> list[Prompt]:
    """Return what was asked of mentors who have had no deputy since with the fellow."""
    since = (now - OPEN_FOR).astimezone(UTC).date()
    spans = stood_in_since({each.mentor_id for each in asked}, since)
    return [
        each
        for each in asked
        if not any(
            first <= local(now, each.mentor.time_zone).date()
            and last >= local(each.asked_at, each.mentor.time_zone).date()
            for first, last in spans.get((each.mentor_id, each.fellow_id), ())
        )
    ]


def _looked(mentor_ids: Collection[int]) -> dict[int, datetime]:
    """Return when each mentor looked last."""
    kinds = (
        _last(AuditEvent.actor_id, AuditEvent.at, AuditEvent.action == OPENED),
        _last(Notice.user_id, Notice.seen_at, Notice.object_type == OBJECT),
        _last(Acknowledgement.user_id, Acknowledgement.at),
        _last(Prompt.mentor_id, Prompt.answered_at),
    )
    looked: dict[int, datetime] = {}
    for who, last in kinds:
        for mentor_id, at in db.session.execute(last.where(who.in_(mentor_ids))):
            if at is not None:
                looked[mentor_id] = max(at, looked.get(mentor_id, at))
    return looked


def _last(
    who: InstrumentedAttribute[Any], at: InstrumentedAttribute[Any], *which: ColumnElement[bool]
) -> tuple[InstrumentedAttribute[Any], Select[Any, datetime]]:
    return who, select(who, func.max(at)).where(*which).group_by(who)
