"""Reading PDFs: each by who asked for it, as long as that one may read what is in it."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import undefer

from lms.core.clock import local
from lms.core.db import db
from lms.core.errors import NotFound
from lms.mentoring.access import relation_of
from lms.mentoring.printing.models import Printout, PrintoutKind
from lms.people.models import Role, User
from lms.people.queries import user_by_id


def check_may_have(reader: User, fellow_id: int, kind: PrintoutKind, *, now: datetime) -> User:
    """Return the fellow, if *reader*, roles loaded, may have a PDF of that kind about that one.

    Raises:
        NotFound: not so.
    """
    fellow = user_by_id(fellow_id)
    relation = relation_of(reader, fellow_id, local(now, reader.time_zone).date())
    may = {
        PrintoutKind.REPORT: relation.reads_report,
        PrintoutKind.PROGRESS: relation.is_fellow,
        PrintoutKind.PREPARATION: relation.prepares_meetings,
    }
    if not (reader.is_active and Role.FELLOW in fellow.roles and may[kind]):
        raise NotFound
    return fellow


def printout_for(reader: User, job_id: int, *, now: datetime) -> Printout | None:
    """Return a PDF that *reader*, roles loaded, has asked for; None: it is not kept (any more).

    Raises:
        NotFound: the reader has asked for none such, or may not read it any more.
    """
    found = db.session.scalar(
        select(Printout)
        .where(Printout.job_id == job_id, Printout.owner_id == reader.id)
        .options(undefer(Printout.pdf))
    )
    if found is None:
        return None
    check_may_have(reader, found.fellow_id, found.kind, now=now)
    return found if found.pdf is not None else None
