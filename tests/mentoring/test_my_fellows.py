"""What the list of a mentor's fellows says beside their verdicts."""

from datetime import timedelta

import pytest
from flask import Flask

from lms.core.clock import utcnow
from lms.core.db import transaction
from lms.mentoring.goals import services
from lms.people.models import Role, User
from tests.factories import day_of, make_cohort, make_fellow, make_mentorship, make_user
from tests.mentoring.goals.factories import SENTENCE, make_pair, propose, wish
from tests.progress.statements import counted
from tests.reading import words

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

OTHER = "Know which drugs wait."

MARK = f"Waits for you Dr. Amina Diallo proposes a goal: {OTHER}"


def counter_proposal(mentor: User, fellow: User, *, sentence: str = SENTENCE) -> int:
    """Have a fellow propose another goal in the stead of one that a mentor proposed."""
    now = utcnow()
    due_on = day_of(now + timedelta(weeks=6))
    goal = propose(mentor, fellow, now=now, sentence=sentence, due_on=due_on)
    other = wish(sentence=OTHER, due_on=due_on)
    return services.propose_another(fellow, goal.id, other, now=now).id


def test_a_goal_that_the_fellow_proposes_instead_is_marked_until_it_is_answered(
    app: Flask, signed_in
) -> None:
    with app.app_context(), transaction():
        fellow, mentor = make_pair()
        goal_id = counter_proposal(mentor, fellow)
    browser = signed_in(mentor)
    listed = browser.get("/fellows")
    assert MARK in words(listed)
    assert f'href="/goals/{goal_id}"' in listed.text

    with app.app_context(), transaction():
        services.agree(mentor, goal_id, now=utcnow())

    assert OTHER not in words(browser.get("/fellows"))


def test_what_waits_for_the_fellow_is_not_marked(app: Flask, signed_in) -> None:
    with app.app_context(), transaction():
        fellow, mentor = make_pair()
        due_on = day_of(utcnow() + timedelta(weeks=6))
        propose(mentor, fellow, now=utcnow(), due_on=due_on)

    assert "Waits for you" not in words(signed_in(mentor).get("/fellows"))


def test_the_mark_stands_with_its_fellow_and_with_every_mentor_of_today(
    app: Flask, signed_in
) -> None:
    with app.app_context(), transaction():
        fellow, mentor = make_pair()
        counter_proposal(mentor, fellow)
        second, stranger = make_user(Role.MENTOR), make_user(Role.MENTOR)
        make_mentorship(second, fellow)
        other = make_fellow("Dr. Zoe Quist")
        for each in (second, stranger):
            make_mentorship(each, other)

    assert MARK in words(signed_in(second).get("/fellows"))
    assert OTHER not in words(signed_in(stranger).get("/fellows"))


def test_marks_take_as_many_statements_for_twelve_fellows_as_for_one(app: Flask, signed_in) -> None:
    counts = []
    for fellows in (1, 12):
        with app.app_context(), transaction():
            mentor = make_user(Role.MENTOR)
            for _ in range(fellows):
                fellow = make_fellow()
                make_cohort(fellow)
                make_mentorship(mentor, fellow)
                counter_proposal(mentor, fellow)
        browser = signed_in(mentor)
        with counted(app) as statements:
            assert words(browser.get("/fellows")).count(OTHER) == fellows
        counts.append(len(statements))

    assert counts[0] == counts[1]
