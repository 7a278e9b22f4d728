"""How many statements every page sends and how many rows it writes, on SQLite, in one process.

`make bench PART=counts` writes them to `statements.txt`, against which `test_counts.py` holds them.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from flask import Flask

from lms import demo
from lms.cases.incoming import read_incoming
from lms.cases.services import bring_in
from lms.core.clock import local, utcnow, week_of
from lms.core.db import transaction
from lms.mentoring.digests.services import compose_digest
from lms.people.queries import user_by_email
from tests.attempts.statements import count_statements
from tests.attempts.written import count_rows
from tests.benchmarks.figures import Figure, Size
from tests.benchmarks.in_one_process import program
from tests.benchmarks.pages import open_page, openings, sign_in
from tests.cases.texts import case_file, publisher
from tests.journeys.contents import PLAIN_CASES

KEPT = Path(__file__).with_name("statements.txt")

HEAD = """\
Statements that are sent and rows that are written, by what is done. None may come to twice as many.
Where more are meant, or fewer are sent by now: make bench PART=counts
"""

MOST_TOLD = 12
"""How many of those that send most are told."""

Count = tuple[int, int]
"""Statements, and rows."""


def measure(size: Size) -> Iterator[Figure]:
    """Count, and keep that as what is expected from now on, unless it is to be quick."""
    with program("sqlite") as (app, arguments):
        counts = counted(app, arguments)
    yield Figure("pages and acts", len(counts), "")
    for what in sorted(counts, key=lambda what: counts[what], reverse=True)[:MOST_TOLD]:
        yield Figure(what, counts[what][0], "statements")
    if not size.quick:
        lines = [f"{statements:4} {rows:4}  {what}" for what, (statements, rows) in counts.items()]
        KEPT.write_text("\n".join([HEAD, *lines]) + "\n", encoding="utf-8")


def expected() -> dict[str, Count]:
    """Return what `statements.txt` says."""
    lines = KEPT.read_text(encoding="utf-8").removeprefix(HEAD).split("\n")
    told = [line.split(maxsplit=2) for line in lines if line.strip()]
    return {what: (int(statements), int(rows)) for statements, rows, what in told}


def doubled(counts: Mapping[str, Count], before: Mapping[str, Count]) -> list[str]:
    """Return a line for each page or act that costs twice what it did; new ones are let pass."""
    return [
        f"{what}: {kept[0]} statements, {kept[1]} rows before; now {now[0]}, {now[1]}"
        for what, now in counts.items()
        for kept in [before.get(what, now)]
        if any(new >= 2 * max(old, 1) for new, old in zip(now, kept, strict=True) if new != old)
    ]


def counted(app: Flask, arguments: dict[str, Any]) -> dict[str, Count]:
    """Return what each page and some acts cost, each done once before."""
    browsers = sign_in(app, utcnow())
    counts = {}
    for opening, address in openings(app, arguments).items():
        browser = browsers[opening.who]
        open_page(browser, address)
        counts[str(opening)] = _count(app, lambda b=browser, a=address: open_page(b, a))
    for what, act in _ACTS.items():
        counts[what] = _count(app, _in_context(app, act))
    return counts


def _count(app: Flask, act: Callable[[], object]) -> Count:
    with ExitStack() as stack:
        with app.app_context():
            rows = stack.enter_context(count_rows())
            statements = stack.enter_context(count_statements())
        act()
        with app.app_context():
            stack.close()
    return len(statements), rows.total()


def _in_context(app: Flask, act: Callable[[], object]) -> Callable[[], None]:
    def done() -> None:
        with app.app_context(), transaction():
            act()

    return done


def _write_a_digest() -> None:
    mentor, now = user_by_email(demo.MENTORS[1].email), utcnow()
    assert mentor is not None
    assert compose_digest(mentor.id, week_of(local(now, mentor.time_zone).date()), now=now)


def _load_a_case() -> None:
    incoming, problems = read_incoming([case_file(f"{PLAIN_CASES[0]}-too")])
    bring_in(publisher(), incoming, problems, now=utcnow())


_ACTS = {"a digest is written": _write_a_digest, "a case is loaded": _load_a_case}
"""What no page does; what the steps of an attempt cost, `attempts/test_rows_written.py` holds."""
