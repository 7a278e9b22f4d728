"""Clients that send slowly, or not at all: nobody else waits for them."""

import pytest

from tests.faults.conftest import Stage
from tests.faults.slow_clients import seconds_of_saves, slow_clients

pytestmark = pytest.mark.xdist_group("processes")


def test_a_save_does_not_wait_for_half_sent_requests_and_silent_connections(
    served: Stage,
) -> None:
    fellow, attempt_id = served.attempt()
    remote = served.remote(fellow)

    with slow_clients(served.service.port, half_sent=200, silent=200):
        seconds = seconds_of_saves(remote, attempt_id, 5)

    assert max(seconds) < 1, seconds
