"""Who is in a draft at this moment."""

from datetime import timedelta

import pytest

from lms.authoring.drafts import presence
from lms.authoring.drafts.presence import Visitor, note_visit, others_in
from lms.authoring.models import Draft, DraftVisit
from lms.core.db import db, transaction
from lms.people.models import User
from tests.authoring.drafts.kept import kept_draft, make_author
from tests.factories import NOW

pytestmark = pytest.mark.usefixtures("in_app")

SOON = NOW + timedelta(seconds=20)


@pytest.fixture
def three(in_app) -> tuple[User, User, User]:
    with transaction():
        return make_author("Dr. Ada"), make_author("Dr. Ben"), make_author("Dr. Cy")


@pytest.fixture
def draft(three) -> Draft:
    with transaction():
        return kept_draft(three[0])


def be_there(draft: Draft, person: User, place: str = "", *, at=NOW, tab: str = "tab") -> None:
    with transaction():
        note_visit(draft, person, tab=tab, place=place, now=at)


def test_others_are_told_where_somebody_is_and_since_when(draft, three) -> None:
    ada, ben, _ = three
    be_there(draft, ada)
    be_there(draft, ben, "stages/s2", at=NOW)
    be_there(draft, ben, "stages/s2", at=SOON)

    assert others_in(draft, ada, SOON) == (Visitor("Dr. Ben", "stages/s2", NOW),)
    assert [each.name for each in others_in(draft, ben, SOON)] == ["Dr. Ada"]


def test_who_goes_to_another_place_is_there_since_then(draft, three) -> None:
    be_there(draft, three[1], "stages/s1", at=NOW)
    be_there(draft, three[1], "stages/s2", at=SOON)

    assert others_in(draft, three[0], SOON) == (Visitor("Dr. Ben", "stages/s2", SOON),)


def test_a_person_with_two_pages_is_one_who_is_where_the_newer_one_is(draft, three) -> None:
    be_there(draft, three[1], "title", tab="one")
    be_there(draft, three[1], "takeaway", tab="two", at=SOON)

    assert [each.place for each in others_in(draft, three[0], SOON)] == ["takeaway"]


def test_who_is_silent_for_a_minute_is_gone_and_comes_anew(draft, three) -> None:
    minute = presence.GONE_AFTER
    be_there(draft, three[1], "title")
    before = others_in(draft, three[0], NOW + minute - timedelta(seconds=1))
    after = others_in(draft, three[0], NOW + minute)
    be_there(draft, three[1], "title", at=NOW + 2 * minute)

    assert (len(before), len(after)) == (1, 0)
    assert others_in(draft, three[0], NOW + 2 * minute)[0].since == NOW + 2 * minute


def test_a_word_that_arrives_late_turns_nothing_back(draft, three) -> None:
    be_there(draft, three[1], "takeaway", at=SOON)
    be_there(draft, three[1], "title", at=NOW)

    assert [each.place for each in others_in(draft, three[0], SOON)] == ["takeaway"]


@pytest.mark.parametrize("place", ["x" * 201, "a\0b"])
def test_a_place_that_cannot_be_one_is_none(draft, three, place) -> None:
    be_there(draft, three[1], place)

    assert [each.place for each in others_in(draft, three[0], NOW)] == [""]


def test_visits_that_are_over_for_a_day_are_removed(draft, three) -> None:
    be_there(draft, three[1])
    be_there(draft, three[2], at=NOW + timedelta(hours=20))
    with transaction():
        presence.forget_visits(now=NOW + timedelta(hours=25))

    left = db.session.scalars(db.select(DraftVisit.user_id)).all()
    assert left == [three[2].id]
