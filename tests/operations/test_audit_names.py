"""The audit trail names the people and things that it speaks of."""

from flask import Flask
from sqlalchemy import select

from lms.core.audit import record
from lms.core.clock import utcnow
from lms.core.db import db, transaction
from lms.people.models import Role
from lms.program.models import Membership
from lms.program.services import add_member, start_mentorship
from lms.quizzes.arranging import services as arranging
from lms.quizzes.assembling import services as quizzes
from tests.cases.texts import case_file, load, stored
from tests.factories import make_cohort, make_fellow, make_user
from tests.reading import words


def test_the_trail_names_people_and_things(app: Flask, signed_in) -> None:
    with app.app_context():
        load(case_file("knee", title="A knee that gives way"))
        with transaction():
            director = make_user(Role.DIRECTOR, name="Dr. Director")
            mentor = make_user(Role.MENTOR, name="Dr. Hargrove")
            fellow = make_fellow("Dr. Okafor")
            cohort = make_cohort(name="Class of 2027")
            now, day = utcnow(), cohort.starts_on
            add_member(director, cohort.id, fellow.id, starts_on=day, now=now)
            start_mentorship(
                director, mentor_id=mentor.id, fellow_id=fellow.id, starts_on=day, now=now
            )
            quiz = quizzes.create_quiz(director, title="November rounds", now=now)
            arranging.add_case(director, quiz.id, stored("knee").id, now=now)
            record(director, "quiz.assign", "quiz", quiz.id, now=now, after={"cohort": cohort.id})
            both = {"fellows": [fellow.id, mentor.id, 97]}
            record(director, "quiz.assign", "quiz", quiz.id, now=now, after=both)

    trail = words(signed_in(director).get("/audit"))

    assert "put a fellow into a cohort: Dr. Okafor, Class of 2027." in trail
    assert "gave a fellow a mentor: Dr. Hargrove with Dr. Okafor." in trail
    assert "added a case to a quiz: November rounds." in trail
    assert "case: A knee that gives way" in trail
    assert "cohort: Class of 2027" in trail
    assert "mentor: Dr. Hargrove" in trail
    assert "fellows: Dr. Okafor, Dr. Hargrove, 97" in trail


def test_what_is_gone_is_still_told_by_its_number(app: Flask, signed_in) -> None:
    with app.app_context(), transaction():
        director = make_user(Role.DIRECTOR)
        record(director, "quiz.archive", "quiz", 99, now=utcnow(), after={"case": 98})
        assert db.session.scalars(select(Membership)).all() == []

    trail = words(signed_in(director).get("/audit"))

    assert "quiz 99" in trail
    assert "case: 98" in trail
