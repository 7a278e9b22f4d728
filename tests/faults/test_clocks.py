"""Clocks that differ, and clocks that are set: people stay signed in, and sweeps go on."""

import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from celery import beat
from flask import Flask
from itsdangerous import TimestampSigner

from lms.app import create_app
from lms.attempts import services
from lms.attempts.models import Attempt, AttemptState
from lms.config import Settings
from lms.core.clock import utcnow
from lms.core.db import db, transaction
from lms.core.mail import MailState, Message, delivery
from lms.grading import queries
from lms.signin import sessions
from lms.workers import SCHEDULE
from tests.attempts.factories import make_assignment
from tests.factories import NOW, make_fellow
from tests.mail.test_delivery import make_message


@pytest.mark.parametrize("ahead", [timedelta(seconds=1), timedelta(hours=1)])
def test_who_signed_in_at_a_host_whose_clock_is_ahead_stays_signed_in(
    app: Flask, monkeypatch: pytest.MonkeyPatch, ahead: timedelta
) -> None:
    with app.app_context(), transaction():
        secret = sessions.start(make_fellow(), browser="test", now=utcnow())
    client = app.test_client()
    there = int(time.time() + ahead.total_seconds())
    with monkeypatch.context() as set_ahead:
        set_ahead.setattr(TimestampSigner, "get_timestamp", lambda _: there)
        with client.session_transaction() as session:
            session["_user_id"] = secret

    assert client.get("/home").status_code == 200


def test_a_cookie_that_somebody_else_signed_is_refused_whatever_its_time(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    with app.app_context(), transaction():
        secret = sessions.start(make_fellow(), browser="test", now=utcnow())
    client = app.test_client()
    there = int(time.time() + 60)
    with monkeypatch.context() as elsewhere:
        elsewhere.setattr(TimestampSigner, "get_timestamp", lambda _: there)
        elsewhere.setitem(app.config, "SECRET_KEY", "another key")
        with client.session_transaction() as session:
            session["_user_id"] = secret

    assert client.get("/home").status_code == 302


def test_sweeps_go_on_when_the_clock_is_set_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings(instance=tmp_path, secret_key="for tests only", log_level="ERROR")
    celery = create_app(settings).extensions["celery"]
    often = {"task": "mail.sweep", "schedule": timedelta(seconds=0.1)}
    celery.conf.beat_schedule = {"mail.sweep": often}
    scheduler = beat.Service(
        celery,
        schedule_filename=str(tmp_path / "beat"),
        scheduler_cls=celery.conf.beat_scheduler,
    ).get_scheduler()

    def rung_in_half_a_second() -> int:
        before = len(list((tmp_path / "broker").glob("*.msg")))
        for _ in range(10):
            scheduler.tick()
            time.sleep(0.05)
        return len(list((tmp_path / "broker").glob("*.msg"))) - before

    first = rung_in_half_a_second()
    monkeypatch.setattr(celery, "now", lambda: datetime.now(UTC) - timedelta(hours=1))
    later = rung_in_half_a_second()

    assert first > 0
    assert later > 0


def submitted_at(moment: datetime) -> int:
    with transaction():
        fellow = make_fellow()
        assignment = make_assignment(fellow)
        attempt_id = services.start_attempt(fellow, assignment.id, now=NOW).id
        db.session.execute(
            db.update(Attempt)
            .where(Attempt.id == attempt_id)
            .values(state=AttemptState.SUBMITTED, submitted_at=moment, submitted_by="fellow")
        )
    return attempt_id


def test_what_was_handed_in_before_the_clock_was_set_back_is_graded(in_app: Flask) -> None:
    forgotten = submitted_at(NOW + timedelta(hours=1))
    just_now = submitted_at(NOW - timedelta(seconds=1))

    found = queries.ungraded(NOW, tried=False)

    assert forgotten in found
    assert just_now not in found


def test_a_mail_leaves_at_once_though_its_writers_clock_is_ahead(in_app: Flask) -> None:
    now = utcnow()
    with transaction():
        message_id = make_message().id

    with transaction():
        parcel = delivery.claim(message_id, now=now - timedelta(minutes=3))

    assert parcel is not None
    assert db.session.get_one(Message, message_id).state is MailState.CONNECTING


def test_a_lost_task_costs_less_than_a_minute() -> None:
    longest = SCHEDULE["attempts.sweep"] + queries.PATIENCE

    assert longest <= timedelta(seconds=45), "the rest is for the grading itself"
