"""`make bench`, or `python -m tests.benchmarks`: what the service costs, into `RESULTS.md`."""

import json
import os
import time
from collections.abc import Iterator
from dataclasses import astuple
from datetime import timedelta
from pathlib import Path

import click

from tests.benchmarks import by_turns, machine, report
from tests.benchmarks.figures import Figure, Size
from tests.benchmarks.parts import PARTS

_TREE = click.Path(exists=True, file_okay=False, resolve_path=True, path_type=Path)


@click.command()
@click.option("--part", "names", multiple=True, type=click.Choice(list(PARTS)), help="This alone.")
@click.option("--quick", is_flag=True, help="A few of each, to see that it works; nothing is kept.")
@click.option("--long", is_flag=True, help="Growth to 200,000 attempts too, which takes an hour.")
@click.option("--users", default=200, show_default=True, help="At most so many at once.")
@click.option("--beside", type=_TREE, help="An earlier tree, to be measured by turns with this.")
@click.option("--turns", default=2, show_default=True, help="How often each of both is measured.")
@click.option("--into", type=click.Path(path_type=Path), help="Write the figures there instead.")
def main(
    names: tuple[str, ...],
    quick: bool,
    long: bool,
    users: int,
    beside: Path | None,
    turns: int,
    into: Path | None,
) -> None:
    """Measure, say each figure as it comes, and write `tests/benchmarks/RESULTS.md`."""
    os.nice(5)
    size = Size(quick, long, users)
    for name in names or PARTS:
        began, on = time.monotonic(), machine.described()
        measured = by_turns.both(name, size, beside, turns) if beside else PARTS[name](size)
        figures = list(_said(name, measured))
        lasted = timedelta(seconds=round(time.monotonic() - began))
        click.echo(f"{name} took {lasted}, load after {machine.load()}")
        if into:
            into.write_text(json.dumps([astuple(each) for each in figures]), encoding="utf-8")
        elif not quick:
            report.keep(report.Said(name, on | {"load after": machine.load()}, figures))


def _said(name: str, measured: Iterator[Figure]) -> Iterator[Figure]:
    for figure in measured:
        where = f" [{figure.where}]" if figure.where else ""
        click.echo(f"{name}: {figure.name}{where}: {figure.value:.4g} {figure.unit}")
        yield figure


if __name__ == "__main__":
    main()
