"""Tasks; each is safe to run twice."""

import structlog
from celery import shared_task

from lms.core.clock import utcnow
from lms.core.db import transaction
from lms.signin import known_devices, queries, setting_passwords, throttle

log = structlog.get_logger()


@shared_task(name="signin.answer_resets")  # type: ignore[untyped-decorator]
def answer_resets() -> None:
    """Mail a link to who asked for one. Safe to run twice: each is answered once.

    A request that cannot be answered is tried again by the next run, and holds up no other.
    """
    for request_id in queries.unanswered_requests():
        try:
            with transaction():
                setting_passwords.answer_request(request_id, now=utcnow())
        except Exception:
            log.exception("reset_not_answered", request=request_id)


@shared_task(name="signin.forget_old")  # type: ignore[untyped-decorator]
def forget_old() -> None:
    """Remove counts of tries that are over, and devices nobody used for long."""
    with transaction():
        throttle.forget_old(now=utcnow())
        known_devices.forget_old(now=utcnow())
