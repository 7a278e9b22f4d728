"""The doorbell: rung after the commit only, silent while the broker is away, once a slot."""

# ruff: noqa: PT012 - what is tested is a block that breaks

import ast
import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from time import monotonic

import pytest
from celery import signals
from flask import Flask, has_app_context

from lms.config import Settings
from lms.core.audit import AuditEvent, record
from lms.core.db import db, transaction
from lms.core.doorbell import SILENCE, breaker, enqueue
from lms.workers import QUEUES, ROUTES, SCHEDULE
from tests.factories import NOW

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture
def broker(in_app: Flask) -> Iterator[Path]:
    """The folder in which the broker keeps what was rung; whole again after the test."""
    folder = Path(in_app.instance_path) / "broker"
    breaker.closed_until = None
    yield folder
    breaker.closed_until = None
    repair(folder)


def break_(folder: Path) -> None:
    """Put a file where the broker's folder was, so that nothing can be written."""
    folder.rename(folder.with_name("broker-away"))
    folder.touch()


def repair(folder: Path) -> None:
    if folder.is_file():
        folder.unlink()
        folder.with_name("broker-away").rename(folder)


def rung(folder: Path) -> list[tuple[str, str]]:
    """Return task and arguments of every message the broker has."""
    headers = [json.loads(file.read_text())["headers"] for file in folder.glob("*.msg")]
    return sorted((each["task"], each["argsrepr"]) for each in headers)


def test_a_task_leaves_after_the_commit(broker: Path) -> None:
    with transaction():
        enqueue("attempts.grade", 41)
        assert rung(broker) == []

    assert rung(broker) == [("attempts.grade", "(41,)")]


def test_a_task_never_leaves_if_nothing_is_committed(broker: Path) -> None:
    with pytest.raises(ZeroDivisionError), transaction():
        enqueue("attempts.grade", 41)
        raise ZeroDivisionError

    assert rung(broker) == []


def test_a_task_cannot_leave_outside_of_a_transaction(broker: Path) -> None:
    with pytest.raises(RuntimeError):
        enqueue("attempts.grade", 41)

    assert rung(broker) == []


def test_a_broker_that_is_away_fails_nothing_that_was_saved(broker: Path) -> None:
    break_(broker)

    with transaction():
        record(None, "test.saved", "test", 1, now=NOW)
        enqueue("attempts.grade", 41)

    assert db.session.scalars(db.select(AuditEvent.action)).all() == ["test.saved"]
    assert breaker.closed_until is not None


def test_after_a_failure_nothing_is_rung_for_a_while(broker: Path) -> None:
    break_(broker)
    before = monotonic()
    with transaction():
        enqueue("attempts.grade", 1)
    assert breaker.closed_until is not None
    assert 0 <= breaker.closed_until - before - SILENCE < 10
    repair(broker)

    with transaction():
        enqueue("attempts.grade", 2)
    silent = rung(broker)
    breaker.closed_until -= SILENCE
    with transaction():
        enqueue("attempts.grade", 3)

    assert silent == []
    assert rung(broker) == [("attempts.grade", "(3,)")]
    assert breaker.closed_until is None


def test_a_second_failure_starts_the_silence_anew(broker: Path) -> None:
    break_(broker)
    with transaction():
        enqueue("attempts.grade", 1)
    breaker.closed_until = monotonic() - 1

    with transaction():
        enqueue("attempts.grade", 2)

    assert breaker.closed_until > monotonic()


# Settings

WANTED = {
    "task_ignore_result": True,
    "worker_prefetch_multiplier": 1,
    "broker_transport_options": {
        "socket_timeout": 1,
        "socket_connect_timeout": 1,
        "max_retries": 1,
    },
    "task_publish_retry_policy": {"max_retries": 0},
    "broker_pool_acquire_timeout": 1,
    "broker_connection_retry_on_startup": True,
    "broker_connection_max_retries": None,
    "task_soft_time_limit": 45,
    "task_time_limit": 60,
    "worker_max_tasks_per_child": 1000,
    "accept_content": ["json"],
    "timezone": "UTC",
}
"""Each was measured or has bitten somebody; see the README."""


@pytest.mark.parametrize("name", WANTED)
def test_celery_is_set_up_as_measured_for_redis(name: str, tmp_path: Path) -> None:
    settings = Settings(instance=tmp_path, redis_url="redis://127.0.0.1:6379/0").celery()

    assert settings[name] == WANTED[name]


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_tasks_are_acknowledged_early_and_results_are_kept_nowhere(app: Flask) -> None:
    celery = app.extensions["celery"]

    assert celery.conf.task_acks_late is False
    assert celery.conf.result_backend is None
    assert all(not task.acks_late for task in celery.tasks.values())


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_mail_may_take_as_long_as_a_server_may_and_ends_before_it_is_redelivered(
    app: Flask,
) -> None:
    tasks = app.extensions["celery"].tasks

    assert (tasks["mail.deliver"].soft_time_limit, tasks["mail.deliver"].time_limit) == (660, 700)
    assert all((task.time_limit or 60) < 3600 for task in tasks.values())


def test_every_task_goes_to_a_queue_that_a_worker_serves() -> None:
    assert {route["queue"] for route in ROUTES.values()} <= set(QUEUES)
    rare = {name for name, every in SCHEDULE.items() if every > timedelta(seconds=60)}
    unhurried = {
        "authoring.forget_visits",
        "authoring.remind",
        "mentoring.forget_printouts",
        "mentoring.nudge",
        "mentoring.settle_goals",
        "mentoring.tell_handovers",
        "operations.refresh_statistics",
        "signin.forget_old",
        "supervision.remind",
    }
    assert rare <= unhurried, "what finds what a lost ring left"


def test_no_task_is_put_off_by_the_broker() -> None:
    """An eta beyond the visibility timeout is delivered again and again."""
    found = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in ROOT.glob("lms/**/*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and {keyword.arg for keyword in node.keywords} & {"eta", "countdown"}
    ]

    assert found == []


def test_a_forked_worker_starts_with_connections_of_its_own(in_app: Flask) -> None:
    inherited = db.engine.pool

    signals.worker_process_init.send(sender=None)

    assert db.engine.pool is not inherited


def test_a_task_brings_the_applications_context_along(app: Flask) -> None:
    sweep = app.extensions["celery"].tasks["attempts.sweep"]
    assert not has_app_context()

    sweep()  # asks the database, which needs a context

    assert not has_app_context()
