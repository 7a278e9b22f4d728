"""What every command line of ours does."""

from collections.abc import Iterator
from contextlib import contextmanager

import click

from lms.core.errors import Refusal


@contextmanager
def refusals() -> Iterator[None]:
    """Say a refusal in its sentence, and end with the status of an error."""
    try:
        yield
    except Refusal as refusal:
        raise click.ClickException(refusal.message) from refusal
