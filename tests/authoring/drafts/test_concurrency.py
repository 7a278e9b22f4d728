"""Two who write at the same moment, on the real database."""

import pytest
from flask import Flask

from lms.authoring.drafts import queries, services, starting
from lms.authoring.models import Draft, DraftEvent, DraftState
from lms.core.db import db, transaction
from lms.people.models import User
from tests.authoring.drafts.factories import as_kept, saying, stood
from tests.authoring.drafts.kept import BODY, kept_draft, make_author
from tests.cases.texts import case_file, load, stored
from tests.factories import NOW
from tests.overlap import while_open

pytestmark = pytest.mark.again(10)


@pytest.fixture
def pair(app: Flask) -> tuple[User, User]:
    with app.app_context(), transaction():
        return make_author("Dr. Ada"), make_author("Dr. Ben")


@pytest.fixture
def draft_id(app: Flask, pair: tuple[User, User]) -> int:
    with app.app_context(), transaction():
        return kept_draft(pair[0]).id


def saver(person: User, draft_id: int, tab: str, **changes: str):
    """Return a function that saves the draft with *changes*, from how it was begun."""

    def act() -> services.SavedDraft:
        body = saying(**changes)
        return services.save(person, draft_id, body, from_revision=0, tab=tab, now=NOW)

    return act


def test_what_both_wrote_at_different_places_is_there(app, pair, draft_id) -> None:
    ada, ben = pair
    second = while_open(
        app, saver(ada, draft_id, "a", title="Itch"), saver(ben, draft_id, "b", text="Ben's.")
    )

    assert [each.path for each in second.joined] == ["title"]
    with app.app_context():
        bodies = stood(draft_id)
    assert [body["title"] for body in bodies] == [BODY["title"], "Itch", "Itch"]
    assert bodies[-1]["stages"][0]["text"] == "Ben's."


def test_where_both_wrote_the_second_is_asked_and_nothing_is_lost(app, pair, draft_id) -> None:
    ada, ben = pair
    second = while_open(
        app, saver(ada, draft_id, "a", title="Ada's"), saver(ben, draft_id, "b", title="Ben's")
    )

    assert [each.path for each in second.conflicts] == ["title"]
    with app.app_context():
        draft = as_kept(draft_id)
        assert (draft.revision, draft.body["title"]) == (1, "Ada's")
        assert [each.mine for each in queries.waiting_of(draft, ben)] == ["Ben's"]


def test_one_page_that_sends_the_same_twice_at_once_saves_it_once(app, pair, draft_id) -> None:
    again = saver(pair[0], draft_id, "a", title="Itch")
    second = while_open(app, again, again)

    assert second.conflicts == ()
    with app.app_context():
        assert as_kept(draft_id).revision == 1


def test_what_is_dropped_meanwhile_takes_no_more(app, pair, draft_id) -> None:
    ada, ben = pair
    with pytest.raises(services.DraftClosed):
        while_open(
            app,
            lambda: starting.drop(ada, draft_id, now=NOW),
            saver(ben, draft_id, "b", title="Ben's"),
        )

    with app.app_context():
        assert as_kept(draft_id).body == BODY


def test_of_two_who_revise_a_case_the_second_comes_to_the_draft_of_the_first(app, pair) -> None:
    ada, ben = pair
    with app.app_context():
        load(case_file("ward"))

    second = while_open(
        app,
        lambda: starting.of_version(ada, "ward", now=NOW),
        lambda: starting.of_version(ben, "ward", now=NOW).owner_id,
    )

    assert second == ada.id
    with app.app_context():
        assert db.session.scalar(db.select(db.func.count(Draft.id))) == 1
        assert db.session.scalar(db.select(db.func.count(DraftEvent.revision))) == 1


def test_of_two_drafts_of_one_case_one_is_taken_up(app, pair) -> None:
    with app.app_context():
        load(case_file("ward"))
        with transaction():
            drafts = [kept_draft(pair[0], None) for _ in range(2)]
            for draft in drafts:
                draft.state, draft.case_id = DraftState.DROPPED, stored("ward").id
        first, second = (draft.id for draft in drafts)

    with pytest.raises(starting.AnotherIsOpen):
        while_open(
            app,
            lambda: starting.take_up(pair[0], first, now=NOW),
            lambda: starting.take_up(pair[1], second, now=NOW),
        )
