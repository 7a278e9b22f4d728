"""What processes and all their children use, as Linux says in /proc."""

import os
import re
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import process_time

_TICKS = os.sysconf("SC_CLK_TCK")

_PSS = re.compile(r"^Pss:\s+(\d+) kB$", re.M)


def family(roots: Iterable[int]) -> set[int]:
    """Return the processes *roots* and everything under them that runs now."""
    found: set[int] = set()
    waiting = list(roots)
    while waiting:
        pid = waiting.pop()
        found.add(pid)
        waiting += children(pid)
    return found


def children(pid: int) -> list[int]:
    """Return the processes that a process has started itself and that run now."""
    tasks = Path(f"/proc/{pid}/task").glob("*/children")
    return [int(child) for task in tasks for child in _read(task).split()]


def called(pid: int) -> str:
    """Return by what a process of the service is known, as "web" or "mail"."""
    return _read(Path(f"/proc/{pid}/comm")).strip().removeprefix("lms ")


def cpu_seconds(roots: Iterable[int]) -> float:
    """Return the seconds of CPU that *roots* and all under them, ended or not, have used."""
    ticks = 0
    for pid in family(roots):
        fields = _read(Path(f"/proc/{pid}/stat")).rpartition(") ")[2].split()
        ticks += sum(map(int, fields[11:15]))  # own, user and system; the same of ended children
    return ticks / _TICKS


def memory(roots: Iterable[int]) -> float:
    """Return the MiB of *roots* and all under them; what is shared counts for each in part."""
    return sum(own_memory(pid) for pid in family(roots))


def own_memory(pid: int) -> float:
    """Return the MiB of a process without its children."""
    told = _PSS.search(_read(Path(f"/proc/{pid}/smaps_rollup")))
    return int(told[1]) / 1024 if told else 0


def _read(path: Path) -> str:
    try:
        return path.read_text()
    except (FileNotFoundError, ProcessLookupError, PermissionError):
        return ""


@dataclass
class Used:
    """Seconds of CPU used while something was watched: by the service, and by who asks it."""

    service: float = 0
    asker: float = 0


@contextmanager
def watched(roots: Iterable[int]) -> Iterator[Used]:
    """Yield what the block lets *roots* and this process use, known once it is over."""
    roots = list(roots)
    used = Used()
    service, asker = cpu_seconds(roots), process_time()
    yield used
    used.service, used.asker = cpu_seconds(roots) - service, process_time() - asker


@contextmanager
def peak_memory(roots: Iterable[int], every: float = 2) -> Iterator[list[float]]:
    """Yield a list of one value that grows to the most MiB *roots* had, looked at now and then."""
    roots, most, over = list(roots), [0.0], threading.Event()

    def look() -> None:
        while not over.wait(every):
            most[0] = max(most[0], memory(roots))

    thread = threading.Thread(target=look, daemon=True)
    thread.start()
    yield most
    over.set()
    thread.join()
    most[0] = max(most[0], memory(roots))
