"""To whom a quiz is given: a cohort or one fellow, and by one form once."""

from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask

from lms.core.audit import AuditEvent
from lms.core.db import db, transaction
from lms.core.errors import Invalid, NotFound
from lms.people.models import Role, User
from lms.quizzes.assigning import services as assigning
from lms.quizzes.assigning.services import AssignmentTerms, FormUsed
from lms.quizzes.models import Assignment, Audience, QuizVersion
from lms.supervision import services as acts
from tests.attempts.factories import make_assignment
from tests.factories import NOW, make_cohort, make_fellow, make_user
from tests.reading import words

TERMS = AssignmentTerms(NOW, NOW + timedelta(days=7), NOW + timedelta(days=14), time_limit=30)


@pytest.fixture
def faculty(in_app) -> User:
    with transaction():
        return make_user(Role.FACULTY)


@pytest.fixture
def quiz_id(faculty) -> int:
    """A quiz that is assigned to somebody else already."""
    with transaction():
        version_id = make_assignment().quiz_version_id
    return db.session.get_one(QuizVersion, version_id).quiz_id


def assign(faculty: User, quiz_id: int, terms: AssignmentTerms = TERMS, **to: object) -> int:
    with transaction():
        return assigning.assign(faculty, quiz_id, terms=terms, now=NOW, **to).id


def test_one_form_assigns_once_and_does_not_pass_for_another(faculty, quiz_id) -> None:
    with transaction():
        cohort_id = make_cohort().id
    form = {"cohort_id": cohort_id, "form_token": "one form"}

    first = assign(faculty, quiz_id, **form)

    assert assign(faculty, quiz_id, **form) == first
    with pytest.raises(FormUsed, match="Open it anew"):
        assign(faculty, quiz_id, replace(TERMS, time_limit=60), **form)
    with transaction():
        acts.withdraw(faculty, first, now=NOW)
    with pytest.raises(FormUsed):
        assign(faculty, quiz_id, **form)
    assert assign(faculty, quiz_id, cohort_id=cohort_id, form_token="another") != first


def test_fellows_can_be_the_audience_and_nobody_else(faculty, quiz_id) -> None:
    with transaction():
        one, two, other = (make_fellow() for _ in range(3))
        mentor = make_user(Role.MENTOR)

    given = assign(faculty, quiz_id, fellow_ids=[two.id, one.id])

    rows = db.session.scalars(
        db.select(Audience).where(Audience.assignment_id == given).order_by(Audience.id)
    )
    assert [(each.cohort_id, each.fellow_id) for each in rows] == [(None, one.id), (None, two.id)]
    event = db.session.scalars(db.select(AuditEvent).order_by(AuditEvent.id.desc())).first()
    assert event.after["fellows"] == [one.id, two.id]
    with pytest.raises(NotFound):
        assign(faculty, quiz_id, fellow_ids=[one.id, mentor.id])
    with pytest.raises(Invalid):
        assign(faculty, quiz_id)
    with pytest.raises(Invalid):
        assign(faculty, quiz_id, fellow_ids=[other.id], cohort_id=1)


def test_what_all_of_them_have_already_is_not_given_again(faculty, quiz_id) -> None:
    with transaction():
        one, two, other = (make_fellow() for _ in range(3))

    given = assign(faculty, quiz_id, fellow_ids=[one.id, two.id])

    assert assign(faculty, quiz_id, fellow_ids=[two.id, one.id]) == given
    assert assign(faculty, quiz_id, fellow_ids=[one.id]) == given
    assert assign(faculty, quiz_id, fellow_ids=[one.id, other.id]) != given


def test_results_do_not_come_before_the_closing(faculty, quiz_id) -> None:
    with transaction():
        cohort_id = make_cohort().id
    early = replace(TERMS, results_at=TERMS.closes_at - timedelta(seconds=1))

    with pytest.raises(Invalid) as refusal:
        assign(faculty, quiz_id, early, cohort_id=cohort_id)

    assert refusal.value.field == "results_at"


def test_the_pages_name_a_fellow_as_they_name_a_cohort(app: Flask, signed_in) -> None:
    with app.app_context(), transaction():
        faculty, fellow = make_user(Role.FACULTY), make_fellow("Dr. Amara Okafor")
        assignment = make_assignment()
        row = db.session.scalars(
            db.select(Audience).where(Audience.assignment_id == assignment.id)
        ).one()
        row.cohort_id, row.fellow_id = None, fellow.id
        version = db.session.get_one(QuizVersion, assignment.quiz_version_id)
        addresses = [f"/assignments/{assignment.id}", f"/quizzes/{version.quiz_id}"]

    browser = signed_in(faculty)

    assert "For Dr. Amara Okafor." in words(browser.get(addresses[0]))
    assert "Dr. Amara Okafor" in words(browser.get(addresses[1]))


def test_the_form_that_assigns_carries_a_token(author, quiz: str) -> None:
    pages = [author.get(f"{quiz}/assign").text for _ in range(2)]

    tokens = {page.split('name="token"')[1].split('value="')[1].split('"')[0] for page in pages}
    assert len(tokens) == 2
    assert all(len(token) > 20 for token in tokens)


def test_the_database_keeps_a_form_from_assigning_twice(in_app) -> None:
    with transaction():
        one, other = make_assignment(), make_assignment()
    with pytest.raises(Exception, match=r"(?i)unique"), transaction():
        db.session.execute(
            db.update(Assignment)
            .where(Assignment.id.in_([one.id, other.id]))
            .values(form_token="same")
        )
