"""What it costs to bring 500 questions into the bank, from reading their files on."""

from collections.abc import Iterator
from math import ceil
from time import process_time

from lms.cases.incoming import read_incoming
from lms.cases.services import bring_in
from lms.core.clock import utcnow
from lms.core.db import transaction
from lms.program.blueprint import blueprint
from lms.program.services import ensure_tracks
from question_bank.formats.native import write_case
from tests.attempts.statements import count_statements
from tests.benchmarks.figures import Figure, Size
from tests.benchmarks.in_one_process import DATABASES, application
from tests.cases.texts import publisher
from tests.question_bank.lint.generated import bank

QUESTIONS = 500


def measure(size: Size) -> Iterator[Figure]:
    """Measure each database; what reads files asks none."""
    wanted = size.of(QUESTIONS, 100)
    cases = bank(ceil(wanted / 2), changed=0.2)
    files, questions = [], 0
    for case in cases:
        if questions < wanted:
            files.append((f"{case.slug}.yaml", write_case(case)))
            questions += len(case.questions)
    yield Figure("questions", questions, f"in {len(files)} files")
    for database in DATABASES:
        with application(database) as app, app.app_context():
            with transaction():
                ensure_tracks(blueprint())
                actor = publisher()
            began = process_time()
            incoming, problems = read_incoming(files)
            read = process_time()
            with count_statements() as statements, transaction():
                report = bring_in(actor, incoming, problems, now=utcnow())
            stored = process_time() - read
        came = len(report.new)
        if database == DATABASES[0]:  # what was read once is known
            yield Figure(f"import of {wanted}, checked", read - began, "s", database)
        yield Figure(f"import of {wanted}, stored", stored, "s of ours", database)
        yield Figure("statements a case", len(statements) / came, "", database)
        yield Figure("cases refused", len(files) - came, f"of {len(files)}", database)
