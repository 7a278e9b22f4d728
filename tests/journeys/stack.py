"""The whole service in each profile, and how its mail is read."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from typing import Protocol

from playwright.sync_api import Browser

from tests.mail.sink import Sink, running_sink
from tests.services import wait_for
from tests.services.postgres import Postgres
from tests.services.processes import Service
from tests.services.valkey import Valkey


class Post(Protocol):
    """Where mails can be read."""

    def text(self, address: str, subject: str) -> str:
        """Return the text part of the newest mail to *address* whose subject has *subject*."""


@dataclass
class Mailbox:
    """The local mailbox of the embedded profile, read as a person would."""

    service: Service
    browser: Browser

    def text(self, address: str, subject: str) -> str:
        page = self.browser.new_page()
        page.goto(self.service.command("mail", "mailbox").strip())

        def found() -> str | None:
            page.goto(f"{self.service.url}/mailbox")
            row = page.locator("tr, li").filter(has_text=address).filter(has_text=subject)
            if not row.count():
                return None
            row.first.get_by_role("link").first.click()
            return page.locator("main").inner_text()

        try:
            return str(wait_for(found, f"a mail to {address}: {subject}", 60))
        finally:
            page.close()


@dataclass
class SinkPost:
    """The SMTP server that the service profile delivers to."""

    sink: Sink

    def text(self, address: str, subject: str) -> str:
        def found() -> str | None:
            for message in reversed(self.sink.messages()):
                if address in message["To"] and subject in message["Subject"]:
                    return text_of(message)
            return None

        return str(wait_for(found, f"a mail to {address}: {subject}", 60))


def text_of(message: EmailMessage) -> str:
    """Return the text part of *message*."""
    part = message.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def link_in(text: str) -> str:
    """Return the first address of a mailed link in *text*."""
    match = re.search(r"https?://\S+/links/\S+", text)
    assert match, text
    return match.group()


@dataclass
class Stack:
    """A running service and its mail."""

    service: Service
    post: Post


@contextmanager
def embedded(folder: Path, browser: Browser) -> Iterator[Stack]:
    """Run the embedded profile: SQLite, files as broker, the local mailbox."""
    service = Service(folder, {"demo": "false"})
    with _running(service):
        yield Stack(service, Mailbox(service, browser))


@contextmanager
def full(folder: Path, postgres: Postgres) -> Iterator[Stack]:
    """Run the service profile: PostgreSQL, Redis, SMTP."""
    postgres.create("journey")
    valkey = Valkey(folder)
    valkey.start()
    try:
        with running_sink() as sink:
            settings = {
                "profile": "service",
                "database_url": postgres.url("journey"),
                "redis_url": valkey.url,
                "secret_key": "for tests only, and long enough to be taken",
                "smtp_url": f"smtp://127.0.0.1:{sink.port}",
                "mail_from": "Pain Rounds <rounds@example.org>",
            }
            service = Service(folder, settings)
            with _running(service):
                yield Stack(service, SinkPost(sink))
    finally:
        valkey.stop()


@contextmanager
def _running(service: Service) -> Iterator[None]:
    try:
        service.command("database", "upgrade")
        service.command("bank", "load")
        service.start_web()
        service.start_worker()
        service.start_beat()
        yield
    finally:
        service.stop()
