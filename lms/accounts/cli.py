"""People, for an operator: the same services as the web."""

import click
from flask import current_app

from lms.accounts import services
from lms.config import Settings
from lms.core.clock import utcnow
from lms.core.commands import refusals
from lms.core.db import transaction
from lms.people import queries
from lms.people.models import Role
from lms.people.rules import warning_of
from lms.signin import inviting, setting_passwords


@click.group("users")
def group() -> None:
    """Invite people, list them, let them in again or keep them out."""


@group.command("invite")
@click.argument("email")
@click.option("--name", required=True, help="As it stands in reports: “Dr. Amara Okafor”.")
@click.option(
    "--role",
    "roles",
    type=click.Choice(Role, case_sensitive=False),
    multiple=True,
    required=True,
    help="May be given several times.",
)
@click.option("--time-zone", help="For example America/Chicago; the program's if left out.")
def invite(email: str, name: str, roles: tuple[Role, ...], time_zone: str | None) -> None:
    """Invite the owner of EMAIL and mail a link to choose a password."""
    settings: Settings = current_app.extensions["settings"]
    zone = time_zone or settings.time_zone
    with refusals(), transaction():
        user = inviting.invite_user(
            None, email=email, name=name, roles=roles, time_zone=zone, now=utcnow()
        )
    click.echo(f"Invited {user.email} as {_roles(user.roles)}.")
    if warning := warning_of(user.name, user.roles):
        click.echo(warning, err=True)


@group.command("list")
@click.option("--role", type=click.Choice(Role, case_sensitive=False), help="Only these.")
def list_people(role: Role | None) -> None:
    """List people: address, state, roles, name."""
    people = queries.people(1, text="", role=role, state=None, size=100_000)
    for user in people.items:
        state = queries.state_of(user).value
        click.echo(f"{user.email}\t{state}\t{_roles(user.roles)}\t{user.name}")


@group.command("disable")
@click.argument("email")
def disable(email: str) -> None:
    """Close the account with EMAIL and sign it out everywhere. What it did stays."""
    user = queries.user_by_email(email)
    if user is None:
        raise click.ClickException(f"No account has the address {email}.")
    with refusals(), transaction():
        services.disable(None, user.id, now=utcnow())
    click.echo(f"Disabled {email}.")


@group.command("reset-link")
@click.argument("email")
def reset_link(email: str) -> None:
    """Print a link with which the owner of EMAIL can choose a new password, within an hour."""
    settings: Settings = current_app.extensions["settings"]
    with refusals(), transaction():
        path = setting_passwords.reset_link(email, now=utcnow())
    click.echo(settings.base_url + path)


def _roles(roles: frozenset[Role]) -> str:
    return ", ".join(sorted(role.value for role in roles))
