"""The page of what the bank covers: what is short, and how much there is of what."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from lms.cases.content import starter_files
from lms.cases.covering import bank_covered, topics_short
from lms.cases.models import Item, StoredCase
from lms.cases.services import load_cases
from lms.core.db import db, transaction
from lms.people.models import Role
from lms.program.blueprint import blueprint
from question_bank.coverage import track_coverage, value_coverage
from question_bank.formats.native import read_case
from tests.attempts.factories import make_assignment
from tests.cases.texts import case_file, load, stored
from tests.factories import NOW, make_user
from tests.progress.statements import counted
from tests.reading import words


@pytest.fixture
def faculty(app: Flask, signed_in) -> FlaskClient:
    with app.app_context(), transaction():
        user = make_user(Role.FACULTY)
    return signed_in(user)


def test_the_bank_is_counted_as_its_files_are(in_app) -> None:
    with transaction():
        load_cases(None, starter_files(), now=NOW)
    cases = [read_case(text, name) for name, text in starter_files()]

    covered = bank_covered()

    for of_files, of_rows in zip(track_coverage(cases, blueprint()), covered.tracks, strict=True):
        assert (of_rows.topics, of_rows.levels) == (of_files.topics, of_files.levels)
    assert covered.values == value_coverage(cases, blueprint())
    assert covered.cases == len(cases)


def test_the_page_says_what_is_short_and_what_is_there(app, faculty) -> None:
    with app.app_context():
        load(case_file("ward", topic="pharm-neuropathic", tracks=["ipm"]))

    page = words(faculty.get("/bank/coverage?track=ipm"))
    other = words(faculty.get("/bank/coverage?track=fm"))

    assert "What 1 published case covers of the blueprint." in page
    assert "Neuropathic pain drugs 1 of 2 items" in page
    assert "Neuropathic pain drugs 0 of" in other
    assert words(faculty.get("/bank/coverage?track=no-such")) == page


def test_what_is_retired_or_withheld_covers_nothing(app, faculty) -> None:
    with app.app_context():
        load(case_file("one", topic="pharm-neuropathic"), case_file("two", topic="psych-cbt"))
        with transaction():
            user = make_user(Role.FACULTY)
            gone = db.update(StoredCase).where(StoredCase.slug == "one").values(retired_at=NOW)
            db.session.execute(gone)
            held = db.update(Item).values(withheld_at=NOW, withheld_by_id=user.id)
            db.session.execute(held)

        covered = bank_covered()

    assert covered.cases == 1
    assert {topic.items for topic in covered.of("ipm").topics} == {0}


def test_the_bank_says_how_many_topics_are_short(app, faculty) -> None:
    with app.app_context():
        short = topics_short()

    assert f"Coverage: {short} topics under their floor" in words(faculty.get("/bank"))
    with counted(app) as statements:
        assert faculty.get("/bank/coverage").status_code == 200
    assert len(statements) <= 8


def test_a_case_says_where_it_is_used_by_whom_and_since_when(app, faculty) -> None:
    with app.app_context():
        load(case_file("ward", title="Ward"))
        unused = words(faculty.get("/bank/ward"))
        with transaction():
            make_assignment(cases=[stored("ward")])

    page = words(faculty.get("/bank/ward"))

    assert "Where it is used In no quiz as yet." in unused
    assert "In no quiz as yet" not in page
    assert ", since Wed Nov 25 Given to Cohort" in page
