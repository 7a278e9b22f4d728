"""Tasks; each is safe to run twice."""

from celery import shared_task

from lms.core.clock import utcnow
from lms.core.db import transaction
from lms.mentoring.goals.queries import fellows_to_settle
from lms.mentoring.goals.settling import settle_goals


@shared_task(name="mentoring.settle_goals")  # type: ignore[untyped-decorator]
def settle_all_goals() -> None:
    """Settle the goals that are met or whose day is over. Safe to run twice: each is so once."""
    now = utcnow()
    for fellow_id in fellows_to_settle(now):
        with transaction():
            settle_goals(fellow_id, now=now)
