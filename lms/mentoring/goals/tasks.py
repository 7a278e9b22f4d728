"""Tasks; each is safe to run twice."""

from datetime import datetime

import structlog
from celery import shared_task

from lms.core.clock import utcnow
from lms.core.db import transaction
from lms.mentoring.goals.queries import fellows_to_settle
from lms.mentoring.goals.settling import settle_goals

log = structlog.get_logger()


@shared_task(name="mentoring.settle_goals")  # type: ignore[untyped-decorator]
def settle_all_goals() -> None:
    """Settle the goals that are met or whose day is over. Safe to run twice: each is so once.

    Where it fails for one fellow, that is logged, and it goes on with the others.
    """
    now = utcnow()
    for fellow_id in fellows_to_settle(now):
        _settle(fellow_id, now)


def _settle(fellow_id: int, now: datetime) -> None:
    try:
        with transaction():
            settle_goals(fellow_id, now=now)
    except Exception:
        log.exception("goals_not_settled", fellow=fellow_id)
