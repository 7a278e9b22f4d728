"""`lms serve` until all is loaded that the service shares."""

import os

import click

from lms.config import Misconfigured, begin
from lms.later import loaded
from lms.place import CannotStart, check_place


@click.command("serve")
def serve_command() -> None:
    """Run web server, workers and beat until Ctrl-C; what ends by itself is started again."""
    try:
        settings = begin()
        check_place(settings)
    except (Misconfigured, CannotStart) as error:
        raise click.ClickException(str(error)) from error
    if settings.profile == "service":  # workers end their tasks, but not for as long as it takes
        os.environ["REMAP_SIGTERM"] = "SIGQUIT"  # which Celery reads as it is loaded
    loaded("lms.commands:serve_all")(settings)
