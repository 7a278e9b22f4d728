"""Tasks; each is safe to run twice."""

from celery import shared_task

from lms.core.clock import utcnow
from lms.core.db import refresh_statistics as refresh
from lms.core.db import transaction
from lms.operations import old_mails


@shared_task(name="operations.clear_old_links")  # type: ignore[untyped-decorator]
def clear_old_links() -> None:
    """Cut links that have ended from mails of the first edition. Safe to run twice."""
    with transaction():
        old_mails.clear_away(now=utcnow())


@shared_task(name="operations.refresh_statistics")  # type: ignore[untyped-decorator]
def refresh_statistics() -> None:
    """Let the database plan by what its tables hold by now. Safe to run twice."""
    with transaction():
        refresh()
