from collections.abc import Iterator

import pytest
from flask import Flask

from tests.mail.sink import Sink, running_sink


@pytest.fixture
def sink() -> Iterator[Sink]:
    with running_sink() as sink:
        yield sink


@pytest.fixture
def smtp(in_app: Flask, sink: Sink, monkeypatch: pytest.MonkeyPatch) -> Sink:
    """The sink, as the application's mail server."""
    monkeypatch.setattr(in_app.extensions["settings"], "smtp_url", f"smtp://127.0.0.1:{sink.port}")
    return sink
