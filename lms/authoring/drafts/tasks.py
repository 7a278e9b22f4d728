"""Tasks; each is safe to run twice."""

from celery import shared_task

from lms.authoring.drafts import presence
from lms.core.clock import utcnow
from lms.core.db import transaction


@shared_task(name="authoring.forget_visits")  # type: ignore[untyped-decorator]
def forget_visits() -> None:
    """Remove visits to drafts that have been over for a day."""
    with transaction():
        presence.forget_visits(now=utcnow())
