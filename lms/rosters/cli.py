"""Rosters, for an operator: `lms cohorts import`."""

from pathlib import Path

import click
from flask import current_app

from lms.config import Settings
from lms.core.clock import utcnow
from lms.core.commands import refusals, today
from lms.core.db import transaction
from lms.rosters.importing import import_roster
from lms.rosters.planning import Plan, make_plan
from lms.rosters.reading import decode, read_roster


@click.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Say what would be done, and change nothing.")
def import_file(file: Path, dry_run: bool) -> None:
    """Import the roster in FILE (CSV). Rows with errors are left."""
    settings: Settings = current_app.extensions["settings"]
    with refusals():
        text = decode(file.read_bytes())
    if dry_run:
        plan = make_plan(read_roster(text), on=today())
        if plan.roster.problems:
            raise click.ClickException(" ".join(plan.roster.problems))
    else:
        with refusals(), transaction():
            plan = import_roster(None, text, time_zone=settings.time_zone, on=today(), now=utcnow())
    _tell(plan, "would be imported" if dry_run else "imported")


def _tell(plan: Plan, done: str) -> None:
    for remark in plan.roster.remarks:
        click.echo(remark)
    for row in plan.rows:
        for flaw in row.flaws:
            click.echo(f"line {row.row.line}, {flaw.column}: {flaw.message}")
        if said := [*row.deeds, *row.kept]:
            click.echo(f"line {row.row.line}, {row.row.email}: {' '.join(said)}")
    known, left = plan.count("known"), plan.count("leave")
    click.echo(f"{plan.count('import')} {done}, {left} left, {known} without anything new.")
