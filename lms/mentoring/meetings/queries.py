"""Reading what was noted of talks, as far as the reader may."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import joinedload

from lms.core.clock import local
from lms.core.db import db
from lms.core.errors import NotFound
from lms.core.paging import Page, page_of
from lms.mentoring.access import Relation, relation_of
from lms.mentoring.answers import opens_answers
from lms.mentoring.meetings.models import Meeting
from lms.people.models import Role, User
from lms.program.queries import looked_after_by
from lms.progress.queries import LATELY, summaries

PAGE = 20
"""How many a page lists."""

NEWEST = 5
"""How many a report lists."""


@dataclass(frozen=True)
class ToldMeeting:
    """A talk, as a reader may read it: `notes` and `agreed` are empty where the reader may not.

    `own`: the reader noted it, and may change it. `is_fellow`: it is about the reader.
    """

    row: Meeting
    notes: str
    agreed: str
    own: bool
    is_fellow: bool

    @property
    def shared_by_reader(self) -> bool:
        """Whether the reader has shared it with directors."""
        row = self.row
        return bool(row.shared_by_fellow_at if self.is_fellow else row.shared_by_mentor_at)

    @property
    def waits_for_other(self) -> bool:
        """Whether the reader has shared it, and the other one has not."""
        return self.shared_by_reader and not self.row.shared


def meetings_of(reader: User, now: datetime, page: int) -> Page[ToldMeeting]:
    """Return a page of the reader's own talks and of those with the own fellows, newest first."""
    today = local(now, reader.time_zone).date()
    own = looked_after_by(reader.id, today) if Role.MENTOR in reader.roles else set()
    mine = Meeting.fellow_id == reader.id
    query = _listed(mine | Meeting.fellow_id.in_(own) if own else mine)

    return page_of(
        query, page, size=PAGE, read=lambda row: _told(row[0], _own(reader, row[0], own))
    )


def meetings_with(fellow_id: int, of: Relation, *, most: int = NEWEST) -> list[ToldMeeting]:
    """Return the latest talks with a fellow, for who has that relation; one statement."""
    if not of.knows_of_meetings:
        return []
    rows = db.session.scalars(_listed(Meeting.fellow_id == fellow_id).limit(most))
    return [_told(row, of) for row in rows]


def meeting_for(reader: User, meeting_id: int, now: datetime) -> ToldMeeting:
    """Return one talk, for its fellow or its mentor.

    Raises:
        NotFound: there is none such, or the reader is neither, or not the fellow's mentor any more.
    """
    row = db.session.scalar(_listed(Meeting.id == meeting_id))
    if row is None:
        raise NotFound
    of = relation_of(reader, row.fellow_id, local(now, reader.time_zone).date())
    if not of.reads_notes(row.mentor_id):
        raise NotFound
    return _told(row, of)


def last_met(fellow_ids: Iterable[int]) -> dict[int, date]:
    """Return the day on which each fellow met a mentor last, as far as that was noted."""
    rows = db.session.execute(
        select(Meeting.fellow_id, func.max(Meeting.met_on))
        .where(Meeting.fellow_id.in_(list(fellow_ids)))
        .group_by(Meeting.fellow_id)
    )
    return {row[0]: row[1] for row in rows}


def _listed(which: ColumnElement[bool]) -> Select[Meeting]:
    return (
        select(Meeting)
        .where(which)
        .options(joinedload(Meeting.mentor), joinedload(Meeting.fellow))
        .order_by(Meeting.met_on.desc(), Meeting.id.desc())
    )


def _own(reader: User, row: Meeting, looked_after: set[int]) -> Relation:
    return Relation(
        reader.id,
        is_fellow=row.fellow_id == reader.id,
        mentors=row.fellow_id in looked_after,
    )


def _told(row: Meeting, of: Relation) -> ToldMeeting:
    return ToldMeeting(
        row,
        notes=row.notes if of.reads_notes(row.mentor_id) else "",
        agreed=row.agreed if of.reads_agreed(shared=row.shared) else "",
        own=of.mentors and of.reader_id == row.mentor_id,
        is_fellow=of.is_fellow,
    )


def choices_to_talk_about(mentor: User, fellow_id: int, now: datetime) -> list[tuple[int, str]]:
    """Return the unsafe choices of a fellow that *mentor* may open and nobody has talked about.

    A response and what is said of it, each.
    """
    if not opens_answers(mentor):
        return []
    lately = summaries([fellow_id], since=now - LATELY, until=now, now=now, reader=mentor)
    return [
        (each.response_id, f"{each.record.case}: {each.record.act}")
        for each in lately[fellow_id].unsafe
        if each.record and not each.settled
    ]
