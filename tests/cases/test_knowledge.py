"""Facts and acts that harm, as rows that say what the shipped lists say."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from lms.cases.content import acts, facts
from lms.cases.gate import faults_today, recheck
from lms.cases.knowledge import harm_said, keep_lists, statements_of
from lms.cases.models import CaseVersion, StoredFact, StoredHarm
from lms.cases.services import load_cases
from lms.core.db import db, transaction
from lms.people.models import Role
from question_bank.formats.native import read_case, write_case
from tests.attempts.factories import case_body, choice_item, store_case
from tests.cases.texts import case_file, load, publisher
from tests.factories import NOW, add, make_user
from tests.reading import words


def kept() -> None:
    with transaction():
        keep_lists(now=NOW)


@pytest.mark.usefixtures("in_app")
def test_every_fact_and_every_act_is_a_row() -> None:
    kept()
    kept()

    counts = [
        db.session.scalar(select(func.count()).select_from(table))
        for table in (StoredFact, StoredHarm)
    ]
    assert counts == [len(facts()), len(acts())]
    (row,) = statements_of(["X01"])
    assert (row.statement, row.sources) == (facts()["X01"].statement, [*facts()["X01"].sources])


@pytest.mark.usefixtures("in_app")
def test_a_row_follows_its_list_and_one_of_the_programs_own_stays() -> None:
    kept()
    with transaction():
        db.session.execute(update(StoredFact).values(statement="Old"))
        add(StoredFact(id="Z01", status="solid", read="all", statement="Ours", sources=[]))

    kept()

    db.session.expire_all()
    said = [row.statement for row in statements_of(["X01", "Z01"])]
    assert said == [facts()["X01"].statement, "Ours"]


def test_the_page_of_a_case_says_what_its_keys_rest_on(app: Flask, signed_in) -> None:
    with app.app_context():
        kept()
        load(case_file("ward", facts=["P11"]))
        with transaction():
            user = make_user(Role.FACULTY)

    text = words(signed_in(user).get("/bank/ward"))

    assert "What the keys rest on" in text
    assert "P11" not in text


def harmful(harm: str) -> dict[str, Any]:
    item = choice_item()
    item["options"][0]["harm"] = harm
    return item


def in_second_format(file: tuple[str, str]) -> tuple[str, str]:
    name, text = file
    return name, write_case(read_case(text, name))


@pytest.mark.usefixtures("in_app")
def test_a_harm_in_words_keeps_no_case_of_the_first_format_from_draws() -> None:
    load(case_file("ward", harmful("Respiratory arrest")))
    with transaction():
        body = case_body(harmful("Respiratory arrest"), slug="before")
        version = db.session.get(CaseVersion, store_case(body).current_id)
        version.body = body

    with transaction():
        assert recheck(faults_today(), now=NOW) == 0
        report = load_cases(
            publisher(), [in_second_format(case_file("new", harmful("Respiratory arrest")))],
            now=NOW,
        )  # fmt: skip

    assert (len(report.problems), report.new) == (1, [])
    assert "L33 E: “Respiratory arrest” is not in the list of acts" in report.problems[0]


def add_own_rows() -> None:
    with transaction():
        add(StoredFact(id="Z02", status="solid", read="all", statement="Ours", sources=["A"]))
        add(StoredHarm(id="our-act", name="Doing", harm="It hurts", why="So", facts=["Z02"]))


@pytest.mark.usefixtures("in_app")
def test_a_case_may_name_facts_and_acts_that_only_rows_have() -> None:
    file = in_second_format(case_file("ward", harmful("our-act"), facts=["Z02"]))
    with transaction():
        before = load_cases(publisher(), [file], now=NOW).problems
    add_own_rows()

    load(file)

    assert [problem.split(" ")[1] for problem in before] == ["L26", "L33"]
    with transaction():
        assert recheck(faults_today(), now=NOW) == 0


def test_an_act_that_is_not_shipped_any_more_is_said_in_its_words(
    app: Flask, database: str, signed_in
) -> None:
    with app.app_context():
        add_own_rows()
        load(case_file("ward", harmful("our-act")), case_file("other", harmful("Words of it")))
        with transaction():
            user = make_user(Role.FACULTY)
    browser = signed_in(user)

    page = words(browser.get("/bank/ward"))

    assert "It hurts" in page
    assert "our-act" not in page
    assert "Words of it" in words(browser.get("/bank/other"))
    with app.app_context():
        unknown = f"act-of-{database}"  # a process reads what an act does once
        assert harm_said(unknown) == unknown
        with transaction():
            add(StoredHarm(id=unknown, name="A", harm="A wound", why="So", facts=[]))
        assert harm_said(unknown) == "A wound"
