"""`make bench`, or `python -m tests.benchmarks`: what the service costs, into `RESULTS.md`."""

import os
import time
from datetime import timedelta

import click

from tests.benchmarks import machine, report
from tests.benchmarks.figures import Size
from tests.benchmarks.parts import PARTS


@click.command()
@click.option("--part", "names", multiple=True, type=click.Choice(list(PARTS)), help="This alone.")
@click.option("--quick", is_flag=True, help="A few of each, to see that it works; nothing is kept.")
@click.option("--long", is_flag=True, help="Growth to 200,000 attempts too, which takes an hour.")
@click.option("--users", default=200, show_default=True, help="At most so many at once.")
def main(names: tuple[str, ...], quick: bool, long: bool, users: int) -> None:
    """Measure, say each figure as it comes, and write `tests/benchmarks/RESULTS.md`."""
    os.nice(5)
    for name in names or PARTS:
        began, on = time.monotonic(), machine.described()
        figures = []
        for figure in PARTS[name](Size(quick, long, users)):
            where = f" [{figure.where}]" if figure.where else ""
            click.echo(f"{name}: {figure.name}{where}: {figure.value:.4g} {figure.unit}")
            figures.append(figure)
        lasted = timedelta(seconds=round(time.monotonic() - began))
        click.echo(f"{name} took {lasted}, load after {machine.load()}")
        if not quick:
            report.keep(report.Said(name, on | {"load after": machine.load()}, figures))


if __name__ == "__main__":
    main()
