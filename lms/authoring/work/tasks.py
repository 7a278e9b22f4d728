"""Tasks; each is safe to run twice."""

from celery import shared_task

from lms.authoring.work import reminding
from lms.core.clock import utcnow
from lms.core.db import transaction


@shared_task(name="authoring.remind")  # type: ignore[untyped-decorator]
def remind() -> None:
    """Tell owners of what is due. Safe to run twice: each fact is told once."""
    with transaction():
        reminding.remind(now=utcnow())
