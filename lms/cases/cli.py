"""`lms bank`: bringing cases in."""

from pathlib import Path

import click

from lms.cases import services
from lms.cases.bank import starter_files
from lms.core.clock import utcnow
from lms.core.db import transaction


@click.group("bank")
def group() -> None:
    """Look after the question bank."""


@group.command("load")
@click.argument("paths", nargs=-1, type=click.Path(exists=True, path_type=Path))
def load(paths: tuple[Path, ...]) -> None:
    """Load the case files at PATHS (files or folders), or the starter bank."""
    files = _read(paths) if paths else starter_files()
    with transaction():
        report = services.load_cases(files, actor_id=None, now=utcnow())
    for problem in report.problems:
        click.echo(problem, err=True)
    click.echo(
        f"{len(report.new)} new, {len(report.changed)} changed, {len(report.unchanged)} as before."
    )
    if report.problems:
        raise click.exceptions.Exit(1)


def _read(paths: tuple[Path, ...]) -> list[tuple[str, str]]:
    found = [
        file
        for path in paths
        for file in (sorted(path.rglob("*.yaml")) if path.is_dir() else [path])
    ]
    return [(str(file), file.read_text(encoding="utf-8")) for file in found]
