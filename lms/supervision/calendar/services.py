"""Making the address of a calendar, and making it anew."""

from datetime import datetime

from sqlalchemy import update

from lms.core.audit import record
from lms.core.db import db
from lms.core.inserts import insert_unless_present
from lms.people.models import User
from lms.supervision.calendar.models import CalendarLink


def make_address(fellow: User, *, instead_of: datetime | None, now: datetime) -> None:
    """Give *fellow* an address for the calendar, instead of the one that was made at a moment.

    If another one is there since, nothing happens: the same button was pressed twice.
    """
    if instead_of is None:
        made = insert_unless_present(CalendarLink, fellow_id=fellow.id, made_at=now)
    else:
        made = (
            update(CalendarLink)
            .where(CalendarLink.fellow_id == fellow.id, CalendarLink.made_at == instead_of)
            .values(made_at=now)
        )
    if db.session.execute(made.returning(CalendarLink.fellow_id)).first() is not None:
        record(fellow, "calendar.make", "user", fellow.id, now=now)
