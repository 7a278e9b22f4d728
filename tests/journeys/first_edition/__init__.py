"""Pages of a quiz as a browser has them that opened them before the upgrade.

`case.html`, `result.html`, `player.js` and `result.js` are what the first edition sent, with places
for what differs from attempt to attempt. They are never brought up to date: a fellow may have them
open while the server becomes a newer one, which has to understand what they keep, send and ask.
"""

import re
from collections.abc import Callable
from pathlib import Path
from string import Template

from playwright.sync_api import BrowserContext, Route

from tests.attempts.sitting import Sitting

FOLDER = Path(__file__).parent
SCRIPTS = {
    "player.js": "/static/player.js?v=adc094d457db",
    "result.js": "/static/result.js?v=a3ae6b869994",
}
"""The addresses at which the pages ask for their scripts."""

AN_HOUR = 3600


def serve(context: BrowserContext, sitting: Sitting, *, seconds_left: int = AN_HOUR) -> None:
    """Answer *context* with the first edition's case and result; all else is the running server's.

    *seconds_left* is what its clock starts from.
    """

    def fulfill(route: Route, page: str) -> None:
        today = route.fetch()
        token = re.search(r'name="csrf_token" value="([^"]+)"', today.text())
        assert token is not None
        text = Template((FOLDER / page).read_text(encoding="utf-8"))
        body = text.substitute(attempt=sitting.id, token=token[1], seconds_left=seconds_left)
        route.fulfill(response=today, body=body)

    context.route(f"**{sitting.url}/cases/1", lambda route: fulfill(route, "case.html"))
    context.route(f"**{sitting.url}/result", lambda route: fulfill(route, "result.html"))
    for name, address in SCRIPTS.items():
        context.route(f"**{address}", _script(name))


def upgrade(context: BrowserContext) -> None:
    """Answer with this edition from now on. What is open stays open."""
    context.unroute_all()


def _script(name: str) -> Callable[[Route], None]:
    def fulfill(route: Route) -> None:
        route.fulfill(path=FOLDER / name, content_type="text/javascript")

    return fulfill
