"""Trying out a case: asked as a fellow is, told everything at the end, and nothing of it stored."""

import re
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from lms.authoring.trying.asking import posted_at
from lms.authoring.trying.carrying import carried, read_trial
from lms.authoring.trying.trials import Trial, Tried, answers_by_key, is_over, orders, whole_case
from lms.cases.queries import version_of
from lms.core.db import db, transaction
from lms.core.errors import NotFound
from lms.people.models import Role
from question_bank.case import parse_case
from tests.attempts.factories import SECRET, case_body, choice_item, number_item, store_case
from tests.attempts.kind_answers import ANSWERS
from tests.attempts.kinds import EVERY_KIND, POSITION, SECOND, THIRD, reasons_in, unfolding
from tests.attempts.sitting import sitting_at
from tests.bank.test_secrecy import member
from tests.cases.texts import case_file, load
from tests.factories import make_user
from tests.reading import words
from tests.signin.helpers import counted, token_of
from tests.taking.pages import controls_in

ADDRESS = "/bank/every-kind/try"


@pytest.fixture
def author(app: Flask, signed_in) -> FlaskClient:
    with app.app_context(), transaction():
        store_case(case_body(*EVERY_KIND, slug="every-kind"))
        store_case(unfolding())
        user = make_user(Role.FACULTY)
    browser = signed_in(user)
    browser.person_id = user.id
    return browser


def carried_by(page: TestResponse) -> str:
    """Return what the page carries."""
    found = re.search(r'name="trial" value="([^"]+)"', page.text)
    assert found, words(page)
    return found[1]


def go_on(
    browser: FlaskClient, page: TestResponse, answers: dict[str, Any], to: str = ADDRESS
) -> TestResponse:
    """Send the form of *page* with *answers*, by the names of its controls."""
    return browser.post(
        to, data={"csrf_token": token_of(page), "trial": carried_by(page), **answers}
    )


def places(app: Flask, browser: FlaskClient, page: TestResponse) -> dict[int, tuple[int, ...]]:
    """Return in which order the page shows the options of each item."""
    with app.app_context():
        version = version_of("every-kind", None)
        tried = whole_case(parse_case(version.body), mark=f"version {version.id}")
        with app.test_request_context():
            trial = read_trial(carried_by(page), tried, by=browser.person_id)
        return orders(tried, trial)


def controls_for(shown: dict[int, tuple[int, ...]], key: str) -> dict[str, list[str]]:
    position = POSITION[key]
    held = ANSWERS[key][0](lambda index: str(shown[position].index(index)))
    return {f"{name}-{position}": values for name, values in held.items()}


def all_right(shown: dict[int, tuple[int, ...]]) -> dict[str, list[str]]:
    return {name: each for key in ANSWERS for name, each in controls_for(shown, key).items()}


def test_every_type_is_asked_and_nothing_of_a_key_is_told(author) -> None:
    page = author.get(ADDRESS)

    assert page.status_code == 200
    assert [item["lead_in"] for item in EVERY_KIND if item["lead_in"] not in words(page)] == []
    for secret in (SECRET, "Magnesium", "Best answer", "opioid-and-benzodiazepine", "panelists"):
        assert secret not in page.text
    assert "Nothing that is answered here is kept." in words(page)
    assert page.text.count('value="guessing"') >= 3


def test_the_end_tells_key_reason_harm_and_credit_as_an_attempt_does(
    app, author, signed_in
) -> None:
    page = author.get(ADDRESS)
    result = go_on(author, page, all_right(places(app, author, page)))

    text = words(result)
    told = " ".join(text.split())
    assert [
        each for each in reasons_in(list(EVERY_KIND)) if " ".join(each.split()) not in told
    ] == []
    assert SECRET in result.text
    assert "1 of 2 right" in text
    assert "1 choice would have harmed the patient" in text
    assert "People mark this one, so it has no credit here" in text

    counted_credits = [credit for _, _, credit in ANSWERS.values() if credit is not None]
    earned = sum(counted_credits, Fraction(0))
    sitting = sitting_at(app, signed_in, case_body(*EVERY_KIND, slug="every-kind-again"), seed=5)
    for key, (controls, _, _) in ANSWERS.items():
        position = POSITION[key]
        held = controls(lambda index, at=position: str(sitting.place(at, index)))
        sitting.fellow.send(f"{sitting.url}/items/{position}", tab="a", seq=1, controls=held)
    real = words(sitting.result())
    said = re.search(r"\d[\d.]* of \d+ \(\d+%, 95% interval \d+ to \d+%\)", text)
    assert said
    assert said[0] in real
    assert earned > 7


def test_a_misfit_is_said_at_the_field_and_what_was_typed_stands_there(app, author) -> None:
    page = author.get(ADDRESS)
    dose, prose = POSITION["total-dose"], POSITION["tell-the-patient"]
    typed = {f"answer-{dose}": "a lot", f"answer-{prose}": "I listen."}

    again = go_on(author, page, typed)

    assert again.status_code == 422
    assert f'id="item-{dose}-error"' in again.text
    assert controls_in(again.text, dose) == {"answer": ["a lot"]}
    assert controls_in(again.text, prose) == {"answer": ["I listen."]}
    assert SECRET not in again.text

    mended = go_on(author, again, typed | {f"answer-{dose}": "100"})
    assert mended.status_code == 200
    assert SECRET in mended.text


