"""Tasks; each is safe to run twice."""

from celery import shared_task

from lms.core.clock import utcnow
from lms.core.db import transaction
from lms.mentoring.nudging import services


@shared_task(name="mentoring.nudge")  # type: ignore[untyped-decorator]
def nudge_mentors() -> None:
    """Remind mentors, and tell directors. Safe to run twice: each fact is told once."""
    with transaction():
        services.nudge(now=utcnow())
