"""Tasks; each is safe to run twice."""

from celery import shared_task

from lms.core.clock import utcnow
from lms.core.db import transaction
from lms.mentoring.printing import services


@shared_task(name="mentoring.forget_printouts")  # type: ignore[untyped-decorator]
def forget_printouts() -> None:
    """Forget PDFs whose time to be fetched is over. Safe to run twice."""
    with transaction():
        services.forget_old(now=utcnow())
