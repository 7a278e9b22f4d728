"""Tasks; each is safe to run twice."""

from celery import shared_task

from lms.core.clock import utcnow
from lms.core.db import transaction
from lms.signin import known_devices, setting_passwords, throttle


@shared_task(name="signin.answer_resets")  # type: ignore[untyped-decorator]
def answer_resets() -> None:
    """Mail a link to who asked for one. Safe to run twice: each is answered once."""
    answered = True
    while answered:
        with transaction():
            answered = setting_passwords.answer_next_request(now=utcnow())


@shared_task(name="signin.forget_old")  # type: ignore[untyped-decorator]
def forget_old() -> None:
    """Remove counts of tries that are over, and devices nobody used for long."""
    with transaction():
        throttle.forget_old(now=utcnow())
        known_devices.forget_old(now=utcnow())
