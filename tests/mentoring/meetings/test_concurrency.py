"""Who notes a talk while another is moved to its day, on the real database."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date

from flask import Flask
from sqlalchemy import event, func, select

from lms.core.db import db, transaction
from lms.core.errors import Invalid
from lms.mentoring.meetings import services
from lms.mentoring.meetings.models import Meeting
from lms.mentoring.meetings.services import Talk
from lms.people.models import Role
from tests.factories import NOW, make_fellow, make_mentorship, make_user

DAY, BEFORE = date(2026, 11, 24), date(2026, 11, 23)


def test_a_talk_that_is_moved_and_one_that_is_noted_wait_for_one_another_in_turn(
    app: Flask,
) -> None:
    with app.app_context():
        with transaction():
            mentor, fellow = make_user(Role.MENTOR), make_fellow()
            make_mentorship(mentor, fellow)
        with transaction():
            meeting = services.note_meeting(mentor, fellow.id, Talk(BEFORE, "Pumps."), now=NOW)
    moved, waited = threading.Event(), threading.Event()

    def pause(*_: object) -> None:
        moved.set()
        waited.wait(0.5)  # the other cannot say that it waits for us

    def move() -> object:
        with app.app_context(), transaction():
            event.listen(db.session(), "after_flush", pause, once=True)
            return services.change_meeting(mentor, meeting.id, Talk(DAY, "Pumps."), now=NOW)

    def note() -> object:
        moved.wait(20)
        with app.app_context(), transaction():
            return services.note_meeting(mentor, fellow.id, Talk(DAY, "Opioids."), now=NOW)

    with ThreadPoolExecutor(2) as pool:
        came = [each.exception() for each in [pool.submit(move), pool.submit(note)]]

    assert came[0] is None
    assert isinstance(came[1], Invalid)
    with app.app_context():
        assert db.session.scalar(select(func.count(Meeting.id))) == 1
