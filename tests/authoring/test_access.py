"""Who may write in a draft."""

from datetime import timedelta

import pytest
from flask import Flask

from lms.attempts.secrecy import AnswerFirst, KeysKept
from lms.authoring.access import ReviewsIt, check_may_edit, may_edit
from lms.authoring.models import Review, ReviewStage
from lms.core.db import db, transaction
from lms.core.errors import NotFound
from lms.people.models import Role, User
from tests.authoring.drafts.kept import kept_draft
from tests.cases.texts import case_file, load, stored
from tests.factories import NOW, make_cohort, make_user

pytestmark = pytest.mark.usefixtures("in_app")


def chief() -> User:
    """Return a fellow in a cohort who writes cases too; for a transaction."""
    user = make_user(Role.FELLOW, Role.FACULTY)
    make_cohort(user)
    return user


@pytest.mark.parametrize("role", [Role.FACULTY, Role.DIRECTOR])
def test_whoever_writes_cases_writes_in_every_draft(role) -> None:
    with transaction():
        draft, person = kept_draft(make_user(Role.FACULTY)), make_user(role)

    assert may_edit(draft, person, NOW)


@pytest.mark.parametrize("roles", [(), (Role.FELLOW,), (Role.MENTOR,)])
def test_to_others_there_is_no_draft_and_be_it_their_own(roles) -> None:
    with transaction():
        person = make_user(*roles)
        draft = kept_draft(person)

    assert not may_edit(draft, person, NOW)
    with pytest.raises(NotFound):
        check_may_edit(draft, person, NOW)


def test_a_fellow_who_writes_cases_writes_in_the_own_new_ones_alone(in_app: Flask) -> None:
    with transaction():
        person, colleague = chief(), make_user(Role.FACULTY)
        own, other = kept_draft(person), kept_draft(colleague)

    assert may_edit(own, person, NOW)
    with pytest.raises(KeysKept):
        check_may_edit(other, person, NOW)


def test_a_fellow_revises_no_case_of_others_not_even_in_an_own_draft() -> None:
    load(case_file("ward"))
    with transaction():
        person = chief()
        draft = kept_draft(person, stored("ward"))

    with pytest.raises(KeysKept):
        check_may_edit(draft, person, NOW)
    assert may_edit(draft, person, NOW + timedelta(days=900)), "once out of the cohort"


@pytest.mark.parametrize("stage", list(ReviewStage))
def test_who_reviews_a_draft_does_not_write_in_it_until_that_is_over(stage) -> None:
    load(case_file("ward"))
    still = stage in (ReviewStage.ASKED, ReviewStage.ANSWERED)
    with transaction():
        author, reviewer, case = make_user(Role.FACULTY), make_user(Role.FACULTY), stored("ward")
        draft = kept_draft(author, case)
        review = Review(
            draft_id=draft.id,
            case_version_id=case.current_id,
            reviewer_id=reviewer.id,
            asked_by_id=author.id,
            asked_at=NOW,
            stage=stage,
            decided_at=None if still else NOW,
        )
        db.session.add(review)

    assert may_edit(draft, reviewer, NOW) is not still
    assert may_edit(draft, author, NOW)
    if still:
        refused = AnswerFirst if stage is ReviewStage.ASKED else ReviewsIt
        with pytest.raises(refused):
            check_may_edit(draft, reviewer, NOW)
