"""Tasks; each is safe to run twice."""

from itertools import groupby
from operator import itemgetter

import structlog
from celery import shared_task

from lms.core.clock import utcnow
from lms.core.db import transaction
from lms.core.doorbell import enqueue
from lms.mentoring.digests import queries, services

log = structlog.get_logger()

TOGETHER = 50
"""How many digests are written in one transaction, which on SQLite keeps others from writing."""


@shared_task(name="mentoring.send_due_digests")  # type: ignore[untyped-decorator]
def send_due_digests() -> None:
    """Ring for each digest that is due. Safe to run twice: what is written is not due."""
    now = utcnow()
    with transaction():
        for week, due in groupby(queries.due_digests(now), key=itemgetter(1)):
            ids = [mentor_id for mentor_id, _ in due]
            for start in range(0, len(ids), TOGETHER):
                first, *further = ids[start : start + TOGETHER]
                enqueue("mentoring.compose_digest", first, week, *further)


@shared_task(name="mentoring.compose_digest")  # type: ignore[untyped-decorator]
def compose_digest(mentor_id: int, week: str, *further_ids: int) -> None:
    """Write the digests about *week* ("2026-W47"). Safe to run twice: each is written once.

    Where they cannot be written together, each is tried alone: what breaks one keeps back no other.
    """
    try:
        with transaction():
            services.compose_digests([mentor_id, *further_ids], week, now=utcnow())
    except Exception:
        if not further_ids:
            raise
        log.exception("digests_apart", week=week)
        with transaction():
            for each in (mentor_id, *further_ids):
                enqueue("mentoring.compose_digest", each, week)
