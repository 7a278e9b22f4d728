"""Saving a draft on which several people write."""

from datetime import timedelta

import pytest
from flask import Flask

from lms.authoring.drafts import queries, services, starting
from lms.authoring.models import Draft, DraftEvent, DraftState
from lms.core.db import db, transaction
from lms.core.errors import Invalid, NotFound
from lms.people.models import User
from tests.authoring.drafts.factories import as_kept, save, saying, stood
from tests.authoring.drafts.kept import BODY, STORY, kept_draft, make_author
from tests.factories import NOW, make_user

pytestmark = pytest.mark.usefixtures("in_app")


@pytest.fixture
def pair(in_app: Flask) -> tuple[User, User]:
    """Two who write on the same draft."""
    with transaction():
        return make_author("Dr. Ada"), make_author("Dr. Ben")


@pytest.fixture
def draft(pair: tuple[User, User]) -> Draft:
    with transaction():
        return kept_draft(pair[0])


def test_a_save_is_the_next_revision_and_its_changes_are_kept(pair, draft) -> None:
    saved = save(pair[0], draft.id, saying(title="Itch"))

    kept = as_kept(draft.id)
    event = queries.event_of(kept, 1)
    assert (saved.draft.revision, kept.revision, kept.body["title"]) == (1, 1, "Itch")
    assert event.changes == [["title", BODY["title"], "Itch"]]
    assert (event.by.name, event.at) == ("Dr. Ada", NOW)
    assert (saved.joined, saved.conflicts) == ((), ())


def test_what_changes_nothing_is_no_revision(pair, draft) -> None:
    save(pair[0], draft.id, BODY)

    assert as_kept(draft.id).revision == 0


def test_a_save_that_is_sent_again_is_one_revision(pair, draft) -> None:
    save(pair[0], draft.id, saying(title="Itch"))
    again = save(pair[0], draft.id, saying(title="Itch"))

    assert again.conflicts == ()
    assert as_kept(draft.id).revision == 1


def test_a_save_that_is_sent_again_does_not_undo_what_came_after_it(pair, draft) -> None:
    save(pair[0], draft.id, saying(title="Itch"))
    save(pair[1], draft.id, saying(title="Itching"), since=1, tab="other")
    again = save(pair[0], draft.id, saying(title="Itch"))

    assert again.conflicts == ()
    assert [(each.path, each.leaf, each.by) for each in again.joined] == [
        ("title", "Itching", "Dr. Ben")
    ]
    assert as_kept(draft.id).body["title"] == "Itching"


def test_a_page_that_heard_no_answer_goes_on_from_what_it_sent(pair, draft) -> None:
    save(pair[0], draft.id, saying(title="Itch"))
    later = save(pair[0], draft.id, saying(title="Itching"))

    assert later.conflicts == ()
    assert as_kept(draft.id).body["title"] == "Itching"


def test_changes_at_different_places_are_joined_and_told(pair, draft) -> None:
    save(pair[1], draft.id, saying(text="Ben wrote this."), tab="ben")
    saved = save(pair[0], draft.id, saying(title="Itch"))

    kept = as_kept(draft.id)
    assert kept.body["title"] == "Itch"
    assert kept.body["stages"][0]["text"] == "Ben wrote this."
    assert [(each.path, each.leaf, each.by) for each in saved.joined] == [
        ("stages/s1/text", "Ben wrote this.", "Dr. Ben")
    ]


def test_where_both_wrote_the_first_stays_and_the_second_waits(pair, draft) -> None:
    save(pair[1], draft.id, saying(title="Ben's"), tab="ben")
    saved = save(pair[0], draft.id, saying(title="Ada's", text="Ada wrote this."))

    kept = as_kept(draft.id)
    (conflict,) = saved.conflicts
    (text,) = queries.waiting_of(kept, pair[0])
    assert (conflict.path, conflict.base, conflict.theirs, conflict.mine) == (
        "title", BODY["title"], "Ben's", "Ada's",
    )  # fmt: skip
    assert kept.body["title"] == "Ben's"
    assert kept.body["stages"][0]["text"] == "Ada wrote this."
    assert (text.path, text.base, text.mine) == ("title", BODY["title"], "Ada's")
    assert text.theirs_by.name == "Dr. Ben"
    assert queries.waiting_of(kept, pair[1]) == []


