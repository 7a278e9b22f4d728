"""Beat by itself: it rings for the tasks of the schedule, and loads nothing of the application."""

import click
from celery import Celery, signals

from lms.core.run_figures import say_when_rung
from lms.starting import settled


@click.command("beat")
def beat_command() -> None:
    """Ring for what is done again and again; one host of the service does."""
    celery = Celery("lms")
    celery.conf.update(settled().celery())
    ring(celery)


def ring(celery: Celery) -> None:
    """Ring for the tasks of the schedule of *celery*, until this process is asked to end."""
    signals.before_task_publish.connect(say_when_rung)
    celery.Beat(loglevel="WARNING", pidfile=None, quiet=True).run()
