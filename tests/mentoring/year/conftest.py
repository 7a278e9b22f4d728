"""A year that has passed."""

from datetime import time
from pathlib import Path

import pytest

from lms.core.clock import at
from tests.conftest import make_app
from tests.mentoring.year.clock import Clock
from tests.mentoring.year.passing import Year
from tests.mentoring.year.plan import BEGINS, DAY, EASTERN, Plan, a_year
from tests.mentoring.year.record import Record
from tests.mentoring.year.stage import Stage
from tests.services import temporary_folder


@pytest.fixture(scope="package")
def year(is_long: bool) -> Record:
    """The record of a whole year: in a long run of 16 fellows and 40 quizzes, else of fewer."""
    size = {"fellows": 8, "quizzes": 20} if is_long else {"fellows": 2, "quizzes": 10}
    with temporary_folder("year", in_memory=True) as folder, pytest.MonkeyPatch.context() as patch:
        return passed(a_year(**size), Path(folder), patch)


def passed(plan: Plan, folder: Path, patch: pytest.MonkeyPatch) -> Record:
    """Let the year of a plan pass over a database in *folder*, and return its record."""
    clock = Clock(at(BEGINS, time(), EASTERN) - DAY).installed(patch)
    (record,) = [
        Year(Stage(app, plan, clock, patch)).pass_by()
        for app in make_app(folder, f"sqlite:///{folder}/year.sqlite")
    ]
    return record
