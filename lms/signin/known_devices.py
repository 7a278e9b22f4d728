"""Browsers in which people have been: there, what is tried elsewhere does not slow them down."""

from datetime import datetime, timedelta

from sqlalchemy import delete, select

from lms.core.db import db
from lms.core.inserts import insert_or_change
from lms.core.links import hash_secret, new_secret
from lms.people.models import User
from lms.signin.models import KnownDevice

KNOWN_FOR = timedelta(days=180)
"""How long a device is known after its person came in."""


def device_of(email: str, secret: str | None, *, now: datetime) -> int | None:
    """Return the device with *secret*, if whoever has *email* has been in it; else None."""
    if not secret or not email.isprintable():
        return None
    return db.session.scalar(
        select(KnownDevice.id)
        .join(User, User.id == KnownDevice.user_id)
        .where(
            User.email == email.strip().lower(),
            KnownDevice.secret_hash == hash_secret(secret),
            KnownDevice.used_at > now - KNOWN_FOR,
        )
    )


def get_to_know(user_id: int, secret: str | None, *, now: datetime) -> str:
    """Note that a person came in, in the device with *secret*; return its secret.

    One that no device of ours has is not taken: somebody else may have chosen it.
    """
    held = db.session.scalar(
        select(KnownDevice.id).where(KnownDevice.secret_hash == hash_secret(secret or "")).limit(1)
    )
    kept = secret if secret and held is not None else new_secret()
    row = {"user_id": user_id, "secret_hash": hash_secret(kept), "used_at": now}
    db.session.execute(insert_or_change(KnownDevice, [row], key=["user_id", "secret_hash"]))
    return kept


def forget_all(user_id: int) -> None:
    """Forget in which devices a person has been."""
    db.session.execute(delete(KnownDevice).where(KnownDevice.user_id == user_id))


def forget_old(*, now: datetime) -> None:
    """Forget devices in which nobody came in for long."""
    db.session.execute(delete(KnownDevice).where(KnownDevice.used_at <= now - KNOWN_FOR))
