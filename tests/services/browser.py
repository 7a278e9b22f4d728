"""Chromium, as Debian ships it."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, BrowserType, sync_playwright

from tests.services import missing

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
    """Yield a headless browser."""
    with sync_playwright() as playwright:
        browser = launch(playwright.chromium)
        try:
            yield browser
        finally:
            browser.close()


def launch(kind: BrowserType) -> Browser:
    """Return a browser process of its own."""
    binary = shutil.which("chromium") or shutil.which("chromium-browser")
    if binary is None:
        missing("the journeys in a browser: no Chromium (apt install chromium)")
    return kind.launch(executable_path=binary, args=_ARGUMENTS)
