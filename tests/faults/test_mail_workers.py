"""A mail server that hangs: nothing but mail waits for it."""

import time
from collections.abc import Iterator
from threading import Event

import pytest

from lms.attempts.models import AttemptState
from lms.core.db import transaction
from tests.faults.conftest import Stage, in_service, served_by
from tests.mail.sink import Sink
from tests.mail.test_delivery import make_message
from tests.services import wait_for
from tests.services.processes import Service

pytestmark = pytest.mark.xdist_group("processes")


@pytest.fixture
def hanging(sink: Sink) -> Iterator[Sink]:
    """A mail server that does not say what became of a message."""
    thaws = Event()
    sink.script["DOT"] = [lambda: thaws.wait(60) and "250 ok"] * 50
    yield sink
    thaws.set()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Try each profile in a long run; in a short one, the one: both have the same workers."""
    if "profile" in metafunc.fixturenames:
        long = metafunc.config.getoption("long")
        metafunc.parametrize("profile", ["embedded", "service"] if long else ["embedded"])


def test_hand_ins_are_graded_while_a_mail_server_hangs(
    service: Service, hanging: Sink, profile: str, request: pytest.FixtureRequest
) -> None:
    settings = {
        "smtp_url": f"smtp://127.0.0.1:{hanging.port}",
        "mail_from": "rounds@example.org",
    }
    if profile == "service":
        settings |= in_service(*map(request.getfixturevalue, ("postgres", "valkey")))
    for stage in served_by(service, **settings):
        send_mails(stage, 10)
        wait_for(lambda: "DOT" in hanging.verbs, "a mail that hangs", 30)
        fellow, attempt_id = stage.attempt()

        assert stage.remote(fellow).submit(attempt_id)[0] == 303

        last = time.monotonic() + 15
        while stage.find(attempt_id).state is AttemptState.SUBMITTED and time.monotonic() < last:
            time.sleep(0.1)
        assert stage.find(attempt_id).state is AttemptState.GRADED


def send_mails(stage: Stage, many: int) -> None:
    with stage.app.app_context(), transaction():
        messages = [make_message().id for _ in range(many)]
    for message_id in messages:
        stage.ring("mail.deliver", message_id)
