"""The `lms` command: one group a subject, the same services as the web."""

from pathlib import Path

import click
from flask import current_app
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from lms import demo
from lms.app import create_app
from lms.authoring.drafts.indexing import drafts_wanting, index_drafts
from lms.cases.content import starter_files
from lms.cases.gate import faults_today, recheck
from lms.cases.knowledge import keep_lists
from lms.cases.search.keeping import batches, index, wanting
from lms.cases.services import load_cases
from lms.config import Misconfigured, Settings, begin
from lms.core.clock import utcnow
from lms.core.db import db, transaction
from lms.core.schema import CannotUpgrade, bring_up
from lms.operations.mailbox_door import DOOR
from lms.program.blueprint import blueprint
from lms.program.models import Track
from lms.program.services import ensure_tracks
from lms.rooms import COMMANDS
from lms.serve import CannotStart, check_place, serve, why_not_listening
from lms.web_server import serve_web


class _Commands(click.Group):
    """Says in one sentence that the database does not answer, whatever the command."""

    def invoke(self, context: click.Context) -> object:
        try:
            return super().invoke(context)
        except OperationalError as error:
            words = str(error.orig).partition("\n")[0]
            raise click.ClickException(f"The database cannot be used: {words}.") from error


@click.group(cls=_Commands)
@click.pass_context
def main(context: click.Context) -> None:
    """Run the service and look after it."""
    try:
        settings = begin()
        if context.invoked_subcommand == "serve":
            check_place(settings)
        app = create_app(settings)
    except (Misconfigured, CannotStart) as error:
        raise click.ClickException(str(error)) from error
    context.with_resource(app.app_context())


@main.command("serve")
def serve_command() -> None:
    """Run web server, workers and beat until Ctrl-C; what ends by itself is started again."""
    settings: Settings = current_app.extensions["settings"]
    _bring_up(settings)
    with transaction():
        _fill_if_new(settings)
        keep_lists(now=utcnow())
    _recheck()
    _index()
    db.session.remove()
    try:
        serve(settings, lambda: _announce(settings))
    except CannotStart as error:
        raise click.ClickException(str(error)) from error


@main.command("web")
def web_command() -> None:
    """Run the web server alone."""
    settings: Settings = current_app.extensions["settings"]
    try:
        serve_web(current_app._get_current_object(), settings)  # type: ignore[attr-defined]
    except OSError as error:
        raise click.ClickException(why_not_listening(settings, error)) from error


def _recheck() -> int:
    """Return how many cases are not to be drawn by the rules of today, and have that be noted."""
    found = faults_today()
    with transaction():
        return recheck(found, now=utcnow())


def _index() -> None:
    """Have words be found in what a bank of an earlier version has."""
    for batch in batches(wanting()):
        with transaction():
            index(batch)
    with transaction():
        index_drafts(drafts_wanting())


def _bring_up(settings: Settings) -> None:
    try:
        bring_up(settings.instance, now=utcnow())
    except CannotUpgrade as error:
        raise click.ClickException(str(error)) from error


def _fill_if_new(settings: Settings) -> None:
    if db.session.scalar(select(Track.id).limit(1)) is not None:
        return
    with_demo = settings.demo and settings.profile == "embedded"
    demonstration = " and a demonstration program" if with_demo else ""
    click.echo(f"First start: loading the starter bank{demonstration} …")
    now = utcnow()
    ensure_tracks(blueprint())
    load_cases(None, starter_files(), now=now)
    if with_demo:
        _sign_ins(settings).write_text("\n".join(demo.load(now)) + "\n", encoding="utf-8")
        _sign_ins(settings).chmod(0o600)


def _announce(settings: Settings) -> None:
    click.echo(f"\n{settings.product_name} is at {settings.base_url}")
    kept = _sign_ins(settings)
    if kept.exists():
        click.echo("Sign in as one of the demonstration's people (role, address, password):")
        click.echo(
            "".join(f"  {line}\n" for line in kept.read_text("utf-8").splitlines()), nl=False
        )
    if settings.local_mailbox:
        click.echo(f"Mail stays on this machine: {settings.base_url}{DOOR.in_clear()}")
    click.echo("Ctrl-C ends everything.")


def _sign_ins(settings: Settings) -> Path:
    return settings.instance / "demonstration.txt"


@main.group("database")
def database() -> None:
    """Look after the schema."""


@database.command("upgrade")
def upgrade() -> None:
    """Bring the schema, and the tracks of the blueprint, to this version's."""
    _bring_up(current_app.extensions["settings"])
    with transaction():
        ensure_tracks(blueprint())
        keep_lists(now=utcnow())
    faulty = _recheck()
    _index()
    click.echo("The database is up to date.")
    if faulty:
        click.echo(f"{faulty} of the bank's cases are not drawn any more: the bank says why.")


for _group in COMMANDS:
    main.add_command(_group)

if __name__ == "__main__":
    main()
