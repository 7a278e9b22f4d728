"""The finder: what other rooms know of a case narrows it too, and it tells nobody a key."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from lms.authoring.drafts import starting
from lms.authoring.drafts.indexing import drafts_wanting, index_drafts
from lms.authoring.drafts.services import save
from lms.authoring.models import Draft, DraftState
from lms.cases.search.keeping import forget_draft, keep_draft
from lms.cases.services import load_cases
from lms.core.db import db, transaction
from lms.people.models import Role, User
from lms.quizzes.models import Assignment
from tests.attempts.factories import make_assignment
from tests.bank.test_pages import titles
from tests.bank.test_secrecy import member
from tests.cases.texts import case_file, load, stored
from tests.factories import NOW, add, make_user
from tests.progress.statements import counted
from tests.reading import words


@pytest.fixture
def adeyemi(app: Flask) -> User:
    with app.app_context(), transaction():
        return make_user(Role.FACULTY, name="Dr. Adeyemi")


@pytest.fixture
def faculty(signed_in, adeyemi: User) -> FlaskClient:
    return signed_in(adeyemi)


def make_draft(owner: User, slug: str | None, state: DraftState, **body: object) -> Draft:
    """Return a draft of a case, or of none, as the index has it; for a transaction."""
    case_id = stored(slug).id if slug else None
    draft = add(
        Draft(
            case_id=case_id, owner_id=owner.id, body=body, state=state,
            created_at=NOW, changed_at=NOW,
        )
    )  # fmt: skip
    keep_draft(draft.id, case_id, body)
    return draft


def test_a_revision_stands_with_its_case_and_a_draft_of_none_by_itself(
    app, faculty, adeyemi
) -> None:
    with app.app_context():
        load(case_file("ward", title="Ward"))
        with transaction():
            make_draft(adeyemi, "ward", DraftState.RETURNED, title="Ward", takeaway="A quagga.")
            make_draft(adeyemi, None, DraftState.WRITING, title="Half a case", takeaway="A quagga.")
            make_draft(adeyemi, None, DraftState.DROPPED, title="Dropped", takeaway="A quagga.")

    found = faculty.get("/bank?words=quagga")
    page = words(found)
    drafts = words(faculty.get("/bank?state=draft"))

    assert re.search(r'<a href="/drafts/\d+">Half a case</a>', found.text)
    assert "2 cases say “quagga”" in page
    assert "Half a case Draft, yours A draft Takeaway: A quagga ." in page
    assert "Ward Published Returned" in page
    assert "In what is new. Takeaway: A quagga ." in page
    assert "Half a case" in drafts
    assert "Ward" not in drafts


def test_what_one_wrote_and_what_was_never_used_is_found(app, faculty, adeyemi) -> None:
    with app.app_context():
        with transaction():
            load_cases(adeyemi, [case_file("own", title="Own")], now=NOW)
        load(case_file("other", title="Other"), case_file("given", title="Given"))
        with transaction():
            make_assignment(cases=[stored("given")])

    assert titles(faculty.get("/bank?needs=mine")) == ["Own"]
    assert set(titles(faculty.get("/bank?needs=unused"))) == {"Own", "Other"}
    assert "In 1 quiz; given to " in words(faculty.get("/bank"))


def test_what_a_cohort_was_given_is_found_until_it_is_withdrawn(app, faculty) -> None:
    with app.app_context():
        load(case_file("other", title="Other"), case_file("given", title="Given"))
        with transaction():
            given = make_assignment(cases=[stored("given")])
            cohort_id, given_id = given.audiences[0].cohort_id, given.id
    address = f"/bank?cohort={cohort_id}"
    before = titles(faculty.get(address))
    with app.app_context(), transaction():
        db.session.execute(
            db.update(Assignment).where(Assignment.id == given_id).values(withdrawn_at=NOW)
        )

    assert before == ["Given"]
    assert titles(faculty.get(address)) == []


def test_who_may_be_asked_finds_no_key_reason_source_or_draft(app, signed_in, adeyemi) -> None:
    with app.app_context():
        load(case_file("ward", title="Night on the ward", takeaway="Mind the quagga."))
        with transaction():
            both = member(Role.FELLOW, Role.FACULTY)
            load_cases(both, [case_file("own", title="Own", takeaway="An own okapi.")], now=NOW)
            make_draft(adeyemi, "ward", DraftState.WRITING, title="Ward", takeaway="An okapi.")
            make_draft(adeyemi, None, DraftState.WRITING, title="Night of drafts")
            make_draft(both, None, DraftState.WRITING, title="Mine", takeaway="The last okapi.")
    browser = signed_in(both)

    assert "2 cases say “okapi”" in words(browser.get("/bank?words=okapi"))
    assert "Title: Night on the ward" in words(browser.get("/bank?words=night"))
    assert "Night of drafts" not in words(browser.get("/bank?words=night"))
    for word in ("quagga", "zanzibar"):
        page = words(browser.get(f"/bank?words={word}&topic=pharm-opioids"))
        assert "Night on the ward" not in page
    meant = words(browser.get("/bank?words=quagag"))
    assert "Did you mean" not in meant


def test_the_finder_takes_as_many_statements_for_20_hits_as_for_one(app, faculty, adeyemi) -> None:
    counts = []
    for first, last in ((0, 1), (1, 40)):
        with app.app_context():
            load(*(case_file(f"case-{n}", title=f"Case {n}") for n in range(first, last)))
            with transaction():
                for n in range(first, last):
                    make_draft(adeyemi, f"case-{n}", DraftState.WRITING, title=f"Case {n}")
        with counted(app) as statements:
            assert faculty.get("/bank?words=case&needs=mine&order=changed").status_code == 200
        counts.append(len(statements))

    assert counts[0] == counts[1]
    assert counts[0] <= 22


@pytest.mark.parametrize("asked", ['"', "a'b", "NEAR(a", "\x00", "\ud800", "a" * 900, "%", "AND"])
def test_no_words_break_the_page(faculty, asked: str) -> None:
    sent = asked.encode("utf-8", "surrogatepass")

    for name in ("words", "order", "state", "cohort", "page", "topic"):
        assert faculty.get("/bank", query_string={name: sent}).status_code in {200, 400, 422}


def test_a_draft_is_found_by_what_it_says_now_and_no_more_once_it_is_dropped(
    app, faculty, adeyemi
) -> None:
    with app.app_context():
        with transaction():
            draft_id = starting.blank(adeyemi, now=NOW).id
        for revision, story in enumerate(("A quagga came.", "An okapi came.")):
            body = {"stages": [{"#": "aa", "text": story}]}
            with transaction():
                save(adeyemi, draft_id, body, from_revision=revision, tab="a", now=NOW)
    told = [words(faculty.get(f"/bank?words={word}")) for word in ("quagga", "okapi")]
    with app.app_context(), transaction():
        starting.drop(adeyemi, draft_id, now=NOW)

    assert "0 cases say “quagga”" in told[0]
    assert "A case without a title" in told[1]
    assert "0 cases say “okapi”" in words(faculty.get("/bank?words=okapi"))


def test_drafts_that_the_index_lacks_are_brought_into_it(app, adeyemi) -> None:
    with app.app_context():
        with transaction():
            draft = starting.blank(adeyemi, now=NOW)
            forget_draft(draft.id)
        lacking = drafts_wanting()
        with transaction():
            index_drafts(lacking)

        assert lacking == [draft.id]
        assert drafts_wanting() == []
