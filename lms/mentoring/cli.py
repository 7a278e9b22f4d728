"""Commands."""

import click


@click.group("digests")
def group() -> None:
    """Commands of this feature."""
