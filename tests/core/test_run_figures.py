"""Every run of a task is timed and counted, wherever it ran; counting costs no task anything."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from celery import Celery, shared_task, signals
from celery.exceptions import Retry
from flask import Flask

from lms.config import Settings
from lms.core import run_log as logs
from lms.core.errors import NotFound
from lms.core.run_figures import RunOutcome, TaskFigures, figures_of_a_day
from lms.core.run_log import FileRunLog, RedisRunLog, RunLog, hour_of, run_log
from lms.workers import SCHEDULE
from tests.services import free_port, wait_for
from tests.services.processes import Service
from tests.services.valkey import Valkey

NOW = datetime(2026, 11, 25, 15, 20, tzinfo=UTC)


@shared_task(name="test.ends")
def ends(how: str) -> None:
    if how == "refused":
        raise NotFound
    if how == "crashed":
        raise ZeroDivisionError
    if how == "retried":
        raise Retry


@pytest.fixture(params=["files", "redis"])
def runs(request: pytest.FixtureRequest, tmp_path: Path) -> RunLog:
    """Each place for runs in turn, empty."""
    if request.param == "files":
        return FileRunLog(tmp_path / "runs")
    return RedisRunLog(request.getfixturevalue("valkey").url)


def line(task: str, outcome: str, ms: int | None, at: datetime) -> str:
    facts = {"task": task, "outcome": outcome, "ms": ms, "at": int(at.timestamp())}
    return json.dumps(facts) + "\n"


def note(runs: RunLog, task: str, outcome: str, ms: int | None, at: datetime) -> bool:
    return runs.append(hour_of(at), line(task, outcome, ms, at))


def in_app_runs(app: Flask) -> dict[str, TaskFigures]:
    found = figures_of_a_day(app.extensions["runs"], datetime.now(UTC))
    assert found is not None
    return {each.task: each for each in found}


def test_the_runs_of_a_day_are_summed_by_task(runs: RunLog) -> None:
    for minutes, outcome, ms in ((3, "done", 40), (2, "refused", 10), (1, "crashed", None)):
        note(runs, "b.two", outcome, ms, NOW - timedelta(minutes=minutes))
    note(runs, "b.two", "done", 2500, NOW - timedelta(hours=23))
    note(runs, "b.two", "done", 9999, NOW - timedelta(hours=24, minutes=1))
    note(runs, "a.one", "retried", 7, NOW)

    one, two = figures_of_a_day(runs, NOW) or ()

    assert (one.task, one.runs, one.counts[RunOutcome.RETRIED], one.last_at) == ("a.one", 1, 1, NOW)
    assert (two.task, two.runs) == ("b.two", 4)
    assert [two.counts[outcome] for outcome in RunOutcome] == [2, 1, 1, 0]
    assert (two.median_ms, two.longest_ms) == (40, 2500)
    assert two.last_at == NOW - timedelta(minutes=1)


def test_what_is_not_whole_is_passed_over(runs: RunLog) -> None:
    for text in ("", "{", "[]\n", '{"task": "x"}\n', line("x", "unheard", 1, NOW)):
        runs.append(hour_of(NOW), text + "\n")
    note(runs, "a.one", "done", 7, NOW)

    assert [each.task for each in figures_of_a_day(runs, NOW) or ()] == ["a.one"]


def test_an_hour_does_not_grow_without_end(runs: RunLog, monkeypatch) -> None:
    monkeypatch.setattr(logs, "MOST", 150)

    noted = [note(runs, "a.one", "done", 7, NOW) for _ in range(9)]

    assert noted == [True, True, True, False, False, False, False, False, False]
    assert note(runs, "a.one", "done", 7, NOW + timedelta(hours=1))


def test_files_go_after_a_day(tmp_path: Path) -> None:
    runs = FileRunLog(tmp_path)
    for hours in range(60):
        note(runs, "a.one", "done", 7, NOW + timedelta(hours=hours))

    assert len(list(tmp_path.iterdir())) == logs.HOURS


def test_strings_in_redis_go_after_a_day(valkey: Valkey) -> None:
    runs = RedisRunLog(valkey.url)
    note(runs, "a.one", "done", 7, NOW)

    (key,) = runs._redis.keys()
    assert 24 * 3600 < runs._redis.ttl(key) <= 25 * 3600


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize("how", list(RunOutcome))
def test_each_run_of_a_worker_is_counted_by_what_came_of_it(app: Flask, how: RunOutcome) -> None:
    app.extensions["celery"].tasks["test.ends"].apply([how.value])

    found = in_app_runs(app)["test.ends"]
    assert (found.runs, found.counts[how]) == (1, 1)
    assert found.longest_ms is not None


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_run_whose_process_was_killed_is_a_crash(app: Flask) -> None:
    task = app.extensions["celery"].tasks["test.ends"]

    signals.task_failure.send(sender=task, task_id="killed", exception=ZeroDivisionError())

    found = in_app_runs(app)["test.ends"]
    assert (found.counts[RunOutcome.CRASHED], found.median_ms) == (1, None)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_place_that_cannot_be_written_fails_no_task(app: Flask) -> None:
    folder = Path(app.instance_path) / "broker" / "runs"
    folder.touch()

    ended = app.extensions["celery"].tasks["test.ends"].apply(["done"])

    assert ended.successful()
    folder.unlink()


def test_redis_that_is_away_or_hangs_costs_a_moment(valkey: Valkey) -> None:
    away, frozen = run_log(f"redis://127.0.0.1:{free_port()}/0", Path()), RedisRunLog(valkey.url)
    valkey.freeze()

    for runs in (away, frozen):
        before = datetime.now(UTC)
        with pytest.raises(OSError, match="Error"):
            note(runs, "a.one", "done", 7, NOW)
        assert figures_of_a_day(runs, NOW) is None
        assert datetime.now(UTC) - before < timedelta(seconds=5)


def embedded(service: Service, request: pytest.FixtureRequest) -> str:
    return ""


def with_redis(service: Service, request: pytest.FixtureRequest) -> str:
    url: str = request.getfixturevalue("valkey").url
    service.settings["redis_url"] = url
    return url


@pytest.mark.parametrize("profile", [embedded, with_redis])
def test_a_worker_tells_of_its_runs_in_the_log_and_to_the_other_processes(
    service: Service,
    profile: Callable[[Service, pytest.FixtureRequest], str],
    request: pytest.FixtureRequest,
) -> None:
    url = profile(service, request)
    service.command("database", "upgrade")
    settings = Settings(instance=service.instance, redis_url=url)
    runs = run_log(url, service.instance / "broker" / "runs")
    celery = Celery("test", set_as_current=False)
    celery.conf.update(settings.celery())
    service.start_worker()
    for name in SCHEDULE:
        celery.send_task(name)
    celery.send_task("attempts.grade", [41])

    def told() -> list[TaskFigures]:
        found = figures_of_a_day(runs, datetime.now(UTC)) or []
        return found if len(found) == len(SCHEDULE) + 1 else []

    wait_for(told, "the runs of every task", 60)

    assert {each.task: each.runs for each in told()} == {
        **dict.fromkeys(SCHEDULE, 1),
        "attempts.grade": 1,
    }
    lines = [
        json.loads(each) for each in service.log("worker").splitlines() if '"task_ran"' in each
    ]
    (grade,) = [each for each in lines if each["task"] == "attempts.grade"]
    assert grade["ids"] == [41]
    assert grade["outcome"] in set(RunOutcome)
    assert 0 <= grade["ms"] < 60_000
    assert 0 <= grade["waited_ms"] < 60_000
    assert grade["task_id"]
