"""What each `lms` command does: one group a subject, the same services as the web."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

import click
from flask import Flask, current_app
from sqlalchemy.exc import OperationalError

from lms.app import create_app
from lms.config import Settings
from lms.core.schema import CannotUpgrade
from lms.forking import fork, share_memory
from lms.operations.mailbox_door import DOOR
from lms.parts import parts_of
from lms.place import CannotStart
from lms.rooms import COMMANDS
from lms.serve import serve
from lms.starting import settled
from lms.upkeep import prepare, sign_ins, upgrade


@contextmanager
def application() -> Iterator[None]:
    """Be in the context of the application; what it cannot do is said in one sentence."""
    app = create_app(settled())
    with database_answering(), app.app_context():
        yield


@contextmanager
def database_answering() -> Iterator[None]:
    """Say in one sentence that the database does not answer, or is of another version."""
    try:
        yield
    except CannotUpgrade as error:
        raise click.ClickException(str(error)) from error
    except OperationalError as error:
        words = str(error.orig).partition("\n")[0]
        raise click.ClickException(f"The database cannot be used: {words}.") from error


def serve_all(settings: Settings) -> None:
    """Make the database ready, and run all parts of the service until somebody ends it.

    Its own process loads what they share and supervises; it uses neither database nor broker.
    """
    app = create_app(settings)
    parts = parts_of(app, settings)
    share_memory()
    preparing = fork("start", partial(_prepare, app, settings))
    preparing.join()
    if preparing.exitcode:
        raise click.exceptions.Exit(1)
    try:
        serve(settings, parts, lambda: _announce(app, settings))
    except CannotStart as error:
        raise click.ClickException(str(error)) from error


def _prepare(app: Flask, settings: Settings) -> None:
    """Make the database ready, or say why not."""
    try:
        with database_answering(), app.app_context():
            prepare(settings, click.echo)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        sys.exit(1)


def _announce(app: Flask, settings: Settings) -> None:
    click.echo(f"\n{settings.product_name} is at {settings.base_url}")
    kept = sign_ins(settings)
    if kept.exists():
        click.echo("Sign in as one of the demonstration's people (role, address, password):")
        click.echo(
            "".join(f"  {line}\n" for line in kept.read_text("utf-8").splitlines()), nl=False
        )
    if settings.local_mailbox:
        with app.app_context():
            click.echo(f"Mail stays on this machine: {settings.base_url}{DOOR.in_clear()}")
    click.echo("Ctrl-C ends everything.")


@click.group("database")
def database() -> None:
    """Look after the schema."""


@database.command("upgrade")
def upgrade_command() -> None:
    """Bring the schema, and the tracks of the blueprint, to this version's."""
    faulty = upgrade(current_app.extensions["settings"])
    click.echo("The database is up to date.")
    if faulty:
        click.echo(f"{faulty} of the bank's cases are not drawn any more: the bank says why.")


GROUPS = {group.name: group for group in (*COMMANDS, database)}
"""Commands that are carried out in the context of the application, by the names of their groups."""
