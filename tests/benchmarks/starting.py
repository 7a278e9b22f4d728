"""What it costs to start a command, and the whole service."""

import os
import subprocess
import sys
from collections.abc import Iterator

from tests.benchmarks import processes
from tests.benchmarks.figures import Figure, Size
from tests.benchmarks.installation import PROFILES, Installation, installation
from tests.benchmarks.waiting import come_to_rest

COMMANDS = (("--help",), ("bank", "--help"), ("database", "--help"))


def measure(size: Size) -> Iterator[Figure]:
    """Measure commands, and each profile from its start until it is at rest."""
    times = size.of(5, 2)
    for profile in PROFILES:
        with installation(profile) as place:
            for command in COMMANDS:
                least = min(_cpu_of(place, *command) for _ in range(times))
                yield Figure(f"lms {' '.join(command)}, CPU", least, "s", profile)
            before = processes.cpu_seconds(place.roots)
            place.start()
            come_to_rest(place)
            used = processes.cpu_seconds(place.roots) - before
            yield Figure("lms serve, CPU until all runs", used, "s", profile)
            for name, mib in _memory_of_each(place).items():
                yield Figure(f"memory of {name}", mib, "MiB", profile)


def _cpu_of(place: Installation, *command: str) -> float:
    process = subprocess.Popen(
        [sys.executable, "-c", "from lms.cli import main; main()", *command],
        env=os.environ
        | {f"LMS_{key.upper()}": value for key, value in place.settings.items()}
        | {"LMS_INSTANCE": str(place.started.instance)},
        stdout=subprocess.DEVNULL,
    )
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, command
    return used.ru_utime + used.ru_stime


def _memory_of_each(place: Installation) -> dict[str, float]:
    """Return the MiB of each process under the supervisor with its own, and of each server."""
    found = {"servers": processes.memory(place.servers)}
    assert place.started.process is not None
    supervisor = place.started.process.pid
    found["supervisor"] = processes.own_memory(supervisor)
    for pid in processes.children(supervisor):
        found[processes.called(pid)] = processes.memory([pid])
    return found
