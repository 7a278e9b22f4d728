"""Acts on several cases at once: what is taken, what is left, and why."""

import re
from collections.abc import Sequence

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from lms.authoring.models import Draft, DraftState, Review, ReviewStage
from lms.bank.together.queries import MOST
from lms.cases.models import CaseVersion, StoredCase
from lms.cases.queries import version_of
from lms.cases.services import load_cases
from lms.cases.settings import PUBLISHING, Publishing
from lms.cases.signing import Signature, signature_of
from lms.core.db import db, transaction
from lms.core.mail import Message
from lms.core.settings import change_settings_of_program
from lms.people.models import Role, User
from tests.authoring.reviews.factories import advanced, make_revision, sent
from tests.bank.test_pages import sign
from tests.bank.test_secrecy import member
from tests.cases.texts import case_file, load, stored
from tests.factories import NOW, make_user
from tests.progress.statements import counted
from tests.reading import words
from tests.signin.helpers import sight_of, token_of

OLDER, CLINIC = "pop-older-adult", "setting-clinic"


@pytest.fixture
def people(app: Flask) -> tuple[User, User]:
    """Who acts, and who is asked."""
    with app.app_context():
        load(*(case_file(slug, title=slug.capitalize()) for slug in ("ann", "bob", "cat")))
        with transaction():
            return tuple(make_user(Role.FACULTY, name=f"Dr. {each}") for each in ("Ada", "Ben"))


@pytest.fixture
def ada(signed_in, people) -> FlaskClient:
    return signed_in(people[0])


def ids(app: Flask, *slugs: str) -> list[int]:
    with app.app_context():
        return [stored(slug).id for slug in slugs]


def opened(browser: FlaskClient, act: str, cases: Sequence[int]) -> TestResponse:
    return browser.get(f"/chosen/{act}", query_string={"case": list(cases)})


def confirm(browser: FlaskClient, page: TestResponse, act: str, **said: object) -> TestResponse:
    """Send the form of *page*, as a browser does."""
    url = f"/chosen/{act}"
    cases = re.findall(r'name="case" value="(\d+)"', page.text)
    data = {"csrf_token": token_of(page), **sight_of(page, url), "case": cases, **said}
    return browser.post(url, data=data)


def act(browser: FlaskClient, act: str, cases: Sequence[int], **said: object) -> str:
    done = confirm(browser, opened(browser, act, cases), act, **said)
    assert done.status_code == 200, words(done)
    return words(done)


def publish_alone(app: Flask) -> None:
    with app.app_context(), transaction():
        change_settings_of_program(None, {PUBLISHING: Publishing(alone=True)}, now=NOW)


def newest(slug: str) -> CaseVersion:
    versions = select(CaseVersion).join(CaseVersion.case).where(StoredCase.slug == slug)
    return db.session.scalars(versions.order_by(CaseVersion.number.desc())).first()


def test_the_finder_has_a_box_at_each_case_and_three_buttons(app, ada) -> None:
    page = ada.get("/bank?words=ann").text
    (ann,) = ids(app, "ann")

    assert f'type="checkbox" name="case" value="{ann}"' in page
    assert re.findall(r'formaction="(/chosen/\w+)"', page) == [
        "/chosen/tag", "/chosen/ask", "/chosen/retire",
    ]  # fmt: skip


def test_the_page_names_each_case_with_its_version(app, ada) -> None:
    with app.app_context(), transaction():
        load_cases(None, [case_file("bob", title="Bob", takeaway="New.")], now=NOW)

    page = words(opened(ada, "retire", ids(app, "ann", "bob")))

    assert "Retire 2 cases?" in page
    assert "Ann Version 1 in use" in page
    assert "Bob Version 1 in use; version 2 proposed" in page
    assert "Cat" not in page


def test_nothing_chosen_leads_back_to_where_it_was_to_be_chosen(ada) -> None:
    back = ada.get("/chosen/tag?found=/bank?words=ann%26topic=x")
    elsewhere = ada.get("/chosen/tag?found=https://example.org/bank?words=a")

    assert back.location.partition("#")[0] == "/bank?words=ann&topic=x"
    assert elsewhere.location.partition("#")[0] == "/bank"
    assert "Choose one case or more first" in words(ada.get("/bank"))


def test_no_more_than_fifty_are_acted_on(ada) -> None:
    page = opened(ada, "retire", range(1, MOST + 2))

    assert page.status_code == 422
    assert "at most 50 cases at a time. These are 51." in words(page)


@pytest.mark.parametrize("sent", ["x", "", "-1", "0", "9" * 400, "1 OR 1=1", "١"])
def test_what_is_no_case_is_none(ada, sent: str) -> None:
    assert opened(ada, "retire", [sent]).status_code == 302


