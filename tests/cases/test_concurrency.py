"""Two who load the bank at the same moment, on the real database."""

import pytest
from flask import Flask

from lms.cases.models import CaseVersion
from lms.cases.queries import case_by_slug, parsed
from lms.cases.services import LoadReport, load_cases
from lms.core.db import db, transaction
from tests.cases.texts import case_file, load, publisher
from tests.factories import NOW
from tests.overlap import while_open

pytestmark = pytest.mark.again(10)


def bring(*titles: str) -> LoadReport:
    """Load a case of each of *titles*, under slugs that are the same for all."""
    files = [case_file(f"case-{n}", title=title) for n, title in enumerate(titles)]
    return load_cases(publisher(), files, now=NOW)


def titles(app: Flask) -> list[str]:
    """Return what the case says, and that its versions have said, from the first."""
    with app.app_context():
        current = case_by_slug("case-0").body.title
        found = db.session.scalars(db.select(CaseVersion).order_by(CaseVersion.number))
        return [current, *(parsed(version).title for version in found)]


@pytest.fixture(autouse=True)
def somebody_who_publishes(app: Flask) -> None:
    with app.app_context(), transaction():
        publisher()


def test_of_two_loads_of_a_new_case_the_second_finds_it(app: Flask) -> None:
    report = while_open(app, lambda: bring("One"), lambda: bring("One"))

    assert report.unchanged == ["case-0"]
    assert titles(app) == ["One", "One"]


@pytest.mark.parametrize("known", [False, True])
def test_of_two_loads_that_differ_the_second_is_proposed_and_both_are_kept(
    app: Flask, *, known: bool
) -> None:
    if known:
        with app.app_context():
            load(case_file("case-0", title="Zero"))

    report = while_open(app, lambda: bring("One"), lambda: bring("Two"))

    assert report.proposed == ["case-0"]
    before = ["Zero"] if known else []
    assert titles(app) == [(*before, "One")[0], *before, "One", "Two"]


def test_two_loads_of_the_same_cases_in_another_order_both_end(app: Flask) -> None:
    def backwards() -> LoadReport:
        files = [case_file(f"case-{n}", title="Same") for n in (1, 0)]
        return load_cases(publisher(), files, now=NOW)

    report = while_open(app, lambda: bring("Same", "Same"), backwards)

    assert sorted(report.unchanged) == ["case-0", "case-1"]
