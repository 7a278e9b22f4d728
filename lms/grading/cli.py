"""Commands about attempts."""

import click

from lms.core.clock import utcnow
from lms.core.db import transaction
from lms.grading import services


@click.group("attempts")
def group() -> None:
    """Look after attempts."""


@group.command("retry")
def retry() -> None:
    """Grade again what was set aside since its grading crashed too often."""
    with transaction():
        released = services.release_flagged(None, now=utcnow())
    for attempt_id in released:
        click.echo(f"Attempt {attempt_id} is graded again.")
    if not released:
        click.echo("Every attempt that was handed in could be graded.")
