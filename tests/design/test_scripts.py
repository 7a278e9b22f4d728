"""The scripts: small modules of our own, which say what they hold, and what they weigh."""

import gzip
import re
from pathlib import Path

import pytest

import lms

STATIC = Path(lms.__file__).parent / "static"
PAGES = (
    "chooser.js", "drawing.js", "editor.js", "finder.js", "frozen.js", "goal.js", "job.js",
    "outbox.js", "player.js", "result.js", "review.js", "trying.js", "tried.js", "unsent.js",
    "watching.js", "zoom.js",
)  # fmt: skip
"""What a page names; the rest is loaded by these."""

SCRIPTS = sorted(STATIC.rglob("*.js"))


def imported_by(script: Path) -> list[Path]:
    """Return the modules that *script* imports."""
    names = re.findall(r'\b(?:from|import)\s*\(?"([^"]+)"', script.read_text(encoding="utf-8"))
    assert all(name.startswith(("./", "../")) for name in names), script
    return [(script.parent / name).resolve() for name in names]


def loaded_with(entry: str) -> set[Path]:
    """Return *entry* and all that a browser loads because of it."""
    loaded: set[Path] = set()
    waiting = [STATIC / entry]
    while waiting:
        script = waiting.pop()
        if script not in loaded:
            loaded.add(script)
            waiting += imported_by(script)
    return loaded


def code_of(script: Path) -> str:
    """Return *script* without the lines that only explain it."""
    return re.sub(r"(?m)^\s*//.*\n", "", script.read_text(encoding="utf-8"))


def weight(scripts: set[Path]) -> int:
    """Return how many bytes the code of *scripts* is, gzipped together."""
    return len(gzip.compress("".join(map(code_of, sorted(scripts))).encode(), mtime=0))


def by_name(script: Path) -> str:
    return script.relative_to(STATIC).as_posix()


@pytest.mark.parametrize("script", SCRIPTS, ids=by_name)
def test_a_module_says_what_it_holds_and_is_small(script: Path) -> None:
    lines = script.read_text(encoding="utf-8").splitlines()

    assert lines[0].startswith("// ")
    assert len(lines) <= 100
    assert max(map(len, lines)) <= 120


def test_every_module_is_loaded_by_a_page() -> None:
    assert set().union(*map(loaded_with, PAGES)) == set(SCRIPTS)


def test_the_scripts_of_an_exam_page_weigh_at_most_6_kb_gzipped() -> None:
    assert weight(loaded_with("player.js")) <= 6 * 1024


def test_with_a_picture_they_weigh_at_most_14_kb_gzipped() -> None:
    assert weight(loaded_with("player.js") | loaded_with("zoom.js")) <= 14 * 1024


def test_what_any_page_sends_on_weighs_at_most_2_kb_gzipped() -> None:
    assert weight(loaded_with("outbox.js")) <= 2 * 1024


def test_what_any_page_of_authors_asks_of_the_device_weighs_at_most_2_kb_gzipped() -> None:
    assert weight(loaded_with("unsent.js")) <= 2 * 1024


def test_the_scripts_of_a_result_weigh_at_most_2_kb_gzipped() -> None:
    assert weight(loaded_with("result.js")) <= 2 * 1024


def test_the_scripts_that_draw_places_weigh_at_most_2_5_kb_gzipped() -> None:
    assert weight(loaded_with("drawing.js")) <= 2.5 * 1024


def test_the_scripts_of_the_editor_weigh_at_most_7_kb_gzipped() -> None:
    assert weight(loaded_with("editor.js")) <= 7 * 1024
