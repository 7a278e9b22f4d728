"""Finding what to add to a quiz, with what it asks, on the page of the search."""

import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from lms.cases import withholding
from lms.cases.models import CaseVersion, Item, StoredCase
from lms.cases.search.keeping import VersionSaid, keep_published
from lms.core.db import db, transaction
from lms.people.models import Role
from lms.quizzes.assembling.services import create_quiz
from tests.attempts.factories import SECRET, case_body, choice_item
from tests.attempts.factories import store_case as stored
from tests.attempts.kinds import EVERY_KIND, SECOND, panel_item, unfolding
from tests.bank.test_secrecy import member
from tests.factories import NOW, make_user
from tests.reading import words
from tests.signin.helpers import counted, token_of


def store_case(body: dict[str, Any]) -> StoredCase:
    """Return the case that *body* describes, in the bank and its index."""
    case = stored(body)
    version = db.session.get_one(CaseVersion, case.current_id)
    keep_published([VersionSaid(case.id, version.id, version.body)])
    return case


@pytest.fixture
def author(app: Flask, signed_in) -> FlaskClient:
    """Faculty's browser, with a bank of three cases and quiz number 1."""
    with app.app_context(), transaction():
        user = make_user(Role.FACULTY)
        decided = case_body(choice_item("first"), choice_item("third"), slug="decided")
        store_case(decided | {"title": "Numb since the fall"})
        store_case(unfolding() | {"title": "A night on the ward"})
        store_case(case_body(panel_item(), slug="panel") | {"title": "For the panel"})
        quiz = create_quiz(user, title="Rounds", now=NOW)
    browser = signed_in(user)
    browser.find = f"/quizzes/{quiz.id}/add"
    browser.quiz = f"/quizzes/{quiz.id}"
    return browser


def test_each_case_unfolds_to_its_story_items_and_keys(author) -> None:
    page = author.get(author.find)

    text = words(page)
    assert page.text.count("What it asks") == 2
    assert "Which of the following is best for first?" in text
    assert "Best answer:" in text
    assert SECOND in text
    assert "For the panel" not in text, "no quiz but a formative one asks it"


def test_of_a_case_that_unfolds_no_item_is_offered_alone(author) -> None:
    page = author.get(f"{author.find}?words=night")

    assert "A night on the ward" in words(page)
    assert page.text.count("Add case") == 1
    assert "Add item" not in page.text


def test_words_and_approach_narrow_the_list(author) -> None:
    assert "Numb since" not in words(author.get(f"{author.find}?words=night"))
    assert "Numb since" in words(author.get(f"{author.find}?words=numb&approach=pharmacological"))
    nothing = words(author.get(f"{author.find}?approach=psychological"))
    assert "No case matches the filter" in nothing
    assert "A night" in words(author.get(f"{author.find}?approach=no-such-approach&page=99"))


def test_a_case_is_found_by_a_word_of_a_reason(author) -> None:
    text = words(author.get(f"{author.find}?words={SECRET}"))

    assert "Numb since the fall" in text
    assert f"Answer, item 1: Covered {SECRET}" in text


def test_what_was_added_is_marked_and_the_rest_can_follow(author) -> None:
    page = author.get(author.find)
    item = re.search(r'name="item_id" value="(\d+)"', page.text)
    assert item
    data = {"csrf_token": token_of(page), "item_id": item[1]}
    author.post(f"{author.quiz}/items?found={author.find}", data=data)

    text = words(author.get(author.find))

    assert "1 of 2 in this quiz" in text
    assert "Add the rest Numb since the fall" in text
    assert "Add case A night on the ward" in text


def test_who_may_be_asked_a_case_sees_its_items_and_none_of_its_keys(app, signed_in) -> None:
    with app.app_context(), transaction():
        both = member(Role.FELLOW, Role.FACULTY)
        body = case_body(*EVERY_KIND, slug="every-kind") | {"decision": f"Decide {SECRET} here."}
        store_case(body)
        quiz = create_quiz(both, title="Rounds", now=NOW, formative=True)

    page = signed_in(both).get(f"/quizzes/{quiz.id}/add")

    text = words(page)
    assert [item["lead_in"] for item in EVERY_KIND if item["lead_in"] not in text] == []
    assert "its keys are not shown" in text
    for secret in (SECRET, "Best answer", "Magnesium", "naloxone", "Decision"):
        listed = text[text.index("Order Best match") :].lower()
        assert secret.lower() not in listed.replace("a day on the ward", "")


def test_who_may_be_asked_a_case_sees_no_stage_but_the_first(app, signed_in) -> None:
    later = "The next morning the numbness is gone."
    with app.app_context(), transaction():
        both, plain = member(Role.FELLOW, Role.FACULTY), make_user(Role.FACULTY)
        body = unfolding()
        body["stages"][1]["text"] = later
        store_case(body)
        quiz = create_quiz(plain, title="Rounds", now=NOW)
    second = [item["lead_in"] for item in body["stages"][1]["items"]]

    kept, told = (
        words(signed_in(person).get(f"/quizzes/{quiz.id}/add")) for person in (both, plain)
    )

    for text in (later, *second):
        assert text in told
        assert text not in kept
    assert "its keys and what comes later are not shown" in kept
    assert body["stages"][0]["items"][0]["lead_in"] in kept


def test_the_decision_is_shown_to_who_may_read_keys(app, author) -> None:
    with app.app_context(), transaction():
        store_case(case_body(slug="plain") | {"decision": "Stop the drug or go on."})

    assert "Stop the drug or go on." in words(author.get(author.find))


def test_what_is_retired_or_faulty_is_not_offered(app, author) -> None:
    with app.app_context(), transaction():
        for slug, change in (("decided", {"retired_at": NOW}), ("unfolds", {"fault": "L21"})):
            db.session.execute(
                db.update(StoredCase).where(StoredCase.slug == slug).values(**change)
            )

    assert "No case matches" in words(author.get(author.find))


def test_what_is_withheld_is_not_offered_and_is_no_rest_that_can_follow(app, author) -> None:
    def withhold(key: str) -> None:
        with app.app_context(), transaction():
            item = db.session.scalars(select(Item).where(Item.key == key)).one()
            withholding.withhold(make_user(Role.FACULTY), item, "", now=NOW)

    withhold("third")
    page = author.get(f"{author.find}?words=numb")
    (case,) = re.findall(r'name="case_id" value="(\d+)"', page.text)
    sent = {"csrf_token": token_of(page), "case_id": case}
    author.post(f"{author.quiz}/cases?found={author.find}", data=sent)
    added = words(author.get(f"{author.find}?words=numb"))

    assert "best for third?" not in words(page)
    assert "Which of the following is best for first?" in added
    assert "Add the rest" not in added
    assert " 1 item In this quiz" in added.replace(" · ", " ")

    withhold("first")
    assert "Numb since" not in words(author.get(f"{author.find}?words=numb"))


def test_more_cases_cost_no_more_statements(app, author) -> None:
    author.get(author.find)
    with counted(app) as sent:
        author.get(author.find)
        few = sent()
    with app.app_context(), transaction():
        for number in range(30):
            store_case(case_body(choice_item("a"), choice_item("b"), slug=f"more-{number}"))
    author.get(author.find)

    with counted(app) as sent:
        page = author.get(author.find)
        assert sent() == few
    assert "Page 1 of 2" in words(page)
