"""Facts and acts that harm, as rows that say what the shipped lists say."""

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from lms.cases.content import acts, facts
from lms.cases.knowledge import keep_lists, statements_of
from lms.cases.models import StoredFact, StoredHarm
from lms.core.db import db, transaction
from lms.people.models import Role
from tests.cases.texts import case_file, load
from tests.factories import add, make_user
from tests.reading import words


def kept() -> None:
    with transaction():
        keep_lists()


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
        add(StoredFact(id="LOCAL1", status="solid", read="all", statement="Ours", sources=[]))

    kept()

    db.session.expire_all()
    said = [row.statement for row in statements_of(["LOCAL1", "X01"])]
    assert said == ["Ours", facts()["X01"].statement]


def test_the_page_of_a_case_says_what_its_keys_rest_on(app: Flask, signed_in) -> None:
    with app.app_context():
        kept()
        load(case_file("ward", facts=["P11"]))
        with transaction():
            user = make_user(Role.FACULTY)

    text = words(signed_in(user).get("/bank/ward"))

    assert "What the keys rest on" in text
    assert "P11" not in text
