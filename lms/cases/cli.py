"""Commands."""

import click


@click.group("bank")
def group() -> None:
    """Commands of this feature."""
