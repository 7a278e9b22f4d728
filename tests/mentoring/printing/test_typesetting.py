"""A page becomes a PDF in a process of its own, which loads nothing and has an end."""

import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from lms.mentoring.printing import typesetting
from lms.mentoring.printing.typesetting import NotTypeset, as_pdf
from tests.mentoring.printing.factories import facts_of, text_of

ROOT = Path(__file__).parents[3]


def page(body: str) -> str:
    return f"<!doctype html><html lang=en><title>A</title><body>{body}</body></html>"


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    """Who would hear of it, if a page on paper asked for something."""
    with socket.create_server(("127.0.0.1", 0)) as found:
        found.setblocking(False)
        yield found


@pytest.mark.parametrize(
    "asks",
    [
        '<img src="http://{there}/x.png">',
        '<link rel="stylesheet" href="http://{there}/x.css">',
        '<p style="background: url(http://{there}/x.png)">A',
        '<svg width="9" height="9"><image width="9" height="9" href="http://{there}/x.png"/></svg>',
        '<object data="http://{there}/x.svg"></object>',
    ],
)
def test_no_host_is_asked_for_anything(listener: socket.socket, asks: str) -> None:
    there = f"127.0.0.1:{listener.getsockname()[1]}"
    with suppress(NotTypeset):
        as_pdf(page(asks.format(there=there)), [10.0])

    with pytest.raises(BlockingIOError):
        listener.accept()


def test_a_page_that_asks_for_a_file_becomes_no_pdf() -> None:
    with pytest.raises(NotTypeset):
        as_pdf(page('<img src="file:///etc/hostname">'), [10.0])


def test_a_page_that_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(typesetting, "LONGEST", 0.01)

    with pytest.raises(NotTypeset):
        as_pdf(page("B"), [10.0])


def test_text_is_made_smaller_until_all_stands_on_one_page(tmp_path: Path) -> None:
    long = page("<p>A line.</p>" * 52)

    assert facts_of(as_pdf(long, [10.0]), tmp_path)["Pages"] == "2"
    assert facts_of(as_pdf(long, [10.0, 8.0, 3.0]), tmp_path)["Pages"] == "1"


def test_heads_of_tables_come_again_on_each_page() -> None:
    rows = "".join(f"<tr><td>Row {number}</td></tr>" for number in range(90))
    pdf = as_pdf(page(f"<table><thead><tr><th>Head</th></tr></thead>{rows}</table>"), [10.0])

    said = text_of(pdf)
    assert said.count("Head") == 3
    assert "3 of 3" in said


def test_the_web_server_and_workers_do_not_load_it() -> None:
    loads = "import sys, lms.app, lms.rooms; sys.exit('weasyprint' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", loads], cwd=ROOT, check=False).returncode == 0
