"""Pictures made to cost more than they weigh are refused at once, and take no memory."""

import subprocess
import sys
import time
from contextlib import nullcontext

import pytest

from lms.cases.pictures.made import NotAPicture
from lms.cases.pictures.services import made_anew
from tests.cases.pictures import bombs, pixels

FILES = bombs()

HARMLESS = {"png with more pixels than it says", "svg of one attribute"}
"""What is taken as the small picture that it is."""

SECONDS = 1.0
"""How long a file may keep a thread before it is refused, as this process counts its work."""

MEGABYTES = 200

MEASURED = """
import resource, sys
from contextlib import suppress
from lms.cases.pictures.made import NotAPicture
from lms.cases.pictures.services import made_anew
content = sys.stdin.buffer.read()
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
with suppress(NotAPicture):
    made_anew(content)
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""


@pytest.mark.parametrize("name", FILES)
def test_a_bomb_costs_no_second(name: str) -> None:
    began = time.process_time()

    with nullcontext() if name in HARMLESS else pytest.raises(NotAPicture):
        made_anew(FILES[name])

    assert time.process_time() - began < SECONDS


@pytest.mark.parametrize(
    "name",
    [
        "png of 2,500 million pixels",
        "png with more pixels than it says",
        "png with many long texts",
        "png with a long profile",
        "jpeg of 10,000 scans",
        "webp of 268 million pixels",
        "svg of a billion laughs",
        "svg of a hundred thousand parts",
        "compressed svg",
    ],
)
def test_a_bomb_takes_no_memory(name: str) -> None:
    run = subprocess.run(
        [sys.executable, "-c", MEASURED], input=FILES[name], capture_output=True, check=True
    )

    assert int(run.stdout) < MEGABYTES


def test_the_largest_picture_that_is_taken_takes_no_more_memory_either() -> None:
    largest = pixels("JPEG", size=(4000, 2000))

    run = subprocess.run(
        [sys.executable, "-c", MEASURED], input=largest, capture_output=True, check=True
    )

    assert int(run.stdout) < MEGABYTES
