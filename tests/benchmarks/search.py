"""What a search among 5,000 cases takes, by the clock and of this process alone."""

from collections.abc import Iterator
from statistics import median
from time import perf_counter, process_time
from typing import Any

from sqlalchemy import insert

from lms.cases.content import starter_files
from lms.cases.models import CaseVersion, StoredCase
from lms.cases.search.keeping import batches, index, wanting
from lms.cases.search.meant import did_you_mean
from lms.cases.search.queries import AskedFor, search
from lms.cases.services import load_cases
from lms.core.clock import utcnow
from lms.core.db import db, transaction
from lms.program.blueprint import blueprint
from tests.benchmarks.figures import Figure, Size
from tests.benchmarks.in_one_process import DATABASES, application
from tests.factories import day_of

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


def measure(size: Size) -> Iterator[Figure]:
    """Fill a bank with the shipped cases, over and over, and search it."""
    for database in DATABASES:
        with application(database) as app, app.app_context():
            start = perf_counter()
            _fill(size.of(CASES, 300))
            filled = perf_counter()
            _index()
            yield Figure("filled", filled - start, "s", database)
            yield Figure("indexed", perf_counter() - filled, "s", database)
            yield from _searched(database)


def _fill(wanted: int) -> None:
    with transaction():
        load_cases(None, starter_files(), now=utcnow())
    cases = db.session.execute(db.select(StoredCase.__table__)).mappings().all()
    bodies = {row.case_id: row for row in db.session.execute(db.select(CaseVersion.__table__))}
    with transaction():
        for number in range(len(cases), wanted):
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


def _index() -> None:
    for batch in batches(wanting()):
        with transaction():
            index(batch)


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


def _searched(database: str) -> Iterator[Figure]:
    if db.engine.dialect.name == "postgresql":
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM ANALYZE")
    today = day_of(utcnow())
    for asked in ASKED:
        taken, here = [], []
        for _ in range(9):
            start, start_here = perf_counter(), process_time()
            total = search(asked, 1, today=today).total
            taken.append(1000 * (perf_counter() - start))
            here.append(1000 * (process_time() - start_here))
        words = " ".join((asked.words, *map("=".join, _filters(asked)))) or "nothing"
        yield Figure(f"{words}: hits", total, "", database)
        yield Figure(f"{words}: time", median(taken), "ms", database)
        yield Figure(f"{words}: CPU of ours", median(here), "ms", database)
    start = perf_counter()
    did_you_mean("naloxnoe")
    yield Figure("did you mean", 1000 * (perf_counter() - start), "ms", database)


def _filters(asked: AskedFor) -> Iterator[tuple[str, str]]:
    return ((name, value) for name, values in asked.chosen.items() for value in values)
