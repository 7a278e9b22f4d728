"""How long a save takes while others send slowly, in the embedded profile as it is started."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.benchmarks.figures import Figure, Size, percentiles
from tests.faults.conftest import served_by
from tests.faults.slow_clients import seconds_of_saves, slow_clients
from tests.services.processes import Service

SAVES = 100


def measure(size: Size) -> Iterator[Figure]:
    """Save alone, then beside 200 half-sent requests and 200 silent connections."""
    saves = size.of(SAVES, 10)
    with TemporaryDirectory(prefix="rounds-bench-") as folder:
        service = Service(Path(folder))
        for stage in served_by(service):
            for crowd in (0, 200):
                fellow, attempt_id = stage.attempt()
                remote = stage.remote(fellow)
                with slow_clients(service.port, half_sent=crowd, silent=crowd):
                    seconds = seconds_of_saves(remote, attempt_id, saves)
                where = f"beside {2 * crowd} slow clients" if crowd else "alone"
                yield from percentiles("save", seconds, where)
