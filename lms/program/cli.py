"""Cohorts, members and mentors, for an operator: the same services as the web."""

from datetime import date

import click

from lms.core.clock import utcnow
from lms.core.commands import refusals, today
from lms.core.days import parse_day
from lms.core.db import transaction
from lms.people.command_lines import person_with
from lms.program import queries, services
from lms.program.models import Cohort


@click.group("cohorts")
def group() -> None:
    """Create cohorts, fill them, and give fellows their mentors."""


class Day(click.ParamType[date]):
    """A day, as 2026-07-01."""

    name = "day"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> date:
        """Return the day that *value* means."""
        day = value if isinstance(value, date) else parse_day(str(value))
        if day is None:
            self.fail(f"“{value}” is not a date. Write 2026-07-01.", param, ctx)
        return day


def _cohort(name: str, track: str | None) -> Cohort:
    named = [
        cohort
        for cohort in queries.cohorts()
        if cohort.name.casefold() == name.casefold() and track in (None, cohort.track.slug)
    ]
    if len(named) == 1:
        return named[0]
    reason = "Several tracks have" if named else "There is no"
    raise click.ClickException(f"{reason} cohort “{name}”. See `lms cohorts list`, and --track.")


@group.command("create")
@click.argument("name")
@click.option("--track", required=True, help="The track's id in the blueprint: ipm or fm.")
@click.option("--starts-on", type=Day(), required=True)
@click.option("--ends-on", type=Day(), required=True)
def create(name: str, track: str, starts_on: date, ends_on: date) -> None:
    """Create the cohort NAME."""
    ids = {one.slug: one.id for one in queries.tracks()}
    if track not in ids:
        raise click.ClickException(f"There is no track {track}, only {', '.join(ids) or 'none'}.")
    with refusals(), transaction():
        cohort = services.create_cohort(
            None,
            track_id=ids[track],
            name=name,
            starts_on=starts_on,
            ends_on=ends_on,
            now=utcnow(),
        )
    click.echo(f"Created {cohort.name}.")


@group.command("list")
def list_cohorts() -> None:
    """List cohorts: id, track, days, fellows today, name."""
    every = queries.cohorts()
    sizes = queries.sizes([one.id for one in every], today())
    for one in every:
        days = f"{one.starts_on} to {one.ends_on}"
        click.echo(f"{one.id}\t{one.track.slug}\t{days}\t{sizes.get(one.id, 0)}\t{one.name}")


@group.command("add-member")
@click.argument("cohort")
@click.argument("email")
@click.option("--track", help="Where two tracks have a cohort of that name.")
@click.option("--starts-on", type=Day(), help="Left out: today, or a first day to come.")
def add_member(cohort: str, email: str, track: str | None, starts_on: date | None) -> None:
    """Put the fellow with EMAIL into COHORT."""
    one, fellow = _cohort(cohort, track), person_with(email)
    with refusals(), transaction():
        services.add_member(
            None,
            one.id,
            fellow.id,
            starts_on=starts_on or one.joined_on(today()),
            now=utcnow(),
        )
    click.echo(f"Added {email} to {one.name}.")


@group.command("mentor")
@click.argument("mentor_email")
@click.argument("fellow_email")
@click.option("--starts-on", type=Day(), help="Today if left out.")
def mentor(mentor_email: str, fellow_email: str, starts_on: date | None) -> None:
    """Let the mentor with MENTOR_EMAIL look after the fellow with FELLOW_EMAIL."""
    ids = person_with(mentor_email).id, person_with(fellow_email).id
    with refusals(), transaction():
        services.start_mentorship(
            None,
            mentor_id=ids[0],
            fellow_id=ids[1],
            starts_on=starts_on or today(),
            now=utcnow(),
        )
    click.echo(f"{mentor_email} is now a mentor of {fellow_email}.")
