"""Commands."""

import click


@click.group("users")
def group() -> None:
    """Commands of this feature."""
