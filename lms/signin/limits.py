"""What is tried from where a request comes, within limits; the cookie that makes a device known."""

from datetime import datetime, timedelta

from flask import Response, after_this_request, current_app, request

from lms.core.db import transaction
from lms.core.forms import BaseForm
from lms.core.networks import network
from lms.signin import known_devices, throttle
from lms.signin.models import TryKind
from lms.signin.throttle import Origin, TooManyTries, Try


def password_try(form: BaseForm, email: str, *, now: datetime) -> Try | None:
    """Count that a password of *email* is tried; None: not yet, and *form* says for how long."""
    try:
        with transaction():
            return throttle.count_try(TryKind.PASSWORD, email, _origin(email, now), now=now)
    except TooManyTries as refusal:
        form.refuse(refusal)
        return None


def count_mail(email: str, *, now: datetime) -> None:
    """Count that a mail to *email* is asked for, in the transaction that notes what is asked.

    Raises:
        TooManyTries: not yet.
    """
    throttle.count_try(TryKind.MAIL, email, _origin(email, now), now=now)


def _origin(email: str, now: datetime) -> Origin:
    return Origin(network(), known_devices.device_of(email, _device_secret(), now=now))


def make_known(user_id: int, *, now: datetime) -> None:
    """Let the browser that asks be a known device of a person who has just come in."""
    secret = known_devices.get_to_know(user_id, _device_secret(), now=now)

    @after_this_request
    def keep(page: Response) -> Response:
        page.set_cookie(
            _cookie_name(),
            secret,
            max_age=known_devices.KNOWN_FOR // timedelta(seconds=1),
            secure=_is_secure(),
            httponly=True,
            samesite="Lax",
        )
        return page


def _device_secret() -> str | None:
    return request.cookies.get(_cookie_name())


def _cookie_name() -> str:
    return "__Host-device" if _is_secure() else "device"


def _is_secure() -> bool:
    return bool(current_app.config["SESSION_COOKIE_SECURE"])
