"""How long a save takes while others send slowly: `python -m tests.benchmarks.slow_clients`.

The embedded profile as `lms serve` starts it, on this machine; it ends with status 1 if a save
takes a second.
"""

import sys
import tempfile
from pathlib import Path
from statistics import median

from lms.core.db import transaction
from tests.factories import make_track
from tests.faults.conftest import stage_of
from tests.faults.slow_clients import seconds_of_saves, slow_clients
from tests.services.processes import Service
from tests.test_serve import Started

SAVES = 100


def main() -> None:
    """Save alone, then beside 200 half-sent requests and 200 silent connections."""
    with tempfile.TemporaryDirectory() as folder:
        service = Service(Path(folder))
        for stage in stage_of(service):
            with stage.app.app_context(), transaction():
                make_track()
            supervisor = Started(service.instance, service.port)
            supervisor.start(**service.environment())
            try:
                fellow, attempt_id = stage.attempt()
                remote = stage.remote(fellow)
                alone = seconds_of_saves(remote, attempt_id, SAVES)
                fellow, attempt_id = stage.attempt()
                remote = stage.remote(fellow)
                with slow_clients(service.port, half_sent=200, silent=200):
                    beside = seconds_of_saves(remote, attempt_id, SAVES)
            finally:
                supervisor.kill()
    for name, seconds in (("alone", alone), ("beside 400 slow clients", beside)):
        print(  # noqa: T201
            f"{name:28} median {median(seconds) * 1000:6.1f} ms  "
            f"longest {max(seconds) * 1000:6.1f} ms  n={len(seconds)}"
        )
    sys.exit(max(beside) >= 1)


if __name__ == "__main__":
    main()
