"""`lms serve` and `lms web` until they load the application: what cannot work is said before."""

import os

import click

from lms.config import Misconfigured, Settings, begin
from lms.later import loaded
from lms.place import CannotStart, check_place


@click.command("serve")
def serve_command() -> None:
    """Run web server, workers and beat until Ctrl-C; what ends by itself is started again."""
    settings = settled()
    try:
        check_place(settings)
    except CannotStart as error:
        raise click.ClickException(str(error)) from error
    if settings.profile == "service":  # workers end their tasks, but not for as long as it takes
        os.environ["REMAP_SIGTERM"] = "SIGQUIT"  # which Celery reads as it is loaded
    loaded("lms.commands:serve_all")(settings)


@click.command("web")
def web_command() -> None:
    """Run the web server alone."""
    settings = settled()
    loaded("lms.parts:answer")(loaded("lms.app:create_app")(settings), settings)


def settled() -> Settings:
    """Return the settings to a process that begins, or say why they cannot work."""
    try:
        return begin()
    except Misconfigured as error:
        raise click.ClickException(str(error)) from error
