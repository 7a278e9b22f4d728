"""The web server: a request has its time to arrive, and what was begun is finished at the end."""

import socket
import time
from pathlib import Path
from threading import Thread

import pytest
from flask import Flask

from lms import web_server
from lms.config import Settings
from tests.faults.slow_clients import HALF_SENT
from tests.services import free_port, wait_for
from tests.services.processes import Service


def test_another_web_server_serves_the_same(service: Service) -> None:
    service.start("other", "waitress", f"--listen=127.0.0.1:{service.port}", "wsgi:app")

    wait_for(service.answers, "the web server", 60)


def test_a_request_that_does_not_arrive_is_cut_off(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(web_server, "ARRIVAL", 0.2)
    settings = Settings(instance=tmp_path, port=free_port())
    server = web_server.web_server(Flask("slow"), settings)
    Thread(target=server.run, daemon=True).start()

    with socket.create_connection(("127.0.0.1", settings.port), timeout=5) as slow:
        slow.sendall(HALF_SENT[0])
        for _ in range(4):  # never silent for long
            time.sleep(0.1)
            slow.sendall(b".")
        server.maintenance(time.time())
        server.pull_trigger()

        assert slow.recv(1) == b""
