"""What a process keeps of the memory that it had: next to nothing of what hashing took."""

import subprocess
import sys

from tests.services.processes import ROOT

HASHING = """
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from lms.config import begin
from lms.signin.passwords import hash_password

def resident():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096 / 2**20

def hash_together(_):
    together.wait()
    hash_password("a long enough password")
    together.wait()

begin()
hash_password("a long enough password")
before, together = resident(), Barrier(8)
with ThreadPoolExecutor(8) as threads:
    list(threads.map(hash_together, range(8)))
    print(resident() - before)
"""


def test_threads_keep_nothing_of_the_memory_that_passwords_took() -> None:
    done = subprocess.run(
        [sys.executable, "-c", HASHING], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stderr
    assert float(done.stdout) < 19, "MiB, which is what one hash takes"
