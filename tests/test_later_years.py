"""The whole product started when the starter bank's reviews are long overdue."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, OpenerDirector, build_opener

import pytest

from lms.cases.content import starter_slugs
from tests.reading import words_of
from tests.services.processes import ROOT
from tests.test_serve import Started

pytestmark = pytest.mark.xdist_group("processes")

LATER = """
from datetime import UTC, datetime

from lms.core import clock

begun, then = datetime.now(UTC), datetime(2030, 6, 3, 12, tzinfo=UTC)
clock.utcnow = lambda: then + (datetime.now(UTC) - begun)
"""
"""Run by every process of ours before anything else: the house's one clock shows 2030."""


@pytest.fixture(scope="module")
def later(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment of a process whose clock shows 2030."""
    folder = tmp_path_factory.mktemp("later")
    (folder / "sitecustomize.py").write_text(LATER, encoding="utf-8")
    return {"PYTHONPATH": os.pathsep.join([str(folder), str(ROOT)])}


@pytest.fixture(scope="module")
def service(later: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Started]:
    """A first start in 2030."""
    started = Started(tmp_path_factory.mktemp("serve") / "instance")
    try:
        started.start(**later)
        yield started
    finally:
        started.kill()


class Browser:
    """Somebody who is signed in."""

    def __init__(self, service: Started, role: str) -> None:
        found = re.search(rf"^  {role} +(\S+@demo\.example) +(\S+)$", service.said(), re.M)
        assert found is not None
        self.url = f"http://127.0.0.1:{service.port}"
        self.opener: OpenerDirector = build_opener(HTTPCookieProcessor(CookieJar()))
        self.token = ""
        self.get("/sign-in")
        self.post("/sign-in", email=found[1], password=found[2])

    def get(self, path: str) -> str:
        with self.opener.open(f"{self.url}{path}") as page:
            text: str = page.read().decode()
        known = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', text)
        self.token = known[1] if known else self.token
        return text

    def post(self, path: str, **form: str) -> tuple[str, str]:
        """Return where sending *form* leads to, and what stands there."""
        sent = urlencode({"csrf_token": self.token} | form).encode()
        with self.opener.open(f"{self.url}{path}", data=sent) as page:
            place = str(page.geturl()).removeprefix(self.url)
            return place.partition("#")[0], page.read().decode()


def test_the_starter_bank_is_there_and_says_that_its_review_is_overdue(service: Started) -> None:
    faculty = Browser(service, "faculty")

    page = words_of(faculty.get("/bank"))

    assert f"{len(starter_slugs())} cases, " in page
    assert page.count("Review was due Nov 25, 20") == 20, "all of the page"
    assert "What is not drawn any more" not in page


def test_a_quiz_can_be_made_of_it(service: Started) -> None:
    faculty = Browser(service, "faculty")
    faculty.get("/quizzes/new")

    place, page = faculty.post("/quizzes/new", title="Rounds of 2030")
    cohort = re.search(r'<select[^>]*name="cohort_id".*?value="(\d+)"', page, re.S)
    shown = re.search(r'name="sight" value="([^"]+)"', page)
    assert cohort is not None
    assert shown is not None
    drawn = {"cohort_id": cohort[1], "items": "20", "sight": shown[1]}
    _, filled = faculty.post(f"{place}/blueprint", **drawn)

    assert "20 items in" in words_of(filled)


def test_the_check_of_the_whole_bank_is_green(later: dict[str, str], tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", "from lms.cli import main; main()", "bank", "check"],
        cwd=ROOT,
        env=os.environ | later | {"LMS_INSTANCE": str(tmp_path / "instance")},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )

    assert done.returncode == 0, done.stdout + done.stderr
    assert f"{len(starter_slugs())} cases: 0 to mend" in done.stdout
