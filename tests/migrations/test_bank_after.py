"""Loading the shipped bank over a database of the first edition takes nothing from what it has."""

from typing import Any

import flask_migrate
import pytest
from flask import Flask
from sqlalchemy import text

from lms.cases.content import starter_files, starter_slugs
from lms.cases.services import LoadReport, load_cases
from lms.core.db import db, transaction
from question_bank.case import parse_case, said_hash
from question_bank.formats.native import read_case
from tests.factories import NOW
from tests.migrations import edition
from tests.question_bank.test_first_bank import (
    CHANGED_SINCE,
    OTHERWISE_SINCE,
    without_sources,
)
from tests.test_schema import empty

__all__ = ["empty"]

CURRENT = text("""
SELECT "case".slug, case_version.id, case_version.number, case_version.author_id
FROM "case" JOIN case_version ON case_version.id = "case".current_id
""")

VERSIONS = text("""
SELECT "case".slug, count(*) FROM "case" JOIN case_version ON case_version.case_id = "case".id
GROUP BY "case".slug
""")


@pytest.fixture
def upgraded(empty: Flask) -> Flask:
    edition.load()
    flask_migrate.upgrade()
    db.engine.dispose()
    return empty


def found(query: Any) -> list[Any]:
    with db.engine.connect() as connection:
        return list(connection.execute(query).all())


def bring() -> LoadReport:
    with transaction():
        report = load_cases(None, starter_files(), now=NOW)
    db.session.remove()
    return report


def bodies() -> dict[str, Any]:
    """Return what each case says that is in use, by its slug."""
    with db.engine.connect() as connection:
        query = text("""SELECT "case".slug, case_version.body FROM "case"
            JOIN case_version ON case_version.id = "case".current_id""").columns(body=db.JSON)
        return {slug: parse_case(body) for slug, body in connection.execute(query)}


def test_no_version_is_made_of_what_is_said_already(upgraded: Flask) -> None:
    before, counts = bodies(), dict(found(VERSIONS))
    shipped = {
        case.slug: case
        for case in (read_case(text, name) for name, text in starter_files())
        if case.slug in before
    }
    same = {slug for slug, case in shipped.items() if said_hash(case) == said_hash(before[slug])}
    sourced = {
        slug
        for slug, case in shipped.items()
        if said_hash(without_sources(case)) == said_hash(without_sources(before[slug]))
    }
    local = {row.slug for row in found(CURRENT) if row.author_id is not None}

    report = bring()

    assert report.problems == []
    assert set(report.new) == starter_slugs() - before.keys()
    assert shipped.keys() - sourced <= CHANGED_SINCE | OTHERWISE_SINCE | local
    assert same <= set(report.unchanged)
    after = dict(found(VERSIONS))
    assert {slug: after[slug] for slug in same} == {slug: counts[slug] for slug in same}


def test_what_a_person_has_published_here_is_not_replaced(upgraded: Flask) -> None:
    local = {row.slug: row for row in found(CURRENT) if row.author_id is not None}
    assert len(local.keys() & starter_slugs()) == 3

    report = bring()

    after = {row.slug: row for row in found(CURRENT)}
    assert {slug: after[slug] for slug in local} == local
    assert not local.keys() & set(report.changed)


def test_a_second_load_changes_nothing_at_all(upgraded: Flask) -> None:
    """What the first load proposed waits on, and the second says so again."""
    waiting = bring().proposed
    before = edition.read()

    report = bring()

    assert (report.new, report.changed, report.proposed) == ([], [], waiting)
    assert edition.read() == before
