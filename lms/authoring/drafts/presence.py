"""Who is in a draft at this moment, and at which place of it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import case, delete, literal, select

from lms.authoring.models import Draft, DraftVisit
from lms.core.db import db
from lms.core.inserts import insert_or_count
from lms.people.models import User

GONE_AFTER = timedelta(seconds=60)
"""Who has not been heard of for so long is in the draft no more."""

KEPT = timedelta(days=1)
"""How long a visit that is over is kept."""

LONGEST_PLACE = 200
"""Characters of a path that says where somebody is."""


@dataclass(frozen=True)
class Visitor:
    """Somebody else who has the draft open; `place` is a path, empty at none, since when."""

    name: str
    place: str
    since: datetime


def note_visit(draft: Draft, person: User, *, tab: str, place: str, now: datetime) -> None:
    """Note that *person* has *draft* open in *tab*, at *place*: a path; too long a one is none."""
    place = place if len(place) <= LONGEST_PLACE and "\0" not in place else ""
    row = {
        "draft_id": draft.id,
        "user_id": person.id,
        "tab": tab,
        "place": place,
        "since": now,
        "seen_at": now,
    }
    stayed = (DraftVisit.place == place) & (DraftVisit.seen_at > now - GONE_AFTER)
    changes: dict[str, Any] = {
        "place": place,
        "since": case((stayed, DraftVisit.since), else_=now),
        "seen_at": now,
    }
    db.session.execute(
        insert_or_count(
            DraftVisit,
            [row],
            key=["draft_id", "user_id", "tab"],
            changes=changes,
            where=DraftVisit.seen_at <= now,
        )
    )


def note_save(draft: Draft, person: User, *, tab: str, seq: int, now: datetime) -> bool:
    """Note that the save *seq* of *tab* has arrived; return whether no later one has before it.

    *draft* is locked, so that of two saves of a tab one is the first.
    """
    row = {
        "draft_id": draft.id,
        "user_id": person.id,
        "tab": tab,
        "since": now,
        "seen_at": now,
        "saved_seq": seq,
    }
    noted = insert_or_count(
        DraftVisit,
        [row],
        key=["draft_id", "user_id", "tab"],
        changes={"saved_seq": literal(seq)},
        where=DraftVisit.saved_seq <= seq,
    ).returning(DraftVisit.tab)
    return db.session.scalar(noted) is not None


def others_in(draft: Draft, person: User, now: datetime) -> tuple[Visitor, ...]:
    """Return who else is in *draft*, each once, by name: where each was seen last."""
    rows = db.session.execute(
        select(User.name, DraftVisit.user_id, DraftVisit.place, DraftVisit.since)
        .join(User, User.id == DraftVisit.user_id)
        .where(DraftVisit.draft_id == draft.id, DraftVisit.user_id != person.id)
        .where(DraftVisit.seen_at > now - GONE_AFTER)
        .order_by(DraftVisit.seen_at)
    )
    newest = {row.user_id: Visitor(row.name, row.place, row.since) for row in rows}
    return tuple(sorted(newest.values(), key=lambda each: each.name))


def forget_visits(*, now: datetime) -> None:
    """Remove the visits that have been over for a day."""
    db.session.execute(delete(DraftVisit).where(DraftVisit.seen_at < now - KEPT))
