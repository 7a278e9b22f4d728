"""Progress is watched: whoever looks learns how old the oldest of what waits is."""

import json
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from lms.attempts import services
from lms.attempts.models import Attempt, AttemptState
from lms.core import waiting
from lms.core.clock import utcnow
from lms.core.db import db, transaction
from lms.people.models import Role, User
from lms.workers import SCHEDULE
from tests.attempts.factories import make_assignment
from tests.factories import NOW, make_fellow, make_user
from tests.mail.test_delivery import make_message
from tests.reading import words


@pytest.fixture(autouse=True)
def process_of_today(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests before these may have taken minutes."""
    monkeypatch.setattr(waiting, "BEGAN", utcnow())


def handed_in(ago: timedelta) -> tuple[User, int]:
    """Return a fellow, and an attempt that nobody grades."""
    with transaction():
        fellow = make_fellow()
        attempt_id = services.start_attempt(fellow, make_assignment(fellow).id, now=NOW).id
        db.session.execute(
            db.update(Attempt)
            .where(Attempt.id == attempt_id)
            .values(
                state=AttemptState.SUBMITTED, submitted_at=utcnow() - ago, submitted_by="fellow"
            )
        )
    return fellow, attempt_id


def told(app: Flask) -> dict[str, Any]:
    page = app.test_client().get("/readyz")
    assert page.status_code == 200, "pages are served without workers"
    return dict(json.loads(page.text))


def test_readyz_says_how_old_the_oldest_hand_in_and_mail_are(app: Flask) -> None:
    with app.app_context():
        handed_in(timedelta(seconds=20))
        handed_in(timedelta(minutes=4))
        with transaction():
            due = make_message()
            later = make_message()
            due.next_try_at = due.created_at = utcnow() - timedelta(minutes=20)
            later.next_try_at = utcnow() + timedelta(minutes=20)

    said = told(app)

    waiting = said.get("waiting", {})
    assert 240 <= waiting.get("hand_in", 0) < 270
    assert 1200 <= waiting.get("mail", 0) < 1230
    assert sorted(said["late"]) == ["hand_in", "mail"]


def test_readyz_says_when_no_sweep_was_done_for_minutes(app: Flask) -> None:
    with app.app_context():
        for name in SCHEDULE:
            app.extensions["celery"].tasks[name]()
    fresh = told(app)
    with app.app_context(), transaction():
        db.session.execute(
            db.text("UPDATE sweep SET done_at = :then WHERE name = 'jobs.sweep'"),
            {"then": utcnow() - timedelta(minutes=7)},
        )
    old = told(app)

    assert fresh.get("late") == []
    assert old["late"] == ["sweep"]
    assert 360 <= old["waiting"]["sweep"] < 390


def test_readyz_says_when_sweeps_are_not_done_though_one_of_them_never_was(app: Flask) -> None:
    with app.app_context():
        for name in SCHEDULE.keys() - {"operations.clear_old_links"}:
            app.extensions["celery"].tasks[name]()
        with transaction():
            then = {"then": utcnow() - timedelta(days=3)}
            db.session.execute(db.text("UPDATE sweep SET done_at = :then"), then)

    said = told(app)

    assert said["late"] == ["sweep"]
    assert said["waiting"]["sweep"] > 250_000


@pytest.mark.parametrize("never_done", [sorted(SCHEDULE), ["signin.forget_old"]])
def test_readyz_says_when_a_sweep_was_never_done(
    app: Flask, monkeypatch: pytest.MonkeyPatch, never_done: list[str]
) -> None:
    with app.app_context():
        for name in SCHEDULE.keys() - set(never_done):
            app.extensions["celery"].tasks[name]()
    at_first = told(app)
    monkeypatch.setattr(waiting, "BEGAN", utcnow() - timedelta(hours=2))

    assert at_first["late"] == []
    assert told(app)["late"] == ["sweep"]


def test_nothing_that_waits_for_people_or_for_its_hour_is_late(app: Flask) -> None:
    with app.app_context():
        _, flagged = handed_in(timedelta(hours=4))
        with transaction():
            db.session.get_one(Attempt, flagged).flagged_at = utcnow()
            message = make_message()
            message.created_at = utcnow() - timedelta(hours=9)
            message.next_try_at = utcnow() + timedelta(minutes=1)

    said = told(app)

    assert said.get("late") == []


def test_directors_see_what_waits(app: Flask, signed_in) -> None:
    with app.app_context(), transaction():
        director = make_user(Role.DIRECTOR)
    with app.app_context():
        handed_in(timedelta(minutes=4))

    page = words(signed_in(director).get("/records/runs"))

    assert "The workers are behind" in page
    assert "Oldest hand-in 4 minutes (at most 1 minute while all is well) Late" in page
    assert "Oldest due mail none waits" in page


@pytest.mark.parametrize(
    ("ago", "said", "unsaid"),
    [
        (timedelta(seconds=5), "a few seconds, at most a minute", "Grading waits"),
        (timedelta(minutes=12), "handed in 12 minutes ago and are not graded yet", "few seconds"),
    ],
)
def test_the_result_page_says_how_long_it_may_take(
    app: Flask, signed_in, ago: timedelta, said: str, unsaid: str
) -> None:
    with app.app_context():
        fellow, attempt_id = handed_in(ago)

    page = words(signed_in(fellow).get(f"/attempts/{attempt_id}/result"))

    assert said in page
    assert unsaid not in page
