"""People as command lines name them."""

import click

from lms.people.models import User
from lms.people.queries import user_by_email


def person_with(email: str) -> User:
    """Return whom the address names.

    Raises:
        ClickException: no account has it.
    """
    user = user_by_email(email)
    if user is None:
        raise click.ClickException(f"No account has the address {email}.")
    return user
