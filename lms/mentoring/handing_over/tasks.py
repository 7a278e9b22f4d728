"""Tasks; each is safe to run twice."""

from celery import shared_task

from lms.core.clock import utcnow
from lms.core.db import transaction
from lms.mentoring.handing_over import services


@shared_task(name="mentoring.tell_handovers")  # type: ignore[untyped-decorator]
def tell_handovers() -> None:
    """Tell what was handed over. Safe to run twice: each fact is told once."""
    with transaction():
        services.tell_handovers(now=utcnow())
