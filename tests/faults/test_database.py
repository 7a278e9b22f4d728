"""A database that is frozen, or away: a page that says so, soon, and one line in the log."""

import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.exc import OperationalError
from werkzeug.test import create_environ

from lms.app import create_app
from lms.config import Settings
from tests.faults.conftest import Stage, in_service, stage_of
from tests.faults.remote import Remote
from tests.services.postgres import Postgres
from tests.services.processes import Service
from tests.services.valkey import Valkey

pytestmark = pytest.mark.xdist_group("processes")

SOON = 9
"""Seconds: three for the sign of life, three for a new connection, and a busy machine."""


@pytest.fixture
def stage(service: Service, own_postgres: Postgres, valkey: Valkey) -> Iterator[Stage]:
    """The service profile over a server that the test may break."""
    yield from stage_of(service, **in_service(own_postgres, valkey))


def ask(remote: Remote, path: str) -> tuple[int, str, str, float]:
    """Return status, `Retry-After`, the policy's header and seconds; status 0: no answer."""
    began = time.monotonic()
    try:
        status, headers, _ = remote.ask("GET", path)
    except OSError:
        return 0, "", "", time.monotonic() - began
    policy = headers.get("Content-Security-Policy", "")
    return status, headers.get("Retry-After", ""), policy, time.monotonic() - began


def test_a_frozen_database_gives_503_soon_and_is_forgotten_once_it_thaws(
    stage: Stage, own_postgres: Postgres
) -> None:
    stage.service.start_web()
    fellow, attempt_id = stage.attempt()
    remote = stage.remote(fellow)
    packet = {"tab": "a", "seq": 1, "controls": {"answer": ["7"]}}

    own_postgres.freeze()
    try:
        asked = [ask(remote, path) for path in ("/home", "/home", "/nowhere")]
        saved, _ = remote.try_to_save(attempt_id, 3, packet)
        alive = ask(remote, "/healthz")
    finally:
        own_postgres.thaw()

    assert [status for status, *_ in asked] == [503, 503, 503]
    assert {after for _, after, _, _ in asked} == {"10"}
    assert all(policy for _, _, policy, _ in asked)
    assert asked[0][3] < SOON
    assert max(each[3] for each in asked[1:]) < SOON / 2
    assert saved == 503
    assert alive[0] == 200
    assert remote.save(attempt_id, 3, packet)["seq"] == 1


def test_a_request_without_a_database_is_one_line_in_the_log(
    stage: Stage, own_postgres: Postgres
) -> None:
    stage.service.start_web()
    fellow, _ = stage.attempt()
    remote = stage.remote(fellow)
    before = stage.service.log("web")

    own_postgres.kill()
    statuses = [ask(remote, path)[0] for path in ("/home", "/nowhere", "/home")]

    assert statuses == [503, 503, 503]
    said = stage.service.log("web").removeprefix(before)
    assert len(said.splitlines()) == 3, said
    assert [json.loads(line)["trouble"] for line in said.splitlines()] == ["database_away"] * 3


@pytest.fixture
def fragile(tmp_path: Path) -> Flask:
    """An application in which something breaks when a page has been answered already."""
    app = create_app(Settings(instance=tmp_path, secret_key="for tests only", demo=False))

    @app.teardown_request
    def break_down(_error: BaseException | None) -> None:
        raise OperationalError("SELECT 1", {}, Exception("the connection is lost"))

    return app


def test_an_error_after_the_answer_leaves_with_our_page_and_headers(fragile: Flask) -> None:
    sent: list[tuple[str, dict[str, str]]] = []

    def start_response(status: str, headers: list[tuple[str, str]], _info: object = None) -> None:
        sent.append((status, dict(headers)))

    environ = create_environ("/healthz", "http://127.0.0.1:8000")
    try:
        text = b"".join(fragile.wsgi_app(environ, start_response)).decode()
    except OperationalError:
        text = ""

    assert "The database does not answer" in text
    status, headers = sent[-1]
    assert status == "503 SERVICE UNAVAILABLE"
    assert headers["Retry-After"] == "10"
    assert headers["X-Content-Type-Options"] == "nosniff"
