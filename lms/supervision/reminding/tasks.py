"""Tasks; each is safe to run twice."""

from celery import shared_task

from lms.core.clock import utcnow
from lms.core.db import transaction
from lms.supervision.reminding import services


@shared_task(name="supervision.remind")  # type: ignore[untyped-decorator]
def remind_of_quizzes() -> None:
    """Tell people of quizzes that are given. Safe to run twice: each fact is told once."""
    with transaction():
        services.remind(now=utcnow())
