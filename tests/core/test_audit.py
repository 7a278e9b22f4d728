"""Who did what, tied to the request or the task in which it was done."""

import pytest
import structlog
from flask import Flask

from lms.core.audit import AuditEvent, record
from lms.core.db import db, transaction
from lms.people.models import Role
from tests.factories import NOW
from tests.signin.helpers import PASSWORD, person, send


def events() -> list[AuditEvent]:
    return list(db.session.scalars(db.select(AuditEvent).order_by(AuditEvent.id)))


def test_a_deed_at_a_page_has_the_number_that_the_page_shows(app: Flask) -> None:
    user = person(app, Role.FELLOW)

    page = send(app.test_client(), "/sign-in", {"email": user.email, "password": PASSWORD})

    with app.app_context():
        event = events()[-1]
    assert (event.action, event.actor_id) == ("session.start", user.id)
    assert event.request_id == page.headers["X-Request-Id"]


def test_a_deed_of_a_task_has_the_tasks_id_and_the_next_one_has_not(app: Flask) -> None:
    @app.extensions["celery"].task(name="tests.note", shared=False)
    def note() -> None:
        with transaction():
            record(None, "note.take", "thing", 1, now=NOW, after={"x": 1})

    structlog.contextvars.clear_contextvars()  # a worker has seen no request before
    note.apply(task_id="task-7")

    with app.app_context():
        with transaction():
            record(None, "note.take", "thing", 2, now=NOW)
        first, second = events()
    assert (first.request_id, first.actor_id, first.after) == ("task-7", None, {"x": 1})
    assert second.request_id is None


@pytest.mark.usefixtures("in_app")
def test_what_was_undone_leaves_no_record() -> None:
    def taken_back() -> None:
        with transaction():
            record(None, "note.take", "thing", 1, now=NOW)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        taken_back()

    assert events() == []
