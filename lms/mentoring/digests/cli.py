"""Commands about the mentors' weekly digests."""

import click

from lms.core.clock import monday_of, utcnow, week_of
from lms.core.commands import refusals
from lms.core.db import transaction
from lms.mentoring.digests import services
from lms.mentoring.digests.queries import digest_of
from lms.people.models import User
from lms.people.queries import user_by_email
from lms.program.queries import mentors_with_fellows


@click.group("digests")
def group() -> None:
    """Write the weekly digests to mentors."""


@group.command("send")
@click.option("--week", required=True, help="The ISO week to report on, as 2026-W47.")
@click.option("--mentor", metavar="EMAIL", help="Only to this mentor.")
def send(week: str, mentor: str | None) -> None:
    """Write the digests about a week that have not been written, and have them sent."""
    with refusals():
        week = week_of(monday_of(week))
        mentors = _mentors(mentor)
    for one in mentors:
        click.echo(f"{one.email}: {_send(one.id, week)}")
    if not mentors:
        click.echo("No mentor has a fellow now.")


def _mentors(email: str | None) -> list[User]:
    if email is None:
        return mentors_with_fellows(utcnow().date())
    user = user_by_email(email)
    if user is None:
        raise click.ClickException(f"Nobody has the address {email}.")
    return [user]


def _send(mentor_id: int, week: str) -> str:
    with transaction():
        known = digest_of(mentor_id, week)
        digest = services.compose_digest(mentor_id, week, now=utcnow())
        if digest is None:
            return "nothing to send (no fellow, or mails stopped, then or now, or week not begun)"
        if known is not None and known.message_id == digest.message_id:
            return "already written"
    return f"written: {digest.said['subject']}"
