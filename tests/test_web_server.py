"""The web server: a request has its time to arrive, and what was begun is finished at the end."""

import resource
import socket
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path
from threading import Thread

import pytest
from flask import Flask

from lms import web_server
from lms.config import Settings
from tests.faults.slow_clients import HALF_SENT
from tests.services import free_port, wait_for
from tests.services.processes import ROOT, Service

BODY_IN_A_FILE = (
    b"POST /sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\n"
    b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 1000000\r\n\r\n"
) + b"a" * 70_000
"""What a client sends of a request whose body is so long that it waits in a file."""


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


def test_a_page_is_served_while_hundreds_of_long_bodies_do_not_arrive(service: Service) -> None:
    """As on most hosts, a process begins with 1,024 files and may ask for more."""
    service.command("database", "upgrade")
    web = [sys.executable, "-m", "lms.cli", "web"]
    with (service.instance / "web.log").open("ab") as log:
        process = subprocess.Popen(
            ["sh", "-c", 'ulimit -Sn 1024; exec "$@"', "sh", *web],
            cwd=ROOT,
            env=service.environment(),
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    service.running.append(process)
    wait_for(service.answers, "the web server", 60)

    with ExitStack() as clients:
        for _ in range(700):
            client = socket.create_connection(("127.0.0.1", service.port), timeout=5)
            clients.enter_context(client).sendall(BODY_IN_A_FILE)
        time.sleep(1)
        wait_for(service.answers, "a page", 15)

    assert "Too many open files" not in service.log("web")


def test_a_process_that_may_have_few_files_takes_fewer_connections(tmp_path: Path) -> None:
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (1024, before[1]))
    try:
        server = web_server.web_server(Flask("few"), Settings(instance=tmp_path, port=free_port()))
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)
    server.close()

    assert 2 * server.adj.connection_limit < 1000


def test_silent_connections_are_closed_though_the_clock_was_put_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(web_server, "SILENCE", 1)
    now, settings = time.time(), Settings(instance=tmp_path, port=free_port())
    monkeypatch.setattr(time, "time", lambda: now)
    server = web_server.web_server(Flask("back"), settings)
    Thread(target=server.run, daemon=True).start()

    with socket.create_connection(("127.0.0.1", settings.port), timeout=10):
        wait_for(lambda: server.active_channels, "the connection")
        for seconds in (-3600, -3590, -3580):
            monkeypatch.setattr(time, "time", lambda then=now + seconds: then)
            server.pull_trigger()
            time.sleep(0.3)
            server.pull_trigger()
            time.sleep(0.3)

        assert server.active_channels == {}
