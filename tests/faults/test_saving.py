"""Web processes and databases that die under a fellow who is answering."""

import time
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from lms.attempts.models import Response, ResponseEvent
from lms.core.db import db
from tests.faults.conftest import Stage, stage_of
from tests.faults.remote import Remote
from tests.services.postgres import Postgres
from tests.services.processes import Service
from tests.services.valkey import Valkey

pytestmark = [pytest.mark.again(10), pytest.mark.xdist_group("processes")]


def keep_saving(remote: Remote, attempt_id: int, stop: Event) -> list[tuple[int, int]]:
    """Save one answer after the other until *stop*, and return what was acknowledged."""
    acknowledged = []
    seq = 0
    while not stop.is_set():
        seq += 1
        position = 3 + seq % 2
        controls = {"answer": [str(seq)]}
        packet = {"tab": remote.token[:20], "seq": seq, "controls": controls}
        remote.save(attempt_id, position, packet)
        acknowledged.append((position, seq))
    return acknowledged


def check_nothing_is_lost(
    stage: Stage, attempt_id: int, acknowledged: list[tuple[int, int]]
) -> None:
    with stage.app.app_context():
        rows = db.session.execute(
            db.select(Response.position, Response.answer, ResponseEvent.tab_seq)
            .join(ResponseEvent, ResponseEvent.response_id == Response.id)
            .where(Response.attempt_id == attempt_id)
        ).all()
    logged = {(position, seq) for position, _, seq in rows}
    answers = {position: answer for position, answer, _ in rows}
    assert set(acknowledged) <= logged
    last = {position: max(s for p, s in acknowledged if p == position) for position in (3, 4)}
    assert answers[3]["value"] == str(last[3])
    assert answers[4] == {"text": str(last[4])}


def test_a_web_process_killed_between_saves_loses_nothing_acknowledged(stage: Stage) -> None:
    web = stage.service.start_web()
    people = [stage.attempt() for _ in range(4)]
    remotes = [stage.remote(fellow) for fellow, _ in people]
    stop = Event()
    with ThreadPoolExecutor(4) as pool:
        saving = [
            pool.submit(keep_saving, remote, attempt_id, stop)
            for remote, (_, attempt_id) in zip(remotes, people, strict=True)
        ]
        try:
            for _ in range(2):
                time.sleep(0.8)
                stage.service.kill(web)
                web = stage.service.start_web()
            time.sleep(0.4)
        finally:
            stop.set()
        acknowledged = [each.result(60) for each in saving]

    assert sum(remote.unanswered for remote in remotes) > 0
    for (_, attempt_id), saves in zip(people, acknowledged, strict=True):
        assert len(saves) > 10
        check_nothing_is_lost(stage, attempt_id, saves)


def test_a_database_killed_between_saves_loses_nothing_acknowledged(
    service: Service, own_postgres: Postgres, valkey: Valkey
) -> None:
    settings = {
        "profile": "service",
        "database_url": own_postgres.url(),
        "redis_url": valkey.url,
        "secret_key": "for tests only, and long enough to be taken",
    }
    for stage in stage_of(service, **settings):
        stage.service.start_web()
        fellow, attempt_id = stage.attempt()
        remote = stage.remote(fellow)
        stop = Event()
        with ThreadPoolExecutor(1) as pool:
            saving = pool.submit(keep_saving, remote, attempt_id, stop)
            try:
                for _ in range(2):
                    time.sleep(0.7)
                    own_postgres.kill()
                    own_postgres.start()
                time.sleep(0.5)
            finally:
                stop.set()
            acknowledged = saving.result(60)

        assert remote.unanswered > 0
        with stage.app.app_context():
            db.engine.dispose()
        check_nothing_is_lost(stage, attempt_id, acknowledged)
