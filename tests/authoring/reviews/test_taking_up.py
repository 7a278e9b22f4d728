"""A version that is published while a draft is written: it is shown, joined, never overwritten."""

import pytest
from sqlalchemy import select

from lms.authoring.drafts.queries import waiting_of
from lms.authoring.drafts.taking_up import BehindTheCase, NothingToTakeUp, take_up
from lms.authoring.models import Draft, Review
from lms.authoring.sending.services import send_to_review
from lms.core.db import db, transaction
from lms.people.models import Role
from tests.attempts.factories import choice_item
from tests.authoring.reviews.factories import make_revision, staff
from tests.cases.texts import case_file, load, stored
from tests.factories import NOW, make_user
from tests.reading import words
from tests.signin.helpers import send, sight_of


@pytest.fixture
def people(in_app):
    with transaction():
        return staff("Dr. Author", "Dr. Reviewer")


def begun(author, **said) -> Draft:
    """Return a draft of the first version of a case, of which a second one is published then."""
    load(case_file("ward", choice_item()))
    with transaction():
        draft = make_revision(author)
        draft.body = draft.body | said
    return draft


def published(*items, **said) -> None:
    load(case_file("ward", *(items or (choice_item(),)), **said))


def test_what_was_published_meanwhile_keeps_a_draft_from_being_sent(people) -> None:
    author, reviewer = people
    draft = begun(author, title="Mine")
    published(takeaway="Theirs is another sentence to take away from the case.")

    with pytest.raises(BehindTheCase), transaction():
        send_to_review(author, draft, [reviewer], None, "", NOW)

    assert db.session.scalar(select(Review.id)) is None


def test_changes_of_both_are_joined_and_then_it_can_be_sent(people) -> None:
    author, reviewer = people
    draft = begun(author, title="Mine")
    published(takeaway="Theirs is another sentence to take away from the case.")

    with transaction():
        places = take_up(author, draft.id, NOW)

    draft = db.session.get_one(Draft, draft.id, populate_existing=True)
    assert (places, draft.base_id, draft.revision) == (0, stored("ward").current_id, 1)
    assert draft.body["title"] == "Mine"
    assert draft.body["takeaway"].startswith("Theirs")
    with transaction():
        assert send_to_review(author, draft, [reviewer], None, "", NOW).number == 3
    with pytest.raises(NothingToTakeUp), transaction():
        take_up(author, draft.id, NOW)


def test_where_both_changed_the_same_words_mine_waits_and_is_not_lost(people) -> None:
    author, _ = people
    draft = begun(author, title="Mine")
    published(title="Theirs")

    with transaction():
        assert take_up(author, draft.id, NOW) == 1

    (waits,) = waiting_of(draft, author)
    assert (waits.path, waits.mine) == ("title", "Mine")
    draft = db.session.get_one(Draft, draft.id, populate_existing=True)
    assert draft.body["title"] == "Theirs"


def test_an_item_that_each_added_stands_for_itself(people) -> None:
    author, _ = people
    draft = begun(author)
    mine = {"#": "i2", "type": "essay", "lead_in": "What is mine?", "key": "mine"}
    with transaction():
        draft = db.session.merge(draft)
        stage = draft.body["stages"][0]
        draft.body = draft.body | {"stages": [stage | {"items": [*stage["items"], mine]}]}
    published(choice_item(), choice_item("next-dose"))

    with transaction():
        assert take_up(author, draft.id, NOW) == 0

    items = db.session.get_one(Draft, draft.id, populate_existing=True).body["stages"][0]["items"]
    assert {each["key"] for each in items} == {"next-step", "next-dose", "mine"}
    assert len({each["#"] for each in items}) == 3


def test_the_page_shows_what_changed_and_takes_it_up(app, signed_in) -> None:
    with app.app_context(), transaction():
        author = make_user(Role.FACULTY, name="Dr. Ada")
    with app.app_context():
        draft_id = begun(author, title="Mine").id
        published(takeaway="Theirs is another sentence to take away from the case.")
    ada, path = signed_in(author), f"/drafts/{draft_id}/send"

    page = ada.get(path)
    refused = send(ada, path, {"reviewers": []})
    taken = send(ada, f"/drafts/{draft_id}/in-use", sight_of(page, f"/drafts/{draft_id}/in-use"))

    assert "Version 2 came meanwhile" in words(page)
    assert "Theirs is another sentence" in words(page)
    assert refused.status_code == 409
    assert taken.headers["Location"].startswith(path)
    assert "Version 2 came meanwhile" not in words(ada.get(path))