def test_cases_are_retired_with_one_reason(app, ada) -> None:
    said = act(ada, "retire", ids(app, "ann", "bob"), why="Out of date")

    assert "2 retired" in said
    with app.app_context():
        assert [bool(stored(slug).retired_at) for slug in ("ann", "bob", "cat")] == [1, 1, 0]


def test_without_a_reason_nothing_is_retired(app, ada) -> None:
    page = confirm(ada, opened(ada, "retire", ids(app, "ann")), "retire", why="")

    assert page.status_code == 422
    assert "Say why" in words(page)
    with app.app_context():
        assert stored("ann").retired_at is None


@pytest.mark.parametrize(
    ("name", "said"), [("tag", "Choose a tag."), ("ask", "Choose who reviews")]
)
def test_what_was_not_chosen_is_asked_for(app, ada, name: str, said: str) -> None:
    page = confirm(ada, opened(ada, name, ids(app, "ann")), name)

    assert page.status_code == 422
    assert said in words(page)


def test_a_form_sent_twice_acts_once_and_says_so(app, ada) -> None:
    page = opened(ada, "retire", ids(app, "ann", "bob"))
    confirm(ada, page, "retire", why="Out of date")
    with app.app_context():
        before = stored("ann").retired_at

    again = words(confirm(ada, page, "retire", why="Out of date"))

    assert "2 so already" in again
    assert "It was retired before." in again
    with app.app_context():
        assert stored("ann").retired_at == before


@pytest.mark.parametrize(
    ("name", "said"), [("retire", {"why": "Old"}), ("tag", {"do": "add", "tag": OLDER})]
)
def test_what_changed_since_the_page_was_opened_keeps_all_as_it_is(
    app, ada, name: str, said: dict[str, str]
) -> None:
    page = opened(ada, name, ids(app, "ann", "bob"))
    with app.app_context():
        load(case_file("bob", title="Bob", takeaway="Another."))

    stale = confirm(ada, page, name, **said)

    assert stale.status_code == 409
    assert "Version 1 in use" in words(stale)
    assert "Version 2 in use" in words(stale)
    with app.app_context():
        assert stored("ann").retired_at is None
        assert newest("ann").number == 1


def test_a_tag_is_proposed_where_a_second_person_publishes(app, ada) -> None:
    page = opened(ada, "tag", ids(app, "ann", "bob"))
    said = words(confirm(ada, page, "tag", do="add", tag=OLDER))
    again = words(confirm(ada, page, "tag", do="add", tag=OLDER))

    assert "2 changed" in said
    assert "Version 2 is proposed. You wrote this version. Somebody else reviews it." in said
    assert "2 so already" in again
    with app.app_context():
        assert newest("ann").number == 2
        assert newest("ann").body["population"] == [OLDER]
        assert newest("ann").change_note.startswith("Tag added: ")
        assert version_of("ann", None).number == 1


def test_a_tag_is_in_use_at_once_where_people_publish_alone(app, ada) -> None:
    publish_alone(app)
    with app.app_context():
        sign("ann")
        due = stored("ann").review_by
    page = opened(ada, "tag", ids(app, "ann", "bob"))

    said = words(confirm(ada, page, "tag", do="add", tag=CLINIC))

    assert "2 changed" in said
    assert "Version 2 is in use." in said
    assert "2 so already" in words(confirm(ada, page, "tag", do="add", tag=CLINIC))
    with app.app_context():
        version = version_of("ann", None)
        assert (version.number, version.body["setting"]) == (2, CLINIC)
        assert stored("ann").review_by == due
        assert signature_of(version).state is Signature.WORDING
    assert "Ann" in words(ada.get(f"/bank?setting={CLINIC}"))


def test_a_tag_is_taken_away_and_what_does_not_fit_is_left(app, ada) -> None:
    publish_alone(app)
    with app.app_context():
        load(case_file("dan", title="Dan", setting="setting-inpatient"))
        load(case_file("eve", title="Eve", setting=CLINIC))
        load(case_file("fay", title="Fay"))
        with transaction():
            load_cases(None, [case_file("cat", title="Cat", takeaway="New.")], now=NOW)
            gone = update(StoredCase).where(StoredCase.slug == "fay").values(retired_at=NOW)
            db.session.execute(gone)
    chosen = ids(app, "ann", "cat", "dan", "eve", "fay")

    added = act(ada, "tag", chosen, do="add", tag=CLINIC)
    taken = act(ada, "tag", ids(app, "eve"), do="take", tag=CLINIC)

    assert "1 changed, 3 left as it was, 1 so already" in added
    assert "Version 2 waits to be published." in added
    assert "It has another setting." in added
    assert "It is retired." in added
    assert "1 changed" in taken
    with app.app_context():
        assert "setting" not in newest("eve").body
        assert newest("dan").number == 1


