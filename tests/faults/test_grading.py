"""Workers that die, and a broker that is away, stopped or frozen."""

import os
import signal
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from lms.attempts.models import AttemptState
from lms.core.db import db, transaction
from tests.faults.conftest import Stage
from tests.services import wait_for
from tests.services.valkey import Valkey

pytestmark = [pytest.mark.again(10), pytest.mark.xdist_group("processes")]

SLOW = {
    "sqlite": (
        "CREATE TRIGGER slow BEFORE INSERT ON grade "
        "WHEN (SELECT position FROM response WHERE id = NEW.response_id) = 2 BEGIN "
        "SELECT count(*) FROM (WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n "
        "WHERE i < 300000000) SELECT i FROM n); END",
        "DROP TRIGGER slow",
    ),
    "postgresql": (
        "CREATE FUNCTION slow() RETURNS trigger AS "
        "'BEGIN IF (SELECT position FROM response WHERE id = NEW.response_id) = 2 "
        "THEN PERFORM pg_sleep(3); END IF; RETURN NEW; END' LANGUAGE plpgsql; "
        "CREATE TRIGGER slow BEFORE INSERT ON grade FOR EACH ROW EXECUTE FUNCTION slow()",
        "DROP FUNCTION slow CASCADE",
    ),
}
"""Makes the database linger in the middle of a grading, and takes that back."""


def change(stage: Stage, sql: str) -> None:
    with stage.app.app_context(), transaction():
        db.session.execute(db.text(sql))


def test_a_worker_killed_in_the_middle_of_grading_loses_and_repeats_nothing(stage: Stage) -> None:
    with stage.app.app_context():
        make_slow, make_quick = SLOW[db.engine.dialect.name]
    attempts = [stage.submitted() for _ in range(10)]
    change(stage, make_slow)
    worker = stage.service.start_worker()
    for attempt_id in attempts:
        stage.ring("attempts.grade", attempt_id)
    wait_for(lambda: any(stage.find(each).grade_tries for each in attempts), "a first try", 30)
    time.sleep(0.5)

    stage.service.kill(worker)

    assert {stage.find(each).state for each in attempts} == {AttemptState.SUBMITTED}
    change(stage, make_quick)
    for attempt_id in attempts:
        stage.rewind(attempt_id)
    stage.service.start_worker()
    stage.ring("attempts.sweep")
    stage.ring("attempts.sweep")
    stage.wait_until_graded(*attempts)
    found = [stage.find(attempt_id) for attempt_id in attempts]
    assert {attempt.score for attempt in found} == {0}
    assert sorted(attempt.grade_tries for attempt in found) == [1] * 9 + [2]
    assert {attempt.flagged_at for attempt in found} == {None}


def test_a_worker_killed_while_it_writes_lets_the_answers_be_saved_that_wait(
    stage: Stage,
) -> None:
    with stage.app.app_context():
        make_slow, make_quick = SLOW[db.engine.dialect.name]
    poison = stage.submitted()
    change(stage, make_slow)
    stage.service.start_web()
    people = [stage.attempt() for _ in range(4)]
    remotes = [(stage.remote(fellow), attempt_id) for fellow, attempt_id in people]
    worker = stage.service.start_worker()
    stage.ring("attempts.grade", poison)
    wait_for(lambda: stage.find(poison).grade_tries == 1, "the first try", 30)
    packet = {"tab": "a", "seq": 1, "controls": {"answer": ["naloxone"]}}

    with ThreadPoolExecutor(4) as pool:
        saves = [pool.submit(remote.save, each, 4, packet) for remote, each in remotes]
        time.sleep(0.5)
        stage.service.kill(worker)
        assert [save.result(15)["seq"] for save in saves] == [1] * 4

    assert stage.find(poison).state is AttemptState.SUBMITTED
    change(stage, make_quick)


@pytest.mark.parametrize(
    ("stop", "start"),
    [
        pytest.param(Valkey.kill, Valkey.start, id="stopped"),
        pytest.param(Valkey.freeze, Valkey.thaw, id="frozen"),
    ],
)
def test_a_submit_does_not_wait_for_the_broker_and_is_graded_when_it_is_back(
    networked: Stage,
    valkey: Valkey,
    stop: Callable[[Valkey], None],
    start: Callable[[Valkey], None],
) -> None:
    networked.service.start_web()
    people = [networked.attempt() for _ in range(3)]
    remotes = [(networked.remote(fellow), attempt_id) for fellow, attempt_id in people]

    stop(valkey)
    try:
        submits = [remote.submit(attempt_id) for remote, attempt_id in remotes]
    finally:
        start(valkey)

    assert [status for status, _ in submits] == [303, 303, 303]
    assert submits[0][1] < 2.5  # a second for the broker, once, and a busy machine
    assert max(seconds for _, seconds in submits[1:]) < 0.9
    attempts = [attempt_id for _, attempt_id in people]
    assert {networked.find(each).state for each in attempts} == {AttemptState.SUBMITTED}
    for attempt_id in attempts:
        networked.rewind(attempt_id)
    networked.service.start_worker()
    networked.ring("attempts.sweep")
    networked.wait_until_graded(*attempts)


def test_a_submit_rings_and_a_worker_that_lives_grades_at_once(stage: Stage) -> None:
    stage.service.start_worker()
    stage.service.start_web()
    fellow, attempt_id = stage.attempt()
    remote = stage.remote(fellow)
    remote.save(attempt_id, 4, {"tab": "a", "seq": 1, "controls": {"answer": ["naloxone"]}})

    assert remote.submit(attempt_id)[0] == 303

    stage.wait_until_graded(attempt_id)
    assert stage.find(attempt_id).score == 2500
    assert '"state":"graded"' in remote.ask("GET", f"/attempts/{attempt_id}/status")[2].replace(
        " ", ""
    )


def test_a_child_that_dies_does_not_take_the_worker_with_it(networked: Stage) -> None:
    make_slow, make_quick = SLOW["postgresql"]
    poison, healthy = networked.submitted(), networked.submitted()
    change(networked, make_slow)
    worker = networked.service.start_worker()
    networked.ring("attempts.grade", poison)
    wait_for(lambda: networked.find(poison).grade_tries == 1, "the first try", 30)
    for child in children_of(worker.pid):
        os.kill(child, signal.SIGKILL)

    change(networked, make_quick)
    networked.ring("attempts.grade", healthy)

    networked.wait_until_graded(healthy)
    assert networked.find(poison).state is AttemptState.SUBMITTED
    assert worker.poll() is None


def children_of(pid: int) -> list[int]:
    """Return the ids of the processes that *pid* started."""
    found = []
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                with open(f"/proc/{entry}/stat", encoding="ascii", errors="replace") as stat:
                    parent = int(stat.read().rsplit(")", 1)[1].split()[1])
            except OSError:
                continue
            if parent == pid:
                found.append(int(entry))
    return found
