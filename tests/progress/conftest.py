from collections.abc import Iterator

import pytest
from flask import Flask


@pytest.fixture
def inside(app: Flask) -> Iterator[Flask]:
    """The application, with its context open; for tests that ask no page."""
    with app.app_context():
        yield app