def test_a_case_unfolds_stage_by_stage_and_its_answers_lock(author) -> None:
    address = "/bank/unfolds/try"
    first = author.get(address)
    assert SECOND not in first.text

    blank = go_on(author, first, {"answer-1": "0"}, address)
    assert blank.status_code == 422
    assert "Answer every item of this stage first" in words(blank)
    assert SECOND not in blank.text
    assert controls_in(blank.text, 1) == {"answer": ["0"]}

    second = go_on(author, blank, {"answer-1": "0", "answer-2": "100"}, address)
    assert second.status_code == 200
    assert SECOND in second.text
    assert THIRD not in second.text
    assert "2 locked answers" in words(second)
    assert controls_in(second.text, 2) == {"answer": ["100"]}

    sneaked = {"answer-2": "7", "answer-3": "1", "answer-4": "naloxone"}
    third = go_on(author, second, sneaked, address)
    assert controls_in(third.text, 2) == {"answer": ["100"]}, "a locked answer stands"
    assert SECRET not in third.text

    result = go_on(author, third, {}, address)
    assert "Not answered" in words(result), "the last stage may stay blank"
    assert SECRET in result.text


def rows(app: Flask) -> dict[str, list[str]]:
    with app.app_context():
        return {
            table.name: sorted(map(str, db.session.execute(db.select(table))))
            for table in db.metadata.sorted_tables
            if table.name != "session"
        }


def test_nothing_is_stored_at_any_step(app, author) -> None:
    before = rows(app)

    page = author.get(ADDRESS)
    go_on(author, page, {f"answer-{POSITION['total-dose']}": "a lot"})
    go_on(author, page, all_right(places(app, author, page)))

    assert rows(app) == before


def test_a_trial_mixes_with_no_attempt_that_runs(app, author, signed_in) -> None:
    sitting = sitting_at(app, signed_in, unfolding("runs"))
    sitting.save(2, answer="7")
    before = rows(app)

    address = "/bank/runs/try"
    page = go_on(author, author.get(address), {"answer-1": "0", "answer-2": "9"}, address)

    assert page.status_code == 200
    assert "data-attempt" not in page.text
    assert "player.js" not in page.text
    assert rows(app) == before


def test_a_page_of_somebody_else_or_of_nobody_is_no_page(app, author, signed_in) -> None:
    page = author.get(ADDRESS)
    with app.app_context(), transaction():
        other = make_user(Role.FACULTY)

    browser = signed_in(other)
    data = {"csrf_token": token_of(browser.get(ADDRESS)), "trial": carried_by(page)}
    assert browser.post(ADDRESS, data=data).status_code == 404
    for forged in ("", "x", "x" * 2_000_000, carried_by(page)[:-3] + "AAA"):
        answer = author.post(ADDRESS, data={"csrf_token": token_of(page), "trial": forged})
        assert answer.status_code in {404, 413}


def test_what_has_changed_since_begins_anew(app, author) -> None:
    with app.app_context():
        load(case_file("fresh", choice_item("first")))
        page = author.get("/bank/fresh/try")
        load(case_file("fresh", choice_item("first"), number_item("dose")))

    again = go_on(author, page, {"answer-1": "0"}, "/bank/fresh/try")

    assert again.status_code == 409
    assert "This has changed since you began to try it out, so it begins anew." in words(again)
    assert controls_in(again.text, 1) == {}
    assert SECRET not in again.text


def test_who_may_be_asked_a_case_does_not_try_it_but_their_own(app, signed_in) -> None:
    with app.app_context():
        load(case_file("ward"))
        with transaction():
            both = member(Role.FELLOW, Role.FACULTY)
    browser = signed_in(both)

    refused = browser.get("/bank/ward/try")

    assert refused.status_code == 403
    assert "keys only of cases that you wrote" in words(refused)


def test_more_items_and_more_answers_cost_no_more_statements(app, author) -> None:
    def cost(address: str, answers: Callable[[TestResponse], dict[str, Any]]) -> tuple[int, int]:
        page = author.get(address)
        with counted(app) as sent:
            page = author.get(address)
            asked = sent()
        given = answers(page)
        with counted(app) as sent:
            go_on(author, page, given, address)
            return asked, sent()

    with app.app_context(), transaction():
        store_case(case_body(number_item("one"), slug="short"))

    short = cost("/bank/short/try", lambda _: {"answer-1": "100"})
    assert cost(ADDRESS, lambda page: all_right(places(app, author, page))) == short


def tried_kinds() -> Tried:
    return whole_case(parse_case(case_body(*EVERY_KIND, slug="every-kind")), mark="a draft")


def test_the_answers_of_a_trial_are_told_by_the_keys_of_the_items(app) -> None:

    tried, trial = tried_kinds(), Trial(seed=11)
    shown = orders(tried, trial)

    posted = posted_at(tried, trial, MultiDict(all_right(shown)))

    assert posted.wrong == {}
    assert is_over(tried, posted.trial)
    kept = {key: answer for key, (_, answer, _) in ANSWERS.items()}
    assert answers_by_key(tried, posted.trial) == kept


def test_what_a_page_carries_comes_back_as_it_was(app) -> None:

    tried = tried_kinds()
    trial = posted_at(tried, Trial(seed=3), MultiDict(all_right(orders(tried, Trial(3))))).trial
    with app.test_request_context():
        token = carried(trial, tried, by=7)

        assert read_trial(token, tried, by=7) == trial
        with pytest.raises(NotFound):
            read_trial(token, tried, by=8)
