"""Chromium, as Debian ships it."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, BrowserType, Playwright, sync_playwright

from tests.services import DidNotStart, missing

_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@contextmanager
def running_browser() -> Iterator[Browser]:
    """Yield a headless browser.

    Raises:
        DidNotStart: what drives it, or the browser itself, did not.
    """
    binary()
    with driver() as playwright:
        browser = launch(playwright.chromium)
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def driver() -> Iterator[Playwright]:
    """Yield what drives browsers: a program of its own, in Playwright's wheel.

    Raises:
        DidNotStart: it did not; Playwright itself says only that nobody answers.
    """
    command = [sys.executable, "-m", "playwright", "--version"]
    asked = subprocess.run(command, check=False, capture_output=True)
    if asked.returncode:
        raise DidNotStart("Playwright's driver", asked.stderr)
    with sync_playwright() as playwright:
        yield playwright


def launch(kind: BrowserType) -> Browser:
    """Return a browser process of its own."""
    return kind.launch(executable_path=binary(), args=_ARGUMENTS)


def binary() -> str:
    """Return the machine's Chromium; where it has none, the test is left out."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    return found or missing("the journeys in a browser: no Chromium (apt install chromium)")
