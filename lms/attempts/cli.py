"""Commands about attempts."""

import click

from lms.attempts import grading
from lms.core.clock import utcnow
from lms.core.db import transaction


@click.group("attempts")
def group() -> None:
    """Look after attempts."""


@group.command("retry")
def retry() -> None:
    """Grade again what was set aside since its grading crashed too often."""
    with transaction():
        released = grading.release_flagged(None, now=utcnow())
    for attempt_id in released:
        click.echo(f"Attempt {attempt_id} is graded again.")
    if not released:
        click.echo("No attempt is set aside.")
