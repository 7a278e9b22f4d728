"""The mailbox, the mail ledger, the audit trail, and the commands beside them."""

import ast
import re
from datetime import datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient

import lms
from lms.core import audit
from lms.core.audit import AuditEvent
from lms.core.db import db, transaction
from lms.core.mail import MailState, Message
from lms.operations import cli, mailbox_door, queries
from lms.operations.audit_wording import WORDS
from lms.people.models import Role, User
from tests.factories import NOW, add, make_user
from tests.progress.statements import counted
from tests.reading import words as read
from tests.signin.helpers import send


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser in which nobody is signed in, and the mailbox was opened."""
    browser = app.test_client()
    with app.app_context():
        browser.get(mailbox_door.DOOR.in_clear())
    return browser


LINK = "http://localhost/links/abc-DEF_123"


def words(page) -> str:
    return " ".join(page.get_data(as_text=True).split())


def make_mail(
    to: User,
    *,
    subject: str = "One of your fellows",
    state: MailState = MailState.SENT,
    kind: str = "digest",
    at: datetime = NOW,
) -> Message:
    number = db.session.scalar(db.select(db.func.count(Message.id))) or 0
    mime = EmailMessage()
    mime["Subject"] = subject
    mime.set_content(f"Open {LINK}.\n<script>alert(1)</script>\n")
    mime.add_alternative("<p style='color: red'>Hello<script>alert(2)</script></p>", subtype="html")
    return add(
        Message(
            kind=kind,
            key=f"{kind}:{number}",
            recipient_id=to.id,
            address=to.email,
            subject=subject,
            message_id=f"<{number}@localhost>",
            raw=mime.as_bytes(),
            state=state,
            tries=1,
            next_try_at=at,
            created_at=at,
            sent_at=at if state is MailState.SENT else None,
        )
    )


@pytest.fixture
def director(app: Flask) -> User:
    with app.app_context(), transaction():
        return make_user(Role.DIRECTOR, name="Dr. Ines Kowalczyk")


def written(app: Flask, to: User, **facts) -> int:
    with app.app_context(), transaction():
        return make_mail(to, **facts).id


def state_of(app: Flask, message_id: int) -> MailState:
    with app.app_context():
        return db.session.scalars(db.select(Message.state).where(Message.id == message_id)).one()


def test_the_mailbox_lists_the_newest_first(app, client, director) -> None:
    written(app, director, subject="Older", at=NOW - timedelta(days=1))
    written(app, director, subject="Newer")

    page = words(client.get("/mailbox"))

    assert page.index("Newer") < page.index("Older")


def test_a_mail_shows_its_text_with_a_link_to_follow(app, client, director) -> None:
    message_id = written(app, director)

    page = client.get(f"/mailbox/{message_id}")

    html = page.get_data(as_text=True)
    assert f'<a href="{LINK}">{LINK}</a>.' in html
    assert "<script>alert" not in html
    assert "frame-src 'self'" in page.headers["Content-Security-Policy"]
    assert f'src="/mailbox/{message_id}/html" sandbox' in html


def test_the_html_part_can_run_and_load_nothing(app, client, director) -> None:
    page = client.get(f"/mailbox/{written(app, director)}/html")

    policy = page.headers["Content-Security-Policy"].split("; ")
    assert "default-src 'none'" in policy
    assert "sandbox" in policy
    assert "style-src 'unsafe-inline'" in policy
    assert "frame-ancestors 'self'" in policy
    assert not [part for part in policy if part.startswith("script-src")]
    assert page.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert "color: red" in page.get_data(as_text=True)


MAILBOX = ("/mailbox", "/mailbox/1", "/mailbox/1/html")


@pytest.mark.parametrize("path", MAILBOX)
def test_there_is_no_mailbox_where_mail_is_sent(
    app, signed_in, director, monkeypatch, path: str
) -> None:
    message_id = written(app, director)
    monkeypatch.setattr(app.extensions["settings"], "smtp_url", "smtps://mx.example.org")

    page = signed_in(director).get(path.replace("1", str(message_id)))

    assert page.status_code == 404


@pytest.mark.parametrize("path", MAILBOX)
def test_the_mailbox_opens_by_its_secret_or_to_a_director_and_by_no_address(
    app, signed_in, director, path: str
) -> None:
    path = path.replace("1", str(written(app, director)))
    with app.app_context(), transaction():
        mentor = make_user(Role.MENTOR)
        door = mailbox_door.DOOR.in_clear()
    here = {"environ_base": {"REMOTE_ADDR": "127.0.0.1"}}

    page = app.test_client().get(path, **here)
    assert page.status_code == 404
    assert "opens by the address that the start of the service has printed" in page.text
    assert signed_in(mentor).get(path, **here).status_code == 404
    assert signed_in(director).get(path, **here).status_code == 200
    client = app.test_client()
    assert client.get(door).headers["Location"] == "/mailbox#top"
    assert client.get(path, environ_base={"REMOTE_ADDR": "192.0.2.7"}).status_code == 200


def test_a_made_up_secret_opens_no_mailbox(app, director) -> None:
    written(app, director)
    client = app.test_client()

    assert client.get("/mailbox/open/" + "a" * 27).status_code == 404
    assert client.get("/mailbox").status_code == 404


def test_the_command_prints_what_opens_the_mailbox(in_app: Flask, monkeypatch) -> None:
    said = CliRunner().invoke(cli.group, ["mailbox"]).output
    monkeypatch.setattr(in_app.extensions["settings"], "smtp_url", "smtps://mx.example.org")
    refused = CliRunner().invoke(cli.group, ["mailbox"])

    assert said == f"http://localhost{mailbox_door.DOOR.in_clear()}\n"
    assert refused.exit_code == 1
    assert "no local mailbox" in refused.output


def test_a_mail_that_does_not_exist_is_not_there(client) -> None:
    assert client.get("/mailbox/99").status_code == 404
    assert client.get("/mailbox/99/html").status_code == 404


def settle(browser, message_id: int, decision: str):
    return send(browser, f"/records/mails/{message_id}", {"decision": decision}, at="/records")


@pytest.mark.parametrize(
    ("state", "decision", "after", "status"),
    [
        (MailState.UNCERTAIN, "delivered", MailState.SENT, 302),
        (MailState.UNCERTAIN, "again", MailState.QUEUED, 302),
        (MailState.FAILED, "again", MailState.QUEUED, 302),
        (MailState.FAILED, "delivered", MailState.FAILED, 409),
        (MailState.SENT, "again", MailState.SENT, 409),
        (MailState.HANDING_OVER, "again", MailState.HANDING_OVER, 409),
        (MailState.UNCERTAIN, "burn", MailState.UNCERTAIN, 422),
    ],
)
def test_a_director_settles_what_is_uncertain(
    app, signed_in, director, state, decision: str, after, status: int
) -> None:
    message_id = written(app, director, state=state)

    answer = settle(signed_in(director), message_id, decision)

    assert answer.status_code == status
    assert state_of(app, message_id) is after
    with app.app_context():
        events = db.session.scalars(db.select(AuditEvent)).all()
    if status == 302:
        assert [(e.actor_id, e.before, e.after) for e in events] == [
            (director.id, {"state": state.value}, {"state": after.value})
        ]
    else:
        assert events == []


@pytest.mark.parametrize("kind", ["invitation", "password_reset"])
def test_a_mail_with_a_secret_link_is_not_sent_again(app, signed_in, director, kind: str) -> None:
    message_id = written(app, director, state=MailState.UNCERTAIN, kind=kind)
    browser = signed_in(director)

    answer = settle(browser, message_id, "again")

    assert answer.status_code == 409
    assert state_of(app, message_id) is MailState.UNCERTAIN
    page = browser.get("/records").get_data(as_text=True)
    assert "Was delivered" in page
    assert "Send again" not in page


def test_the_ledger_shows_no_body(app, signed_in, director) -> None:
    for state in MailState:
        written(app, director, state=state)

    page = signed_in(director).get("/records")

    assert page.status_code == 200
    assert LINK not in page.get_data(as_text=True)


def test_the_ledger_puts_uncertain_and_failed_mails_first(app, signed_in, director) -> None:
    written(app, director, subject="Is uncertain", state=MailState.UNCERTAIN)
    written(app, director, subject="Has failed", state=MailState.FAILED, at=NOW + timedelta(1))
    written(app, director, subject="Was sent", at=NOW + timedelta(2))

    page = words(signed_in(director).get("/records"))

    places = [page.rindex(subject) for subject in ("Is uncertain", "Has failed", "Was sent")]
    assert places == sorted(places)


def test_each_page_of_the_ledger_counts_all_mails_and_keeps_their_order(
    app, director, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "PAGE", 2)
    states = [MailState.SENT, MailState.FAILED, MailState.UNCERTAIN, MailState.QUEUED] * 2
    ids = [written(app, director, state=state) for state in states]

    with app.app_context():
        pages = [queries.ledger(number) for number in (1, 2, 3, 4, 9)]
        found = [[message.id for message, _ in page] for page in pages]

    in_order = [ids[place] for place in (6, 2, 5, 1, 7, 4, 3, 0)]
    assert [each for ids_of_page in found[:4] for each in ids_of_page] == in_order
    assert found[4] == in_order[6:]
    assert {(page.total, page.pages) for page in pages} == {(8, 4)}


def test_the_ledger_can_be_narrowed_to_a_state(app, signed_in, director) -> None:
    written(app, director, subject="Has failed", state=MailState.FAILED)
    written(app, director, subject="Was sent")
    browser = signed_in(director)

    assert "Was sent" not in words(browser.get("/records?state=failed"))
    assert "Was sent" in words(browser.get("/records?state=nonsense"))


def test_the_audit_trail_is_narrowed_by_person_and_action(app, signed_in, director) -> None:
    with app.app_context(), transaction():
        other = make_user(Role.FACULTY, name="Dr. Samuel 100%")
        for who, action, value in (
            (director, "quiz.assign", "first"),
            (other, "quiz.assign", "second"),
            (other, "case.load", "third"),
            (None, "attempt.flag", "fourth"),
        ):
            audit.record(who, action, "thing", 1, now=NOW, before={"x": None}, after={"x": value})
    browser = signed_in(director)

    def seen(query: str) -> set[str]:
        page = words(browser.get(f"/audit?{query}"))
        return {value for value in ("first", "second", "third", "fourth") if f"x: {value}" in page}

    assert seen("") == {"first", "second", "third", "fourth"}
    assert seen("person=samuel") == {"second", "third"}
    assert seen("person=100%25") == {"second", "third"}
    assert seen("person=%25") == {"second", "third"}
    assert seen("action=quiz.assign") == {"first", "second"}
    assert seen("person=100%25+s%C3%A1muel") == {"second", "third"}
    assert seen("person=samuel+nobody") == set()
    assert seen("person=SAMUEL&action=quiz.assign") == {"second"}
    assert "The service" in words(browser.get("/audit?action=attempt.flag"))


def test_the_audit_trail_speaks_in_sentences_and_says_how_it_is_narrowed(
    app, signed_in, director
) -> None:
    with app.app_context(), transaction():
        other = make_user(Role.FACULTY, name="Dr. Lena Vogt")
        for action, whom in (("user.disable", other.id), ("session.start", director.id)):
            audit.record(director, action, "user", whom, now=NOW)
        audit.record(
            director,
            "user.roles",
            "user",
            other.id,
            now=NOW,
            before={"roles": ["fellow"]},
            after={"roles": ["faculty", "mentor"]},
        )
    browser = signed_in(director)

    page = read(browser.get("/audit"))
    narrowed = read(browser.get("/audit?action=session.start&person=a"))

    assert f"{director.name} disabled an account: Dr. Lena Vogt." in page
    assert f"{director.name} signed in." in page
    assert "roles: faculty, mentor (was fellow)" in page
    assert "Show all" not in page
    assert "Only “signed in” by people with “a” in name or address. Show all" in narrowed


def test_every_deed_that_is_recorded_has_words() -> None:
    named = set()
    for path in Path(lms.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            called = isinstance(node, ast.Call) and ast.unparse(node.func).endswith(
                ("record", "Deed")
            )
            chosen = isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "action"
            if called or chosen:
                found = (one.value for one in ast.walk(node) if isinstance(one, ast.Constant))
                named |= {text for text in found if re.fullmatch(r"[a-z]+\.[a-z_]+", str(text))}

    assert named == set(WORDS)


@pytest.mark.parametrize("path", ["/mailbox", "/records", "/audit"])
def test_a_list_takes_the_same_number_of_statements_for_1_and_for_60_rows(
    app, signed_in, director, path: str
) -> None:
    counts = []
    for rows in (1, 59):
        with app.app_context(), transaction():
            for _ in range(rows):
                to = make_user(Role.MENTOR)
                make_mail(to, state=MailState.UNCERTAIN)
                audit.record(to, "quiz.assign", "quiz", 1, now=NOW, after={"x": 1})
        browser = signed_in(director)
        with counted(app) as statements:
            assert browser.get(path).status_code == 200
        counts.append(len(statements))

    assert counts[0] == counts[1]
    assert "Page 2 of 2" in words(browser.get(f"{path}?page=2"))
    assert "Page 2 of 2" in words(browser.get(f"{path}?page=77"))


def test_the_commands_list_and_settle(app, director) -> None:
    message_id = written(app, director, state=MailState.UNCERTAIN)
    sent = written(app, director, subject="Was sent")
    runner = CliRunner()
    with app.app_context():
        listed = runner.invoke(cli.group, ["list"])
        narrowed = runner.invoke(cli.group, ["list", "--state", "sent"])
        settled = runner.invoke(cli.group, ["settle", str(message_id), "--delivered"])
        refused = runner.invoke(cli.group, ["settle", str(sent), "--again"])
        unsaid = runner.invoke(cli.group, ["settle", str(sent)])

    assert f"{message_id}\tuncertain\t2026-11-25 15:00Z\t{director.email}" in listed.output
    assert "uncertain" not in narrowed.output
    assert "Was sent" in narrowed.output
    assert (settled.exit_code, settled.output) == (0, "Noted as delivered.\n")
    assert state_of(app, message_id) is MailState.SENT
    assert refused.exit_code == 1
    assert unsaid.exit_code == 2
