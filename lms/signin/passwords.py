"""Password hashes: argon2id with the parameters OWASP names first (19 MiB, 2 passes, 1 lane)."""

import secrets

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from lms.signin.password_rules import normal_password
from question_bank.composing import BeyondMeasure

_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)

NOBODY = _hasher.hash(secrets.token_urlsafe(32))
"""Checked where there is no hash, so that an unknown address costs the same work."""


def hash_password(password: str) -> str:
    """Return the hash of *password*, its parameters and salt included."""
    return _hasher.hash(normal_password(password))


def is_right(password_hash: str | None, password: str) -> bool:
    """Return whether *password* is the one hashed; the work is the same without a hash.

    A password that is too long to have been chosen is not looked at, whoever is meant.
    """
    try:
        _hasher.verify(password_hash or NOBODY, normal_password(password))
    except (VerificationError, InvalidHashError, BeyondMeasure):
        return False
    return password_hash is not None


def is_outdated(password_hash: str) -> bool:
    """Return whether the hash was made with other parameters than today's."""
    return _hasher.check_needs_rehash(password_hash)