def test_who_may_not_read_the_keys_of_a_case_neither_tags_it_nor_asks_about_it(
    app, people, signed_in
) -> None:
    with app.app_context(), transaction():
        both = member(Role.FELLOW, Role.FACULTY)
        load_cases(both, [case_file("own", title="Own")], now=NOW)
    browser = signed_in(both)
    chosen = ids(app, "ann", "own")

    tagged = act(browser, "tag", chosen, do="add", tag=OLDER)
    asked = act(browser, "ask", chosen, reviewer=people[1].id)

    for said in (tagged, asked):
        assert "1 left as it was" in said
        assert "you may be asked this one" in said
    assert "1 changed" in tagged
    assert "1 asked for" in asked
    with app.app_context():
        assert newest("ann").number == 1


def reviews_of(person: User) -> list[Review]:
    return list(db.session.scalars(select(Review).where(Review.reviewer_id == person.id)))


def test_a_colleague_is_asked_about_several_cases_by_one_mail(app, ada, people) -> None:
    page = opened(ada, "ask", ids(app, "ann", "bob"))
    said = words(confirm(ada, page, "ask", reviewer=people[1].id, due_on="2026-12-24"))
    again = words(confirm(ada, page, "ask", reviewer=people[1].id, due_on="2026-12-24"))

    assert "2 asked for" in said
    assert "Dr. Ben is asked to review version 1." in said
    assert "2 so already" in again
    with app.app_context():
        found = reviews_of(people[1])
        mails = db.session.scalars(select(Message).where(Message.recipient_id == people[1].id))
        assert [each.stage for each in found] == [ReviewStage.ASKED] * 2
        assert [each.subject for each in mails] == ["Dr. Ada asks you to review 2 cases"]


def test_a_case_in_use_that_a_colleague_advances_stays_as_it_is(
    app, ada, people, signed_in
) -> None:
    act(ada, "ask", ids(app, "ann"), reviewer=people[1].id)
    with app.app_context():
        (review,) = reviews_of(people[1])
        advanced(review, people[1])
        (mail,) = db.session.scalars(select(Message).where(Message.recipient_id == people[0].id))
    page = signed_in(people[1]).get(f"/reviews/{review.id}")

    assert mail.subject == "“Ann” may stay as it is"
    assert "Publish" not in words(page)


def test_of_what_is_written_the_own_is_sent_and_others_are_left(app, ada, people) -> None:
    with app.app_context(), transaction():
        other = make_user(Role.FACULTY, name="Dr. Cy")
        own = make_revision(people[0], slug="ann", title="Ann", takeaway="Mine.").id
        make_revision(other, slug="bob", title="Bob", takeaway="Not mine.")
        make_revision(people[1], slug="cat", title="Cat", takeaway="By who is asked.")
    page = opened(ada, "ask", ids(app, "ann", "bob", "cat"))

    said = words(confirm(ada, page, "ask", reviewer=people[1].id))

    assert "draft by Dr. Cy, as saved 0 times" in words(page)
    assert "1 asked for, 2 left as it was" in said
    assert "Dr. Cy is writing a revision of it, and sends that." in said
    with app.app_context():
        assert db.session.get(Draft, own).state is DraftState.IN_REVIEW
        assert [each.draft_id for each in reviews_of(people[1])] == [own]


def test_another_reviewer_joins_a_review_that_runs(app, ada, people) -> None:
    with app.app_context():
        with transaction():
            cy = make_user(Role.FACULTY, name="Dr. Cy")
            draft = make_revision(people[0], slug="ann", title="Ann", takeaway="Mine.")
        sent(draft, people[0], [cy])

    said = act(ada, "ask", ids(app, "ann"), reviewer=people[1].id)
    wrote = act(ada, "ask", ids(app, "ann"), reviewer=people[0].id)

    assert "Dr. Ben is asked to review version 2." in said
    assert "Dr. Ada wrote in it, or may be asked it." in wrote
    with app.app_context():
        assert [each.stage for each in reviews_of(cy)] == [ReviewStage.ASKED]


def test_a_draft_saved_meanwhile_is_not_sent_unseen(app, ada, people) -> None:
    with app.app_context(), transaction():
        draft = make_revision(people[0], slug="ann", title="Ann").id
    page = opened(ada, "ask", ids(app, "ann"))
    with app.app_context(), transaction():
        db.session.execute(update(Draft).where(Draft.id == draft).values(revision=4))

    stale = confirm(ada, page, "ask", reviewer=people[1].id)

    assert stale.status_code == 409
    assert "as saved 4 times" in words(stale)


@pytest.mark.parametrize("name", ["tag", "ask", "retire"])
def test_the_page_takes_as_many_statements_for_three_cases_as_for_one(app, ada, name: str) -> None:
    counts = []
    for slugs in (("ann",), ("ann", "bob", "cat")):
        cases = ids(app, *slugs)
        with counted(app) as statements:
            assert opened(ada, name, cases).status_code == 200
        counts.append(len(statements))

    assert counts[0] == counts[1]
