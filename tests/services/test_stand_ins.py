"""What stands in for a program the machine lacks starts; what does not start says why, once."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.services import DidNotStart
from tests.services.postgres import Postgres
from tests.services.processes import ROOT
from tests.services.stand_ins import PROGRAMS
from tests.services.valkey import Valkey

pytestmark = pytest.mark.xdist_group("processes")

NOBODY = ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"]
READS_ALL = ["--inh-caps=+dac_override", "--ambient-caps=+dac_override"]
"""The tree may lie where only root comes in."""


def as_user(who: str) -> list[str]:
    """Return what makes a command run as *who*."""
    is_root = os.geteuid() == 0
    if who == "root" and not is_root:
        pytest.skip("left out: the stand-ins as root, who does not run these tests")
    return [*NOBODY, *READS_ALL] if who == "somebody" and is_root else []


@pytest.mark.parametrize("who", ["root", "somebody"])
@pytest.mark.parametrize("program", PROGRAMS)
def test_what_stands_in_for_a_missing_program_starts(program: str, who: str) -> None:
    command = [*as_user(who), sys.executable, "-B", "-m", "tests.services.stand_ins", program]

    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=120
    )

    assert done.returncode == 0, done.stderr


def test_a_server_that_does_not_start_says_why_in_its_own_words(tmp_path: Path) -> None:
    valkey = Valkey(tmp_path, stand_in=True)
    (tmp_path / "appendonlydir").write_text("not a folder")
    postgres = Postgres(stand_in=True)
    try:
        with pytest.raises(DidNotStart, match=r"^Valkey .* did not start: .*[Aa]ppend"):
            valkey.start()
        postgres.port = 1 << 20
        with pytest.raises(DidNotStart, match=r'^PostgreSQL .* did not start: .*"port"'):
            postgres.start()
    finally:
        postgres.stop()
        valkey.stop()


RUN = """
import pytest
from tests.services import DidNotStart, nothing_goes_without

@pytest.fixture(scope="session")
def server(request):
    with nothing_goes_without(request.session):
        raise DidNotStart("The server", "starting ...\\ncannot open libneeded.so\\n")

@pytest.mark.parametrize("number", range(100))
def test_needs_it(server, number):
    pass
"""


@pytest.mark.parametrize("workers", ["0", "2"])
def test_what_does_not_start_ends_the_run_with_one_sentence(tmp_path: Path, workers: str) -> None:
    (tmp_path / "test_needing.py").write_text(RUN)
    (tmp_path / "pytest.ini").write_text("[pytest]")
    command = [sys.executable, "-m", "pytest", "-n", workers, "--basetemp", str(tmp_path / "kept")]

    done = subprocess.run(
        [*command, str(tmp_path)], cwd=ROOT, capture_output=True, text=True, check=False
    )

    errors = int(re.findall(r"(\d+) errors?", done.stdout)[-1])
    assert errors <= max(1, int(workers)), done.stdout
    assert re.search("^!+ .*The server did not start: cannot open libneeded.so", done.stdout, re.M)
    assert "Traceback" not in done.stdout
    assert done.returncode != 0
