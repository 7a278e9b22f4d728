"""Commands."""

import click


@click.group("cohorts")
def group() -> None:
    """Commands of this feature."""
