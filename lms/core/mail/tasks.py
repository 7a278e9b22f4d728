"""Tasks; each is safe to run twice."""

from contextlib import closing
from datetime import datetime
from functools import partial
from time import monotonic

import structlog
from celery import shared_task
from flask import current_app

from lms.core.clock import utcnow
from lms.core.db import transaction
from lms.core.doorbell import enqueue
from lms.core.mail import delivery
from lms.core.mail.delivery import Outcome, Parcel
from lms.core.mail.models import MailState
from lms.core.mail.transports import Transport, transport_of

log = structlog.get_logger()

GOES_ON = 30.0
"""Seconds after which one run begins with no further message: others wait for its worker too."""


@shared_task(name="mail.deliver", soft_time_limit=660, time_limit=700)  # type: ignore[untyped-decorator]
def deliver(*message_ids: int) -> None:
    """Send messages, those that are due. Safe to run twice: only one run can claim each.

    No transaction is open while the server is talked to; each hand-over is committed before its
    body leaves. Where messages cannot be claimed together, each is tried alone.
    """
    try:
        with transaction():
            parcels = delivery.claim_all(message_ids, now=utcnow())
    except Exception:
        if len(message_ids) < 2:
            raise
        log.exception("mails_apart")
        with transaction():
            for message_id in message_ids:
                enqueue("mail.deliver", message_id)
        return
    if parcels:
        with closing(transport_of(current_app.extensions["settings"])) as transport:
            _Round(transport, parcels).go()


class _Round:
    """One worker's way with messages that it has claimed.

    What became of a message is written with the hand-over of the next one, or at once if it was
    not sent. What the worker does not come to is given back.
    """

    def __init__(self, transport: Transport, parcels: list[Parcel]) -> None:
        self._transport = transport
        self._left = parcels
        self._tried: list[tuple[Parcel, Outcome, datetime]] = []

    def go(self) -> None:
        """Send the messages, one after another."""
        over_at = monotonic() + GOES_ON
        try:
            while self._left and monotonic() < over_at:
                parcel = self._left.pop(0)
                outcome = self._transport.send(parcel, partial(self._before_body, parcel))
                self._tried.append((parcel, outcome, utcnow()))
                if outcome.state is not MailState.SENT:
                    self._write_down()
        finally:
            self._write_down(self._left)

    def _before_body(self, parcel: Parcel) -> bool:
        with transaction():
            self._conclude()
            is_ours = delivery.hand_over(parcel, now=utcnow())
        self._tried.clear()
        return is_ours

    def _write_down(self, left: list[Parcel] | None = None) -> None:
        if self._tried or left:
            with transaction():
                self._conclude()
                delivery.put_back(left or [])
        self._tried.clear()

    def _conclude(self) -> None:
        for parcel, outcome, at in self._tried:
            delivery.conclude(parcel, outcome, now=at)


@shared_task(name="mail.sweep")  # type: ignore[untyped-decorator]
def sweep() -> None:
    """Find what a lost bell or a dead worker left behind. Safe to run twice."""
    with transaction():
        delivery.sweep(now=utcnow())
