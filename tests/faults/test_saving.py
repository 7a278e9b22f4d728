"""Web processes and databases that die under a fellow who is answering."""

import time
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from lms.attempts.models import Response, ResponseEvent
from lms.core.db import db
from tests.faults.conftest import Stage, in_service, stage_of
from tests.faults.remote import Remote
from tests.services import wait_for
from tests.services.postgres import Postgres
from tests.services.processes import Service
from tests.services.valkey import Valkey

pytestmark = [pytest.mark.again(10), pytest.mark.xdist_group("processes")]


Acknowledged = list[tuple[int, int]]
"""Position and number of each save that was said to be kept."""


def keep_saving(remote: Remote, attempt_id: int, stop: Event, acknowledged: Acknowledged) -> None:
    """Save one answer after the other until *stop*, and note what is acknowledged."""
    seq = 0
    while not stop.is_set():
        seq += 1
        position = 3 + seq % 2
        controls = {"answer": [str(seq)]}
        packet = {"tab": remote.token[:20], "seq": seq, "controls": controls}
        remote.save(attempt_id, position, packet)
        acknowledged.append((position, seq))


def check_nothing_is_lost(stage: Stage, attempt_id: int, acknowledged: Acknowledged) -> None:
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
    acknowledged: list[Acknowledged] = [[] for _ in people]
    with ThreadPoolExecutor(4) as pool:
        saving = [
            pool.submit(keep_saving, remote, attempt_id, stop, saves)
            for remote, (_, attempt_id), saves in zip(remotes, people, acknowledged, strict=True)
        ]
        try:
            for _ in range(2):
                time.sleep(0.8)
                stage.service.kill(web)
                web = stage.service.start_web()
            wait_for(lambda: all(len(saves) > 10 for saves in acknowledged), "ten saves of each")
        finally:
            stop.set()
        for each in saving:
            each.result(60)

    assert sum(remote.unanswered for remote in remotes) > 0
    for (_, attempt_id), saves in zip(people, acknowledged, strict=True):
        check_nothing_is_lost(stage, attempt_id, saves)


def test_a_database_killed_between_saves_loses_nothing_acknowledged(
    service: Service, own_postgres: Postgres, valkey: Valkey
) -> None:
    for stage in stage_of(service, **in_service(own_postgres, valkey)):
        stage.service.start_web()
        fellow, attempt_id = stage.attempt()
        remote = stage.remote(fellow)
        stop = Event()
        with ThreadPoolExecutor(1) as pool:
            acknowledged: Acknowledged = []
            saving = pool.submit(keep_saving, remote, attempt_id, stop, acknowledged)
            try:
                for _ in range(2):
                    time.sleep(0.7)
                    own_postgres.kill()
                    own_postgres.start()
                time.sleep(0.5)
            finally:
                stop.set()
            saving.result(60)

        assert remote.unanswered > 0
        with stage.app.app_context():
            db.engine.dispose()
        check_nothing_is_lost(stage, attempt_id, acknowledged)


def test_the_first_save_after_the_database_was_started_again_is_kept(
    service: Service, own_postgres: Postgres, valkey: Valkey
) -> None:
    for stage in stage_of(service, **in_service(own_postgres, valkey)):
        stage.service.start_web()
        fellow, attempt_id = stage.attempt()
        remote = stage.remote(fellow)
        for seq in (1, 2):
            packet = {"tab": "a", "seq": seq, "controls": {"answer": [str(seq)]}}
            assert remote.try_to_save(attempt_id, 3, packet)[0] == 200
            own_postgres.kill()
            own_postgres.start()

        with stage.app.app_context():
            db.engine.dispose()
            saved = db.session.scalars(
                db.select(ResponseEvent.tab_seq).order_by(ResponseEvent.tab_seq)
            ).all()
        assert saved == [1, 2]
