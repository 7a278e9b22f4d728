"""This tree and another one, measured by turns: what else the machine does, it does to both."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from tests.benchmarks.figures import Figure, Size
from tests.services.processes import ROOT

BEFORE = "before"
"""Where the figures of the other tree are from, after the profile or database."""


def both(part: str, size: Size, other: Path, turns: int) -> Iterator[Figure]:
    """Yield the figures of *part* in the tree *other*, marked as before, and here.

    Each is measured so many *turns*, and the median counts. That tree has to have these benchmarks.
    """
    said: dict[Path, list[list[Figure]]] = {other: [], ROOT: []}
    for _ in range(turns):
        for tree, measured in said.items():
            measured.append(_measured(part, size, tree))
    yield from _medians(said[other], f", {BEFORE}")
    yield from _medians(said[ROOT], "")


def _measured(part: str, size: Size, tree: Path) -> list[Figure]:
    options = ["--part", part, "--users", str(size.users)]
    options += [f"--{name}" for name in ("quick", "long") if getattr(size, name)]
    with TemporaryDirectory() as folder:
        told = Path(folder) / "figures.json"
        subprocess.run(
            [sys.executable, "-m", "tests.benchmarks", *options, "--into", told],
            cwd=tree,
            env=os.environ | {"PYTHONPATH": str(tree)},
            check=True,
        )
        return [Figure(*each) for each in json.loads(told.read_text())]


def _medians(turns: Sequence[Sequence[Figure]], mark: str) -> Iterator[Figure]:
    values: dict[tuple[str, str, str], list[float]] = {}
    for figure in (each for turn in turns for each in turn):
        values.setdefault((figure.name, figure.unit, figure.where), []).append(figure.value)
    for (name, unit, where), found in values.items():
        yield Figure(name, median(found), unit, (where + mark).removeprefix(", "))
