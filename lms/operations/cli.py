"""Commands."""

import click


@click.group("mail")
def group() -> None:
    """Commands of this feature."""
