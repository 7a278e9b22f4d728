"""A log that cannot be written: nothing that people do hangs on it."""

import ast
import os
import time
from collections.abc import Iterator
from http.client import HTTPException
from pathlib import Path

import pytest

from lms.core.db import db, transaction
from lms.core.mail import MailState, Message
from tests.faults.conftest import Stage, stage_of
from tests.faults.remote import Remote
from tests.mail.sink import Sink
from tests.mail.test_delivery import make_message
from tests.services import wait_for
from tests.services.processes import Service
from tests.source import MODULES, name_of, tree_of

pytestmark = pytest.mark.xdist_group("processes")


@pytest.fixture
def stage(service: Service) -> Iterator[Stage]:
    """The embedded profile, with every line that it can write."""
    yield from stage_of(service, log_level="DEBUG")


@pytest.fixture
def full_pipe(tmp_path: Path) -> Iterator[str]:
    """Where a shell sends errors to somebody who reads nothing any more."""
    fifo = tmp_path / "pipe"
    os.mkfifo(fifo)
    end = os.open(fifo, os.O_RDWR | os.O_NONBLOCK)
    try:
        while True:
            os.write(end, b"." * 512)
    except BlockingIOError:
        yield f"2>{fifo}"
    finally:
        os.close(end)


@pytest.mark.parametrize("stderr", ["full disk", "closed", "full pipe"])
def test_pages_and_saves_do_not_hang_on_the_log(stage: Stage, stderr: str, full_pipe: str) -> None:
    known = {"full disk": "2>/dev/full", "closed": "2>&-", "full pipe": full_pipe}
    stage.service.start("web", "lms.cli", "web", stderr=known[stderr])
    assert first_status(stage.service.port) == 200
    fellow, attempt_id = stage.attempt()
    remote = stage.remote(fellow)

    packet = {"tab": "a", "seq": 1, "controls": {"answer": ["7"]}}
    statuses = [remote.ask("GET", path)[0] for path in ("/healthz", "/home", "/nowhere")]
    reply = remote.save(attempt_id, 3, packet)

    assert statuses == [200, 200, 404]
    assert reply["seq"] == 1
    assert remote.unanswered == 0


def first_status(port: int) -> int:
    """Return with what status the first answer comes; 0 if there is none in half a minute."""
    remote, last = Remote(port, cookie="", timeout=2), time.monotonic() + 30
    while time.monotonic() < last:
        try:
            return remote.ask("GET", "/healthz")[0]
        except (OSError, HTTPException):
            time.sleep(0.1)
    return 0


def test_an_accepted_mail_is_noted_as_sent_though_the_log_is_full(
    service: Service, sink: Sink
) -> None:
    smtp_url = f"smtp://127.0.0.1:{sink.port}"
    for stage in stage_of(service, log_level="DEBUG", smtp_url=smtp_url):
        with stage.app.app_context(), transaction():
            message_id = make_message().id
        service.start_worker(stderr="2>/dev/full")
        stage.ring("mail.deliver", message_id)

        def state(stage: Stage = stage, message_id: int = message_id) -> MailState:
            with stage.app.app_context():
                return db.session.get_one(Message, message_id).state

        wait_for(lambda: sink.taken, "the mail", 30)
        last = time.monotonic() + 5
        while state() is MailState.HANDING_OVER and time.monotonic() < last:
            time.sleep(0.1)

        assert state() is MailState.SENT
        assert len(sink.taken) == 1


OUTSIDE = {"tasks", "views", "cli"}
"""Modules that write lines where no transaction is open."""

CORE = {
    f"lms.core.{name}"
    for name in ("broker", "doorbell", "last_resort", "logs", "proxies", "schema", "web")
}
ABOUT_NONE = {
    "lms.core.run_figures",
    "lms.core.settings",
    "lms.mentoring.printing.typesetting",
    "lms.signin.access",
}


def test_what_a_transaction_did_is_logged_after_the_commit() -> None:
    writing = {
        name_of(path)
        for path in MODULES
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == "log"
        and path.stem not in OUTSIDE
    }

    assert writing <= CORE | ABOUT_NONE
