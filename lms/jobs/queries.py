"""Reading jobs: each by who may see it."""

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import defer

from lms.core.db import db
from lms.core.errors import NotFound
from lms.core.paging import Page, page_of, whole
from lms.jobs.models import Job
from lms.people.models import User

PAGE = 50
"""How many jobs a page lists."""


def job_of(reader: User, job_id: int) -> Job:
    """Return a job that *reader* may see, read afresh.

    Raises:
        NotFound: there is none such.
    """
    query = select(Job).where(Job.id == job_id, _may_see(reader))
    job = db.session.scalar(query.execution_options(populate_existing=True))
    if job is None:
        raise NotFound
    return job


def jobs_of(reader: User, number: int) -> Page[Job]:
    """Return a page of the jobs that *reader* may see, newest first, without what they hold."""
    query = (
        select(Job)
        .where(_may_see(reader))
        .options(defer(Job.given, raiseload=True), defer(Job.report, raiseload=True))
        .order_by(Job.asked_at.desc(), Job.id.desc())
    )
    return page_of(query, number, size=PAGE, read=whole)


def _may_see(reader: User) -> ColumnElement[bool]:
    """Who asked may see a job that is shown to no role; of the others, who holds that role."""
    asked = and_(Job.owner_id == reader.id, Job.shown_to.is_(None))
    return or_(asked, Job.shown_to.in_(sorted(reader.roles)))
