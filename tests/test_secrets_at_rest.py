"""No byte that this edition stores or logs holds the secret of a link that it mails."""

import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from flask import Flask

from lms.app import create_app
from lms.config import Settings
from lms.core.clock import local, utcnow, week_of
from lms.core.db import Base, db, transaction
from lms.core.mail import MailState, Message
from lms.mentoring.digests.services import compose_digest
from lms.operations.services import send_again
from lms.panels import services as panels
from lms.people.models import Role
from lms.signin import inviting, setting_passwords
from tests.cases.texts import load
from tests.factories import make_cohort, make_fellow, make_mentorship, make_user
from tests.mail.sink import Sink
from tests.panels.factories import SLUG, addresses, panel_case
from tests.services import wait_for
from tests.services.processes import Service

LINK = re.compile(rb"/(?:links|panel|unsubscribe)/([\w.-]+)")

KINDS = {"invitation", "password_reset", "panel", "panel_reminder", "digest"}


@pytest.fixture(params=["sqlite", "postgresql"])
def running(
    service: Service, sink: Sink, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[Flask]:
    """The application, with a web server and a worker of its own that mail to the sink."""
    service.settings = {"smtp_url": f"smtp://127.0.0.1:{sink.port}", "log_level": "DEBUG"}
    if request.param == "postgresql":
        server = request.getfixturevalue("postgres")
        server.create(tmp_path.name)
        service.settings["database_url"] = server.url(tmp_path.name)
    service.command("database", "upgrade")
    service.start_web()
    service.start_worker()
    app = create_app(
        Settings(instance=service.instance, base_url=service.url, **service.settings)  # type: ignore[arg-type]
    )
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def have_every_kind_of_mail_written(wait: Callable[[], object] = lambda: None) -> None:
    """Ask a panel, *wait*, and ask it again; invite, ask for a password, write a digest."""
    now = utcnow()
    load(panel_case())
    with transaction():
        faculty, mentor, fellow = make_user(Role.FACULTY), make_user(Role.MENTOR), make_fellow()
        fellow.password_hash = "hashed"
        make_cohort(fellow)
        make_mentorship(mentor, fellow)
        panels.invite(faculty, SLUG, addresses(1), now=now - timedelta(days=2))
    wait()
    with transaction():
        inviting.invite_user(
            None, email="new@example.org", name="New", roles=[Role.FELLOW], time_zone="UTC", now=now
        )
        setting_passwords.request_reset(fellow.email, now=now)
        panels.remind(faculty, SLUG, now=now)
        week = week_of(local(now, mentor.time_zone).date())
        assert compose_digest(mentor.id, week, now=now) is not None


def states() -> dict[str, MailState]:
    db.session.rollback()
    rows = db.session.execute(db.select(Message.kind, Message.state))
    return {row.kind: row.state for row in rows}


def stored(app: Flask) -> bytes:
    """Return all rows, with their bytes, and the files in the instance folder."""
    folder = Path(app.instance_path)
    files = [path for path in folder.rglob("*") if path.is_file()]
    rows: list[bytes] = []
    for table in Base.metadata.sorted_tables:
        for row in db.session.execute(table.select()):
            rows += [value if isinstance(value, bytes) else str(value).encode() for value in row]
    contents = []
    for path in files:
        with suppress(FileNotFoundError):  # the broker's come and go
            contents.append(path.read_bytes())
    return b"\n".join([*rows, *contents])


def test_what_is_mailed_is_in_no_row_no_file_and_no_log(
    running: Flask, service: Service, sink: Sink
) -> None:
    sink.script["DOT"] = ["550 not now"]
    have_every_kind_of_mail_written(
        lambda: wait_for(lambda: states() == {"panel": MailState.FAILED}, "a refused mail", 60)
    )
    with transaction():
        send_again(None, db.session.scalars(db.select(db.func.min(Message.id))).one(), now=utcnow())
    wait_for(lambda: states() == dict.fromkeys(KINDS, MailState.SENT), "all mails", 60)

    addresses_of = {found[0].decode() for raw in sink.taken for found in LINK.finditer(raw)}
    for address in addresses_of:
        status, page = visit(service.url + address)
        assert status == 200, "every link that was mailed is good"
        assert "Sign in to see" not in page
    kept = stored(running)

    assert len(addresses_of) == len(KINDS)
    assert "signin.use_link" in service.log("web")
    assert "mail_tried" in service.log("worker")
    for address in addresses_of:
        secret = address.rpartition(".")[2]
        assert len(secret) == 27, "160 bits"
        assert secret.encode() not in kept, address


def visit(url: str) -> tuple[int, str]:
    try:
        with urlopen(url) as page:
            return page.status, page.read().decode()
    except HTTPError as error:
        return error.code, error.read().decode()


def test_what_this_test_looks_for_it_would_find(running: Flask) -> None:
    have_every_kind_of_mail_written()
    with transaction():
        message = db.session.scalars(db.select(Message).order_by(Message.id)).first()
        assert message is not None
        message.raw += b"tiara-on-a-lamp"

    assert b"tiara-on-a-lamp" in stored(running)
