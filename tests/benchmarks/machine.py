"""On what was measured: the machine, what else it did, and the versions of what took part."""

import os
import platform
import re
import subprocess
import time
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import pysqlite3

from tests.services import postgres, valkey
from tests.services.processes import ROOT

LIBRARIES = ("flask", "waitress", "sqlalchemy", "psycopg", "celery", "redis", "argon2-cffi")

_GIT = ("git", "-C", str(ROOT))
_PRODUCT = ("lms", "question_bank", "migrations")
"""What a commit changes that changes a figure; the benchmarks themselves do not count."""


def described() -> dict[str, str]:
    """Return what a figure depends on, by what it is called."""
    return {
        "date": f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC",
        "product of": _said(*_GIT, "log", "-1", "--format=%h", "--abbrev=10", "--", *_PRODUCT)
        + _changed(),
        "machine": f"{os.cpu_count()} cores ({_processor()}), {_memory():.0f} GiB",
        "kernel": f"{platform.system()} {platform.release()}",
        "pace": f"a million turns of a loop in {_pace():.0f} ms of CPU",
        "load before": load(),
        "Python": platform.python_version(),
        "SQLite": pysqlite3.sqlite_version,
        "PostgreSQL": postgres.version(),
        "Redis": valkey.version(),
        **{name: version(name) for name in LIBRARIES},
    }


def load() -> str:
    """Return how many processes wanted to run of late: on average of 1, 5 and 15 minutes."""
    return " · ".join(f"{each:.1f}" for each in os.getloadavg())


def _pace() -> float:
    """Return the ms of CPU that a fixed piece of work takes at best, to compare machines by."""
    return 1000 * min(_turning() for _ in range(5))


def _turning() -> float:
    began = time.process_time()
    for _ in range(1_000_000):
        pass
    return time.process_time() - began


def _processor() -> str:
    found = re.search(r"^model name\s*: (.*)$", Path("/proc/cpuinfo").read_text(), re.M)
    return found[1] if found else platform.machine()


def _memory() -> float:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30


def _changed() -> str:
    return ", with changes" if _said(*_GIT, "status", "--porcelain", "--", *_PRODUCT) else ""


def _said(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stdout.strip()
