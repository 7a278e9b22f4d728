"""The pages served to a real browser; each module says what `sitting` is."""

from collections.abc import Iterator
from threading import Thread

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, Page
from werkzeug.serving import make_server

from tests.attempts.player import enter, open_case
from tests.services import free_port


@pytest.fixture
def served(app: Flask) -> Iterator[str]:
    port = free_port()
    server = make_server("localhost", port, app, threaded=True)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://localhost:{port}"
    server.shutdown()
    thread.join(10)


@pytest.fixture
def troubles() -> Iterator[list[str]]:
    """What the browser complains of; nothing, at the end of each test."""
    found: list[str] = []
    yield found
    assert found == []


@pytest.fixture
def context(browser, served, sitting) -> Iterator[BrowserContext]:
    context = enter(browser, served, sitting)
    yield context
    context.close()


@pytest.fixture
def page(context, served, sitting, troubles) -> Page:
    return open_case(context, served, sitting, troubles)
