"""Tasks; each is safe to run twice."""

from celery import shared_task
from flask import current_app

from lms.core.clock import utcnow
from lms.core.db import transaction
from lms.core.mail import delivery
from lms.core.mail.transports import transport_of


@shared_task(name="mail.deliver", soft_time_limit=660, time_limit=700)  # type: ignore[untyped-decorator]
def deliver(message_id: int) -> None:
    """Send one message, if it is due. Safe to run twice: only one run can claim it.

    No transaction is open while the server is talked to; the hand-over is committed before
    the body leaves.
    """
    with transaction():
        parcel = delivery.claim(message_id, now=utcnow())
    if parcel is None:
        return

    def before_body() -> bool:
        with transaction():
            return delivery.hand_over(parcel, now=utcnow())

    outcome = transport_of(current_app.extensions["settings"]).send(parcel, before_body)
    with transaction():
        delivery.conclude(parcel, outcome, now=utcnow())


@shared_task(name="mail.sweep")  # type: ignore[untyped-decorator]
def sweep() -> None:
    """Find what a lost bell or a dead worker left behind. Safe to run twice."""
    with transaction():
        delivery.sweep(now=utcnow())
