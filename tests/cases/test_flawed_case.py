"""A case with a dozen errors is no case of the bank, whatever its file says of itself."""

import json
from datetime import date
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import func, select, update

from lms.cases import queries
from lms.cases.cli import group
from lms.cases.content import acts, facts
from lms.cases.gate import faults_today, recheck
from lms.cases.models import Approval, CaseVersion, StoredCase
from lms.core.db import db, transaction
from lms.people.models import Role
from lms.program.blueprint import blueprint
from lms.quizzes.admission import NotDrawn
from lms.quizzes.arranging import services as arranging
from lms.quizzes.assembling import services as quizzes
from lms.quizzes.assigning.services import assign
from question_bank.case import case_to_json, content_hash, parse_case
from question_bank.lint import check_case
from tests.attempts.factories import case_body, choice_item
from tests.cases.texts import case_file, load, stored
from tests.factories import NOW, make_cohort, make_user
from tests.quizzes.pages import case_ids
from tests.quizzes.test_services import TERMS
from tests.reading import words

FLAWED: dict[str, Any] = {
    "vignette": (
        "Mr. John Smith, 94 years old, MRN 12345678, phone 555-123-4567, john.smith@example.org, "
        "was admitted to Mercy General Hospital on March 3, 2019. He takes MS 1.0 mg QD, MSO4 .5 "
        "mg QOD and 5 U of insulin."
    ),
    "facts": ["P11", "Z99"],
    "takeaway": "Give MS 1.0 mg QD.",
    "clinical_review": "signed",
    "reviewed_on": "2018-01-01",
    "review_by": "2020-01-01",
}


def flawed_body() -> dict[str, Any]:
    return case_body(choice_item("first"), slug="flawed") | FLAWED


def have_flaws(slug: str) -> StoredCase:
    """Have a case of the bank be the flawed one, as it could before there was a gate."""
    body = parse_case(flawed_body())
    said = {"body": case_to_json(body), "content_hash": content_hash(body)}
    case = stored(slug)
    with transaction():
        current = CaseVersion.id == case.current_id
        db.session.execute(update(CaseVersion).where(current).values(**said))
        overdue = update(StoredCase).where(StoredCase.id == case.id)
        db.session.execute(overdue.values(review_by=date(2020, 1, 1)))
    db.session.expire_all()
    with transaction():
        recheck(faults_today(), now=NOW)
    return case


@pytest.mark.usefixtures("in_app")
def test_it_breaks_a_dozen_rules_that_keep_a_case_back() -> None:
    found = check_case(
        parse_case(flawed_body()),
        facts=facts(),
        acts=acts(),
        slugs=frozenset(),
        blueprint=blueprint(),
        first=True,
    )

    assert sum(each.level == "E" for each in found) >= 12


@pytest.mark.usefixtures("in_app")
@pytest.mark.parametrize("by", [[], ["--by", "sam@example.org"]])
def test_no_load_brings_it_in_and_nobody_has_signed_it(tmp_path, by: list[str]) -> None:
    file = tmp_path / "flawed.yaml"
    file.write_text(json.dumps(flawed_body()), encoding="utf-8")
    with transaction():
        make_user(Role.FACULTY, email="sam@example.org")

    done = CliRunner().invoke(group, ["load", *by, str(file)])

    assert done.exit_code == 1
    for rule in ("L20", "L21", "Z99"):
        assert rule in done.output
    for kind in (StoredCase, CaseVersion, Approval):
        assert db.session.scalar(select(func.count(kind.id))) == 0


def test_where_it_stands_already_it_is_not_signed_not_drawn_and_not_assigned(
    app: Flask, signed_in
) -> None:
    with app.app_context():
        load(case_file("sound"), case_file("flawed"))
        with transaction():
            faculty, cohort = make_user(Role.FACULTY), make_cohort()
            quiz = quizzes.create_quiz(faculty, title="Rounds", now=NOW)
            empty = quizzes.create_quiz(faculty, title="Empty", now=NOW)
            arranging.add_case(faculty, quiz.id, stored("flawed").id, now=NOW)
    browser = signed_in(faculty)
    with app.app_context():
        case = have_flaws("flawed")
        case_id, sound_id = case.id, stored("sound").id

        drawn = queries.pool("ipm", ["scored"], NOW.date())
        with pytest.raises(NotDrawn), transaction():
            arranging.add_case(faculty, empty.id, case_id, now=NOW)
        with pytest.raises(NotDrawn), transaction():
            assign(faculty, quiz.id, cohort_id=cohort.id, terms=TERMS, now=NOW)

    assert {item.case_id for item in drawn} == {sound_id}
    listed, page = words(browser.get("/bank")), words(browser.get("/bank/flawed"))
    assert "Signed by" not in listed + page
    assert "flawed Published Not drawn Review overdue" in listed
    assert "This case is not drawn any more" in page
    offered = case_ids(browser, f"/quizzes/{empty.id}")
    assert offered == [str(sound_id)]