def test_a_page_whose_text_waits_does_not_overwrite_the_other_by_saving_on(pair, draft) -> None:
    save(pair[1], draft.id, saying(title="Ben's"), tab="ben")
    first = save(pair[0], draft.id, saying(title="Ada's"))
    second = save(pair[0], draft.id, saying(title="Ada's own"), since=first.draft.revision)

    kept = as_kept(draft.id)
    assert len(second.conflicts) == 1
    assert kept.body["title"] == "Ben's"
    assert [each.mine for each in queries.waiting_of(kept, pair[0])] == ["Ada's own"]


def test_texts_of_two_pages_of_one_person_wait_side_by_side(pair, draft) -> None:
    save(pair[1], draft.id, saying(title="Ben's"), tab="ben")
    save(pair[0], draft.id, saying(title="Here"), tab="one")
    save(pair[0], draft.id, saying(title="There"), tab="two")

    texts = queries.waiting_of(as_kept(draft.id), pair[0])
    assert {each.mine for each in texts} == {"Here", "There"}


def test_another_page_of_the_same_person_is_asked_too(pair, draft) -> None:
    save(pair[0], draft.id, saying(title="Here"), tab="one")
    saved = save(pair[0], draft.id, saying(title="There"), tab="two")

    assert [each.path for each in saved.conflicts] == ["title"]
    assert as_kept(draft.id).body["title"] == "Here"


@pytest.mark.parametrize("revision", [-1, 7, 2**40])
def test_a_page_of_a_revision_that_never_was_overwrites_nothing(pair, draft, revision) -> None:
    saved = save(pair[0], draft.id, saying(title="Itch"), since=revision)

    assert [each.path for each in saved.conflicts] == ["title"]
    assert as_kept(draft.id).body == BODY


def test_every_state_comes_back_from_what_was_saved(pair, draft) -> None:
    titles = ["One", "Two", "Three"]
    for revision, title in enumerate(titles):
        save(pair[revision % 2], draft.id, saying(title=title), since=revision)

    assert [body["title"] for body in stood(draft.id)] == [BODY["title"], *titles]


def test_a_state_is_brought_back_as_one_more_and_nothing_is_erased(pair, draft) -> None:
    save(pair[0], draft.id, saying(title="One"))
    save(pair[0], draft.id, saying(title="Two", text=""), since=1)
    with transaction():
        locked = queries.open_draft(draft.id, pair[1], NOW, locked=True)
        services.restore(pair[1], locked, 1, now=NOW + timedelta(hours=1))

    assert [body["title"] for body in stood(draft.id)] == [BODY["title"], "One", "Two", "One"]
    assert as_kept(draft.id).body["stages"][0]["text"] == STORY
    assert queries.event_of(as_kept(draft.id), 3).note == "Brought back state 1"


@pytest.mark.parametrize("state", [DraftState.PUBLISHED, DraftState.DROPPED])
def test_a_closed_draft_takes_no_text(pair, draft, state) -> None:
    with transaction():
        db.session.execute(db.update(Draft).values(state=state))

    with pytest.raises(services.DraftClosed):
        save(pair[0], draft.id, saying(title="Itch"))
    assert as_kept(draft.id).body == BODY


@pytest.mark.parametrize("tab", ["", "t" * 41])
def test_a_page_without_a_name_saves_nothing(pair, draft, tab) -> None:
    with pytest.raises(Invalid):
        save(pair[0], draft.id, saying(title="Itch"), tab=tab)


def test_who_writes_no_cases_finds_no_draft(draft) -> None:
    with transaction():
        stranger = make_user()

    with pytest.raises(NotFound):
        save(stranger, draft.id, saying(title="Itch"))


def test_what_was_dropped_is_kept_and_comes_back(pair, draft) -> None:
    with transaction():
        starting.drop(pair[1], draft.id, now=NOW)
    dropped = as_kept(draft.id).state
    with transaction():
        starting.take_up(pair[0], draft.id, now=NOW)

    assert (dropped, as_kept(draft.id).state) == (DraftState.DROPPED, DraftState.WRITING)
    with pytest.raises(starting.DraftTurned), transaction():
        starting.take_up(pair[0], draft.id, now=NOW)


def test_events_are_appended_only(pair, draft) -> None:
    save(pair[0], draft.id, saying(title="One"))
    before = [event.changes for event in db.session.scalars(db.select(DraftEvent))]
    save(pair[0], draft.id, saying(title="Two"), since=1)

    after = [event.changes for event in db.session.scalars(db.select(DraftEvent))]
    assert after[: len(before)] == before
