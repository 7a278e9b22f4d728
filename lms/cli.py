"""The `lms` command: one group a feature, the same services as the web."""

import click
from pydantic import ValidationError

from lms.app import create_app
from lms.features import COMMANDS


@click.group()
@click.pass_context
def main(context: click.Context) -> None:
    """Run Pain Rounds and look after it."""
    try:
        app = create_app()
    except ValidationError as error:
        raise click.ClickException(_first_sentence(error)) from error
    context.with_resource(app.app_context())


def _first_sentence(error: ValidationError) -> str:
    first = error.errors()[0]
    place = f"LMS_{first['loc'][0]}: ".upper() if first["loc"] else ""
    return place + first["msg"].removeprefix("Value error, ")


for _group in COMMANDS:
    main.add_command(_group)
