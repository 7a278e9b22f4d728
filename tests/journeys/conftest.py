"""The sites that the journeys share."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.journeys import writers
from tests.journeys.site import Site, running_site
from tests.services.processes import Service


@pytest.fixture(scope="package")
def shared_site(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[Site]:
    """The application with one of everything, for all tests of this folder."""
    with running_site(tmp_path_factory.mktemp("site"), browser) as site:
        yield site


@pytest.fixture
def site(shared_site: Site) -> Iterator[Site]:
    """The same; no browser may have complained by the end of the test."""
    shared_site.enter()
    yield shared_site
    assert shared_site.troubles == []


@pytest.fixture(scope="package")
def shared_desk(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[Site]:
    """The application with those who write, and nothing written."""
    folder = tmp_path_factory.mktemp("writers")
    with running_site(folder, browser, writers.fill, writers.WRITERS) as site:
        yield site


@pytest.fixture
def writing(shared_desk: Site) -> Iterator[Site]:
    """The same; no browser may have complained by the end of the test, and all are closed."""
    shared_desk.enter()
    yield shared_desk
    shared_desk.close()
    assert shared_desk.troubles == []


@pytest.fixture(scope="package")
def worker(shared_desk: Site) -> Iterator[Service]:
    """A worker that grades what fellows of that site hand in."""
    service = Service(Path(shared_desk.app.instance_path), {"secret_key": "tests only"})
    process = service.start_worker()
    yield service
    service.kill(process)
