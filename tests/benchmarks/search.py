"""What a search among 5,000 cases takes, in ms: `python -m tests.benchmarks.search`.

On SQLite, and on PostgreSQL if its address is given: `… search postgresql://…`.
"""

import sys
import tempfile
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from typing import Any

import click
import flask_migrate
from sqlalchemy import insert

from lms.app import create_app
from lms.cases.content import starter_files
from lms.cases.models import CaseVersion, StoredCase
from lms.cases.search.keeping import batches, index, wanting
from lms.cases.search.meant import did_you_mean
from lms.cases.search.queries import AskedFor, search
from lms.cases.services import load_cases
from lms.config import Settings
from lms.core.clock import utcnow
from lms.core.db import db, transaction
from lms.program.blueprint import blueprint

CASES = 5_000
ASKED = (
    AskedFor("naloxone"),
    AskedFor("pain"),
    AskedFor(""),
    AskedFor("buprenorphine follow-up"),
    AskedFor("1.0 mg/d"),
    AskedFor('"the patient"'),
    AskedFor("the", {"approach": ["pharmacological"], "level": ["judgement"]}),
)


def main() -> None:
    """Fill a bank with the shipped cases, over and over, and search it."""
    with tempfile.TemporaryDirectory() as folder:
        url = sys.argv[1] if len(sys.argv) > 1 else f"sqlite:///{folder}/bank.sqlite"
        app = create_app(
            Settings(instance=Path(folder), database_url=url, secret_key="for a benchmark only")
        )
        with app.app_context():
            flask_migrate.upgrade()
            _fill()
            _measure()


def _fill() -> None:
    start = perf_counter()
    with transaction():
        load_cases(None, starter_files(), now=utcnow())
    cases = db.session.execute(db.select(StoredCase.__table__)).mappings().all()
    bodies = {row.case_id: row for row in db.session.execute(db.select(CaseVersion.__table__))}
    with transaction():
        for number in range(len(cases), CASES):
            like = dict(cases[number % len(cases)])
            version = dict(bodies[like["id"]]._mapping)
            like |= {"id": 10_000 + number, "slug": f"{like['slug']}-{number}", "current_id": None}
            body = _tagged_otherwise(version["body"], number)
            like["title"] = body["title"]
            version |= {"id": 10_000 + number, "case_id": like["id"], "body": body}
            db.session.execute(insert(StoredCase).values(like))
            db.session.execute(insert(CaseVersion).values(version))
            now_in_use = db.update(StoredCase).where(StoredCase.id == like["id"])
            db.session.execute(now_in_use.values(current_id=version["id"]))
    click.echo(f"filled in {perf_counter() - start:.1f} s")
    start = perf_counter()
    for batch in batches(wanting()):
        with transaction():
            index(batch)
    click.echo(f"indexed in {perf_counter() - start:.1f} s")


def _tagged_otherwise(body: dict[str, Any], number: int) -> dict[str, Any]:
    """Return *body* under another title and with other tags, so that hardly two have the same."""
    plan = {dimension.id: dimension.values for dimension in blueprint().dimensions}
    given = {
        name: plan[name][number // every % len(plan[name])].id
        for name, every in (("condition", 60), ("setting", 7), ("population", 11))
    }
    population = [given.pop("population")]
    return (
        body
        | given
        | {"population": population, "title": f"{body['title']}, {number * 7919 % CASES}"}
    )


def _measure() -> None:
    if db.engine.dialect.name == "postgresql":
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM ANALYZE")
    today = utcnow().date()
    for asked in ASKED:
        taken, here = [], []
        for _ in range(9):
            start, start_here = perf_counter(), process_time()
            total = search(asked, 1, today=today).total
            taken.append(1000 * (perf_counter() - start))
            here.append(1000 * (process_time() - start_here))
        said = f"{median(taken):5.0f} ms, {median(here):.0f} of them of this process"
        click.echo(f"{asked.words!r:28} {total:5} hits: {said}")
    start = perf_counter()
    meant = did_you_mean("naloxnoe")
    click.echo(f"did you mean {meant}: {1000 * (perf_counter() - start):5.0f} ms")


if __name__ == "__main__":
    main()
