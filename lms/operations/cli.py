"""Commands about the mail ledger."""

import click
from flask import current_app

from lms.config import Settings
from lms.core.clock import utcnow
from lms.core.commands import refusals
from lms.core.db import LARGEST_ID, transaction
from lms.core.mail import MailState
from lms.operations import mailbox_door, queries, services


@click.group("mail")
def group() -> None:
    """See what became of mails, and settle what is uncertain."""


@group.command("list")
@click.option("--state", type=click.Choice(list(MailState), case_sensitive=False))
@click.option("--page", type=click.IntRange(1), default=1, show_default=True)
def list_mails(state: MailState | None, page: int) -> None:
    """List mails: uncertain ones first, then failed ones, then the rest, newest first."""
    mails = queries.ledger(page, MailState(state) if state else None)
    for message, _name in mails.items:
        when = f"{message.created_at:%Y-%m-%d %H:%M}Z"
        click.echo(f"{message.id}\t{message.state}\t{when}\t{message.address}\t{message.subject}")
        if message.reply:
            click.echo(f"\t{message.reply}")
    click.echo(f"Page {mails.page} of {mails.pages}.")


@group.command("mailbox")
def mailbox() -> None:
    """Print the address that opens the local mailbox."""
    settings: Settings = current_app.extensions["settings"]
    if not settings.local_mailbox:
        raise click.ClickException("Mails are sent, so there is no local mailbox.")
    click.echo(settings.base_url + mailbox_door.DOOR.in_clear())


@group.command("settle")
@click.argument("message_id", metavar="ID", type=click.IntRange(1, LARGEST_ID))
@click.option("--delivered", "decision", flag_value="delivered", help="It has arrived.")
@click.option("--again", "decision", flag_value="again", help="Send it once more.")
def settle(message_id: int, decision: str | None) -> None:
    """Decide about mail ID, whose hand-over is uncertain."""
    if decision is None:
        raise click.UsageError("Say --delivered or --again.")
    deed = services.mark_delivered if decision == "delivered" else services.send_again
    with refusals(), transaction():
        deed(None, message_id, now=utcnow())
    click.echo("Noted as delivered." if decision == "delivered" else "It is sent again.")
