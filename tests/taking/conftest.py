"""The pages served to a real browser; each module says what `sitting` is."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, Page

from tests.taking.player import enter, leave, open_case


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
    leave(context)


@pytest.fixture
def page(context, served, sitting, troubles) -> Page:
    return open_case(context, served, sitting, troubles)
