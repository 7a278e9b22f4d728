"""A walk along the links of every page that faculty and directors come to from their work."""

from collections import Counter, deque
from html.parser import HTMLParser
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

import pytest
from flask.testing import FlaskClient
from werkzeug.routing import RequestRedirect

from tests.journeys.site import Site

pytestmark = pytest.mark.xdist_group("site")  # which one worker builds

OF_EACH = 2
"""Pages of one kind that are opened."""


class Anchors(HTMLParser):
    """Collects where the links of a page lead, and the places that links may lead to."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.places: set[str] = {"", "top"}
        self.feed(markup)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        own = {name: value or "" for name, value in attrs}
        if "id" in own:
            self.places.add(own["id"])
        if tag == "a" and "href" in own:
            self.links.append(own["href"])


class Walk:
    """A person who opens every kind of page that is linked, a few of each."""

    def __init__(self, site: Site, who: str) -> None:
        self.app = site.app
        self.client: FlaskClient = site.app.test_client()
        self.client.set_cookie("session", site.cookie(who), domain="localhost")
        self.urls = site.app.url_map.bind("localhost")
        self.opened: Counter[str] = Counter()
        self.places: dict[str, set[str]] = {}
        self.wrong: list[str] = []

    def go(self, start: str) -> None:
        """Open *start* and what is linked from there on; note what is wrong."""
        queue, known, links = deque([start]), {start}, set()
        while queue:
            here = queue.popleft()
            page = self.client.get(here, follow_redirects=True)
            if page.status_code >= 400:
                self.wrong.append(f"{here}: {page.status}")
            if page.mimetype != "text/html":
                continue
            found = Anchors(page.text)
            self.places[here] = found.places
            for link in found.links:
                address, place = urldefrag(urljoin(f"http://localhost{here}", link))
                if urlsplit(address).hostname != "localhost":
                    continue
                address = address.removeprefix("http://localhost")
                links.add((here, address, unquote(place)))
                if address not in known and self.wants(address):
                    known.add(address)
                    queue.append(address)
        self.wrong += [
            f"{here}: {address} has no #{place}"
            for here, address, place in sorted(links)
            if place not in self.places.get(address, {place})
        ]

    def wants(self, address: str) -> bool:
        """Return whether too few pages of its kind were opened so far, and count it as one."""
        with self.app.app_context():  # which has the key of aliases
            try:
                kind, _ = self.urls.match(urlsplit(address).path)
            except RequestRedirect as elsewhere:
                kind, _ = self.urls.match(urlsplit(elsewhere.new_url).path)
        self.opened[kind] += 1
        return self.opened[kind] <= OF_EACH


@pytest.mark.parametrize("who", ["faculty", "director"])
def test_no_link_is_dead(site: Site, who: str) -> None:
    walk = Walk(site, who)

    walk.go("/work")

    assert walk.wrong == []
    assert len(walk.opened) > 20
