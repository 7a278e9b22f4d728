"""All that somebody gets to see of a world: pages, files, what forms answer, and mails."""

import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from urllib.parse import urljoin, urlsplit

from flask import Flask
from flask.testing import FlaskClient
from structlog.testing import capture_logs
from werkzeug.test import TestResponse

from lms.core.clock import say_when, utcnow
from lms.core.db import db
from lms.core.mail import Message
from lms.notices.models import Notice
from lms.people.models import Role, UserRole
from tests.factories import ZONE
from tests.supervision.pages import held
from tests.worlds.story import MINUTE, SLOW, World

MOMENTARY = re.compile(
    r'<input[^>]* name="(csrf_token|token|sight)"[^>]*>|<code>\w+</code>|As of [^.<]*\.'
    r'|data-tag="\w+"|(?<=/unsubscribe/)[\w.-]+|(?<=/act/)[\w.-]+|(?<=/answers/|/marking/)[0-9a-f]{16}'
    r'|(?<=name="about" value=")[0-9a-f]{16}'
    r"|Since \w{3} \w{3} \d+, [\d:]+ [AP]M \w+"
)
"""What differs between two answers to the same question: tokens, aliases, and the moment it is.

An alias tells nothing of its number, which is the place of a row among those of all fellows.
"""

HEADERS = ("Content-Type", "Content-Disposition", "ETag", "Location", "Cache-Control")
"""What could tell something beside the text."""

LEFT_ALONE = re.compile("/static/|/readyz|/sign-out|.*/try$")
"""Pages that show nothing of fellows; a trial is drawn by chance."""


@dataclass
class Eyes:
    """A browser in which somebody looks around in a world, and what it has shown."""

    app: Flask
    client: FlaskClient
    world: World

    def pages(self, starts: Sequence[str] = ()) -> dict[str, list[str]]:
        """Return what every address shows that one is led to from home, or could guess.

        Or from *starts*. The log lines of each page come with it.
        """
        found: dict[str, list[str]] = {}
        visited: set[str] = set()
        waiting = list(starts) or ["/home", *sorted(guessed(self.app, self.world), reverse=True)]
        while waiting:
            address = waiting.pop()
            if address in visited or LEFT_ALONE.match(address):
                continue
            visited.add(address)
            with capture_logs() as lines:
                page = self.client.get(address)
            said = shown(page) + MOMENTARY.sub("", str(lines))
            found.setdefault(MOMENTARY.sub("", address), []).append(said)
            if page.mimetype == "text/html" and not starts:
                waiting += links_in(page, address)
        return {address: sorted(said) for address, said in found.items()}

    def sends(self, address: str, **said: object) -> str:
        """Fill in the last form of a page, and return what comes of it, up to its last page.

        The moment at which it was sent stays out of it: one world is told a minute after the other.
        """
        with capture_logs() as lines:
            form = held(self.client.get(address))
            answer = self.client.post(address, data=form | said)
            told = [shown(answer)]
            if answer.location:
                told.append(shown(self.client.get(answer.location)))
            elif said.get("do") == "ask":
                sure = held(answer) | {"do": "change"}
                told.append(shown(self.client.post(address, data=sure, follow_redirects=True)))
        sent = "\n".join([*told, MOMENTARY.sub("", str(lines))])
        for moment in self._moments_since_it_was_made():
            sent = sent.replace(moment, "Now")
        return sent

    def _moments_since_it_was_made(self) -> Iterator[str]:
        """Yield how faculty read each minute in which something was done here, of its own time."""
        moment, end = self.world.now, utcnow() + MINUTE
        while moment < end:
            yield say_when(moment, ZONE)
            moment += MINUTE


def shown(page: TestResponse) -> str:
    """Return what there is to see of an answer."""
    headers = [f"{name}: {page.headers[name]}" for name in HEADERS if name in page.headers]
    text = (
        "\n".join(_parts(page.data))
        if page.mimetype.endswith("sheet")
        else page.get_data(as_text=True)
    )
    return MOMENTARY.sub("", "\n".join([page.status, *headers, text]))


def _parts(workbook: bytes) -> Iterator[str]:
    """Yield the parts of a workbook, but for the one that says when it was made."""
    with zipfile.ZipFile(io.BytesIO(workbook)) as book:
        for name in book.namelist():
            if name != "docProps/core.xml":
                yield f"{name}: {book.read(name).decode()}"


def links_in(page: TestResponse, address: str) -> Iterator[str]:
    """Yield where a page leads to, in the product."""
    for link in re.findall(r'href="([^"]+)"', page.text):
        target = urlsplit(urljoin(f"http://localhost{address}", link.replace("&amp;", "&")))
        if target.netloc == "localhost":
            yield target.path + (f"?{target.query}" if target.query else "")


def guessed(app: Flask, world: World) -> Iterator[str]:
    """Yield every address that can be made of what this world has."""
    people = [world.people[name].id for name in (SLOW, "Dr. Adeyemi", "Dr. Farah")]
    known: dict[str, Iterable[object]] = {
        "assignment_id": world.assignments.values(),
        "quiz_id": [world.quizzes["Fifth rounds"]],
        "fellow_id": people,
        "user_id": people,
        "cohort_id": [world.cohort_id],
        "slug": ["fifth", "twice"],
        "ending": ["csv", "xlsx"],
    }
    adapter = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or ()) and rule.arguments <= known.keys():
            names = sorted(rule.arguments)
            for values in product(*(known[name] for name in names)):
                given = dict(zip(names, values, strict=True))
                yield adapter.build(rule.endpoint, given, method="GET")
    for assignment_id, person in product(world.assignments.values(), people):
        yield f"/assignments/{assignment_id}/extend?fellow={person}"


def mails(roles: Iterable[Role]) -> list[str]:
    """Return every mail and notice to who has one of *roles*, as it is kept."""
    to = db.select(UserRole.user_id).where(UserRole.role.in_(roles))
    mine = db.select(Message).where(Message.recipient_id.in_(to)).order_by(Message.id)
    notices = db.session.scalars(db.select(Notice).where(Notice.user_id.in_(to)))
    return [
        *(
            f"{each.recipient_id} {each.kind} {each.key} {each.created_at} {each.next_try_at} "
            f"{each.state}\n{_without_own_number(each)}"
            for each in db.session.scalars(mine)
        ),
        *sorted(f"{n.user_id} {n.key} {n.object_type} {n.object_id} {n.at}" for n in notices),
    ]


def _without_own_number(message: Message) -> str:
    """Return a mail but for its number and the line that parts it, which are drawn by chance."""
    text = MOMENTARY.sub("", message.raw.decode())
    return re.sub(r"(?m)^Message-ID:.*\n|boundary=\S+|^--[=\w]+-*\s*$", "", text)
