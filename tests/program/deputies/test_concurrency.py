"""Several presses at the same moment name one deputy, and hand a fellow over once."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from lms.core.db import db, transaction
from lms.core.errors import Refusal
from lms.core.mail import Message
from lms.people.models import Role
from lms.program.deputies.services import Absence, name_deputy
from lms.program.handover.services import hand_over
from lms.program.models import Mentorship
from tests.attempts.test_concurrency import at_once
from tests.factories import NOW, make_fellow, make_mentorship, make_user

TODAY = NOW.date()


@pytest.mark.parametrize("deputies", [1, 2])
def test_one_deputy_is_named_and_told_once(app: Flask, deputies: int) -> None:
    with app.app_context(), transaction():
        away, fellow = make_user(Role.MENTOR), make_fellow()
        others = [make_user(Role.MENTOR) for _ in range(deputies)]
        make_mentorship(away, fellow)

    def act(number: int) -> bool:
        deputy = others[number % deputies]
        absence = Absence(deputy.id, [fellow.id], TODAY, TODAY + timedelta(days=3))
        with app.app_context():
            try:
                with transaction():
                    return name_deputy(away, away.id, absence, now=NOW) is not None
            except Refusal:
                return False

    named = at_once(4, act)

    assert named.count(True) == 1
    with app.app_context():
        rows = db.session.scalars(select(Mentorship.stands_in_for_id)).all()
        assert [each for each in rows if each] == [away.id]
        assert len(db.session.scalars(select(Message.id)).all()) == 2


def test_a_fellow_is_handed_over_once(app: Flask) -> None:
    with app.app_context(), transaction():
        former, new, director = (
            make_user(role) for role in (Role.MENTOR, Role.MENTOR, Role.DIRECTOR)
        )
        bond = make_mentorship(former, make_fellow())

    def act(_number: int) -> bool:
        with app.app_context(), transaction():
            return hand_over(director, bond.id, mentor_id=new.id, starts_on=TODAY, now=NOW)

    assert at_once(4, act).count(True) == 1
    with app.app_context():
        assert len(db.session.scalars(select(Mentorship.id)).all()) == 2
