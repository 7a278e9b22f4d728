"""What every command line of ours does."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import click
from flask import current_app

from lms.config import Settings
from lms.core.clock import local, utcnow
from lms.core.errors import Refusal


def today() -> date:
    """Return the day that it is where the program is."""
    settings: Settings = current_app.extensions["settings"]
    return local(utcnow(), settings.time_zone).date()


@contextmanager
def refusals() -> Iterator[None]:
    """Say a refusal in its sentence, and end with the status of an error."""
    try:
        yield
    except Refusal as refusal:
        raise click.ClickException(refusal.message) from refusal
