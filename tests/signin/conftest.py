import pytest
from flask import Flask

from lms.signin.limits import limiter


@pytest.fixture(autouse=True)
def fresh_limits(app: Flask) -> None:
    with app.app_context():
        limiter.reset()
