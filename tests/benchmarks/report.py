"""`RESULTS.md`, made of the figures that each part said last, which are kept in `figures.json`."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import astuple, dataclass
from pathlib import Path

from tests.benchmarks.by_turns import BEFORE
from tests.benchmarks.figures import Figure
from tests.benchmarks.targets import TARGETS, Target

FOLDER = Path(__file__).parent
KEPT = FOLDER / "figures.json"
RESULTS = FOLDER / "RESULTS.md"

INTRODUCTION = """# What the service costs

`make bench` measures and writes this page anew; `make bench PART=attempts` one part of it, and
what the others said before stands. With `BESIDE=` and the folder of an earlier tree, that one is
measured by turns with this one, and both are said. Of each process its CPU counts, with all of
its children, and of the whole service: web server, workers, beat, supervisor, and PostgreSQL and
Redis where they take part. Who asks (`client`) is not in it. Times by the clock say little if the
machine did other work, which the load before and after tells: so many processes wanted to run in
the last 1, 5 and 15 minutes. On a machine whose cores are wanted by many, seconds of CPU come to
two or three times as many as on a quiet one, and the pace tells how fast it is; statements, rows
and bytes are the same on any day.
"""


@dataclass(frozen=True)
class Said:
    """What a part said, when and on what."""

    part: str
    on: dict[str, str]
    figures: list[Figure]


def keep(said: Said) -> None:
    """Keep what a part said in the place of what it said before, and write the page anew."""
    every = {each.part: each for each in _kept()} | {said.part: said}
    told = {
        name: {"on": each.on, "figures": [_brief(figure) for figure in each.figures]}
        for name, each in sorted(every.items())
    }
    KEPT.write_text(_lines(told), encoding="utf-8")
    RESULTS.write_text(page(list(every.values())), encoding="utf-8")


def _brief(figure: Figure) -> list[object]:
    name, value, *rest = astuple(figure)
    return [name, float(f"{value:.4g}"), *rest]


def _lines(told: dict[str, dict[str, object]]) -> str:
    """Return JSON with a figure on each line."""
    text = json.dumps(told, indent=1, ensure_ascii=False)
    return text.replace("\n    ", " ").replace("\n   ]", " ]") + "\n"


def _kept() -> list[Said]:
    if not KEPT.exists():
        return []
    told = json.loads(KEPT.read_text(encoding="utf-8"))
    return [
        Said(part, each["on"], [Figure(*figure) for figure in each["figures"]])
        for part, each in told.items()
    ]


def page(every: Sequence[Said]) -> str:
    """Return the page."""
    newest = max(every, key=lambda said: said.on["date"])
    lines = [INTRODUCTION, "## On what", "", "| | |", "|---|---|"]
    lines += [f"| {name} | {value} |" for name, value in newest.on.items()]
    lines += ["", "## Targets", "", *_targets([each for said in every for each in said.figures])]
    for said in sorted(every, key=lambda said: said.part):
        about = ", ".join(
            f"{name} {said.on[name]}" for name in ("product of", "load before", "load after")
        )
        lines += ["", f"## {said.part}", "", f"{said.on['date']}, {about}.", ""]
        lines += _table(said.figures)
    return "\n".join(lines) + "\n"


def _targets(figures: Sequence[Figure]) -> Iterator[str]:
    yield "| measure | must | goal | before | measured |"
    yield "|---|---|---|---|---|"
    for target in TARGETS:
        found = [figure for figure in figures if figure.name == target.figure]
        before = "; ".join(_placed(each) for each in found if each.where.endswith(BEFORE))
        now = [each for each in found if not each.where.endswith(BEFORE)]
        measured = "; ".join(_judged(target, figure) for figure in now) or "not measured"
        goals = [target.goal, *(target.goals or {}).values()]
        goal = ", ".join(f"{_number(each)} {target.unit}".strip() for each in goals)
        must = f"{_number(target.must)} {target.unit}".strip()
        yield f"| {target.measure} | {must} | **{goal}** | {before} | {measured} |"


def _placed(figure: Figure) -> str:
    return f"{figure.where.partition(', ')[0]} {_number(figure.value)}"


def _judged(target: Target, figure: Figure) -> str:
    value = _placed(figure)
    if target.is_met(figure.value, target.goal_in(figure.where)):
        return f"{value} **goal met**"
    return f"{value} {'met' if target.is_met(figure.value, target.must) else '**missed**'}"


def _table(figures: Sequence[Figure]) -> Iterator[str]:
    places = list(dict.fromkeys(figure.where for figure in figures))
    values = {(figure.name, figure.where): figure for figure in figures}
    yield f"| | {' | '.join(place or 'measured' for place in places)} | |"
    yield "|---" * (len(places) + 2) + "|"
    for name, unit in dict.fromkeys((figure.name, figure.unit) for figure in figures):
        found = [values.get((name, place)) for place in places]
        cells = " | ".join(_number(each.value) if each else "" for each in found)
        yield f"| {name} | {cells} | {unit} |"


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 or value == int(value) else f"{value:.3g}"
