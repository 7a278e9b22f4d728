"""Tasks; each is safe to run twice."""

from celery import shared_task

from lms.core.clock import utcnow
from lms.core.db import transaction
from lms.core.doorbell import enqueue
from lms.mentoring.digests import queries, services


@shared_task(name="mentoring.send_due_digests")  # type: ignore[untyped-decorator]
def send_due_digests() -> None:
    """Ring for each digest that is due. Safe to run twice: what is written is not due."""
    now = utcnow()
    with transaction():
        for mentor_id, week in queries.due_digests(now):
            enqueue("mentoring.compose_digest", mentor_id, week)


@shared_task(name="mentoring.compose_digest")  # type: ignore[untyped-decorator]
def compose_digest(mentor_id: int, week: str) -> None:
    """Write the digest about *week* ("2026-W47"). Safe to run twice: it is written once."""
    with transaction():
        services.compose_digest(mentor_id, week, now=utcnow())
