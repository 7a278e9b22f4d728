"""A message goes out once, and every way it can go wrong ends in a state that says so."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from io import StringIO

import pytest
import structlog
from flask import Flask

from lms.addresses import mail_server
from lms.core import logs
from lms.core.clock import utcnow
from lms.core.db import db, transaction
from lms.core.mail import MailState, Message, delivery, rules, tasks
from lms.core.mail.headers import POLICY
from lms.core.mail.transports import DOT_TIMEOUT, Smtp
from lms.notices.models import MailPreference
from lms.people.models import User
from tests.factories import add, make_fellow
from tests.mail.sink import CUT, Sink

WRITTEN = datetime(2026, 11, 23, 11, 0, tzinfo=UTC)


def make_message(user: User | None = None, *, kind: str = "note", text: str = "Hello") -> Message:
    user = user or make_fellow()
    mime = EmailMessage(policy=POLICY)
    mime["Subject"], mime["From"], mime["To"] = "Note", "rounds@localhost", user.email
    mime["Date"], mime["Message-ID"] = format_datetime(WRITTEN), f"<{user.id}@localhost>"
    mime.set_content(text)
    return add(
        Message(
            kind=kind,
            key=f"{kind}:{user.id}",
            recipient_id=user.id,
            address=user.email,
            subject="Note",
            message_id=mime["Message-ID"],
            raw=mime.as_bytes(),
            next_try_at=utcnow(),
            created_at=utcnow(),
        )
    )


def written(*, kind: str = "note", text: str = "Hello") -> int:
    with transaction():
        return make_message(kind=kind, text=text).id


def current(message_id: int) -> Message:
    db.session.rollback()
    message = db.session.get(Message, message_id, populate_existing=True)
    assert message is not None
    return message


def make_due(message_id: int) -> None:
    with transaction():
        message = db.session.get(Message, message_id)
        assert message is not None
        message.next_try_at = utcnow()


def let_leases_run_out(message_id: int) -> None:
    with transaction():
        message = db.session.get(Message, message_id)
        assert message is not None
        message.lease_until = utcnow() - timedelta(seconds=1)


def test_without_a_server_a_message_is_kept_in_the_local_mailbox(in_app: Flask) -> None:
    message_id = written()

    tasks.deliver(message_id)

    message = current(message_id)
    assert (message.state, message.reply) == (MailState.SENT, "Kept in the local mailbox")
    assert message.sent_at is not None
    assert message.lease_until is None


def test_a_message_is_handed_to_the_server_byte_for_byte(smtp: Sink) -> None:
    message_id = written(text="One\n.\n..dots\nTwo é")

    tasks.deliver(message_id)

    message = current(message_id)
    assert (message.state, message.reply) == (MailState.SENT, "DATA: 250 queued as 42")
    assert smtp.taken == [message.raw]


@pytest.mark.parametrize("code", ["421 later", "451 later", "452 later"])
@pytest.mark.parametrize("verb", ["CONNECT", "EHLO", "MAIL", "RCPT", "DATA", "DOT"])
def test_a_passing_refusal_is_tried_again_with_the_same_bytes(
    smtp: Sink, verb: str, code: str
) -> None:
    message_id = written()
    smtp.script[verb] = [code]
    if verb == "EHLO":
        smtp.script["HELO"] = [code]

    tasks.deliver(message_id)
    waiting = current(message_id)
    state, pause = waiting.state, waiting.next_try_at - utcnow()
    tasks.deliver(message_id)
    assert smtp.taken == []
    make_due(message_id)
    tasks.deliver(message_id)

    assert state is MailState.QUEUED
    assert timedelta(seconds=50) < pause <= timedelta(minutes=1)
    message = current(message_id)
    assert (message.state, message.tries) == (MailState.SENT, 2)
    assert smtp.taken == [message.raw]


@pytest.mark.parametrize("verb", ["MAIL", "RCPT", "DATA", "DOT"])
def test_a_lasting_refusal_of_the_message_fails_once(smtp: Sink, verb: str) -> None:
    message_id = written()
    smtp.script[verb] = ["550 no such person"]

    tasks.deliver(message_id)
    tasks.deliver(message_id)

    message = current(message_id)
    assert (message.state, message.tries) == (MailState.FAILED, 1)
    assert message.reply is not None
    assert "550 no such person" in message.reply
    assert smtp.taken == []


def test_after_a_refused_sender_nothing_more_is_said(smtp: Sink) -> None:
    message_id = written()
    smtp.script["MAIL"] = ["451 later"]

    tasks.deliver(message_id)

    assert current(message_id).state is MailState.QUEUED
    assert "RCPT" not in smtp.verbs


@pytest.mark.parametrize("verb", ["CONNECT", "EHLO"])
def test_a_server_that_refuses_us_does_not_fail_the_message(smtp: Sink, verb: str) -> None:
    message_id = written()
    smtp.script[verb] = ["554 not you"]
    smtp.script["HELO"] = ["554 not you"]

    tasks.deliver(message_id)

    assert current(message_id).state is MailState.QUEUED


@pytest.mark.parametrize("verb", ["CONNECT", "EHLO", "MAIL", "RCPT", "DATA"])
def test_a_connection_cut_before_the_body_is_tried_again(smtp: Sink, verb: str) -> None:
    message_id = written()
    smtp.script[verb] = [CUT]

    tasks.deliver(message_id)
    make_due(message_id)
    tasks.deliver(message_id)

    assert current(message_id).state is MailState.SENT
    assert len(smtp.taken) == 1


@pytest.mark.parametrize("moment", ["BODY", "DOT"])
def test_a_connection_cut_after_the_body_left_is_uncertain_and_never_repeated(
    smtp: Sink, moment: str
) -> None:
    message_id = written()
    smtp.script[moment] = [CUT]

    tasks.deliver(message_id)
    make_due(message_id)
    tasks.deliver(message_id)
    tasks.sweep()

    message = current(message_id)
    assert (message.state, message.tries) == (MailState.UNCERTAIN, 1)
    assert smtp.verbs.count("DATA") == 1


def test_an_answer_that_is_no_answer_is_uncertain(smtp: Sink) -> None:
    message_id = written()
    smtp.script["DOT"] = ["what?"]

    tasks.deliver(message_id)

    assert current(message_id).state is MailState.UNCERTAIN


def test_a_server_that_hangs_after_the_dot_is_waited_for_and_then_uncertain(
    smtp: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert DOT_TIMEOUT == 600
    monkeypatch.setattr("lms.core.mail.transports.DOT_TIMEOUT", 0.3)
    message_id = written()
    released = threading.Event()
    smtp.script["DOT"] = [lambda: released.wait(5) and "250 late"]

    tasks.deliver(message_id)
    released.set()

    assert current(message_id).state is MailState.UNCERTAIN


def test_a_server_that_hangs_before_the_dot_costs_nothing(
    smtp: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lms.core.mail.transports.VERB_TIMEOUT", 0.3)
    message_id = written()
    released = threading.Event()
    smtp.script["RCPT"] = [lambda: released.wait(5) and "250 late"]

    tasks.deliver(message_id)
    released.set()

    assert current(message_id).state is MailState.QUEUED


def test_no_server_at_the_address_is_tried_again(
    in_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(in_app.extensions["settings"], "smtp_url", "smtp://127.0.0.1:1")
    message_id = written()

    tasks.deliver(message_id)

    assert current(message_id).state is MailState.QUEUED


def test_five_runs_at_once_send_once(app: Flask, smtp: Sink) -> None:
    message_id = written()
    gate = threading.Barrier(5)

    def run(_: int) -> None:
        gate.wait()
        with app.app_context():
            tasks.deliver(message_id)

    with ThreadPoolExecutor(5) as pool:
        list(pool.map(run, range(5)))

    assert current(message_id).state is MailState.SENT
    assert len(smtp.taken) == 1


def test_the_hand_over_is_durable_before_the_body_leaves(app: Flask, smtp: Sink) -> None:
    message_id = written()
    seen: list[MailState] = []

    def look() -> str:
        with app.app_context():
            seen.append(current(message_id).state)
        return "250 ok"

    smtp.script["RCPT"] = [look]
    smtp.script["DOT"] = [look]

    tasks.deliver(message_id)

    assert seen == [MailState.CONNECTING, MailState.HANDING_OVER]


def test_a_worker_that_died_before_the_body_left_loses_nothing(smtp: Sink) -> None:
    message_id = written()
    with transaction():
        assert delivery.claim(message_id, now=utcnow())

    tasks.sweep()
    held = current(message_id).state
    let_leases_run_out(message_id)
    tasks.sweep()
    tasks.deliver(message_id)

    assert held is MailState.CONNECTING
    assert current(message_id).state is MailState.SENT
    assert len(smtp.taken) == 1


def test_a_worker_that_died_handing_over_leaves_the_message_uncertain(smtp: Sink) -> None:
    message_id = written()
    with transaction():
        parcel = delivery.claim(message_id, now=utcnow())
    assert parcel
    with transaction():
        assert delivery.hand_over(parcel, now=utcnow())

    tasks.sweep()
    held = current(message_id).state
    let_leases_run_out(message_id)
    tasks.sweep()
    tasks.deliver(message_id)

    assert held is MailState.HANDING_OVER
    assert current(message_id).state is MailState.UNCERTAIN
    assert smtp.taken == []


def test_a_worker_whose_lease_ran_out_does_not_send_the_body(app: Flask, smtp: Sink) -> None:
    message_id = written()

    def run_out() -> str:
        with app.app_context():
            let_leases_run_out(message_id)
        return "250 ok"

    smtp.script["RCPT"] = [run_out]

    tasks.deliver(message_id)

    assert smtp.taken == []
    assert "DOT" not in smtp.verbs


def test_a_slow_worker_cannot_overwrite_what_the_next_one_did(in_app: Flask) -> None:
    message_id = written()
    with transaction():
        slow = delivery.claim(message_id, now=utcnow())
    assert slow
    let_leases_run_out(message_id)
    tasks.sweep()
    tasks.deliver(message_id)

    with transaction():
        handed_over = delivery.hand_over(slow, now=utcnow())
        delivery.conclude(slow, delivery.Outcome(MailState.FAILED, "550 no"), now=utcnow())

    assert not handed_over
    assert current(message_id).state is MailState.SENT


def test_pauses_grow_to_an_hour() -> None:
    pauses = [delivery.pause(tries) for tries in range(1, 40)]

    assert pauses[:3] == [timedelta(minutes=minutes) for minutes in (1, 2, 4)]
    assert pauses == sorted(pauses)
    assert pauses[-1] == timedelta(hours=1)


def test_a_message_is_given_up_after_five_days(smtp: Sink) -> None:
    message_id = written()
    with transaction():
        message = db.session.get(Message, message_id)
        assert message
        message.created_at = utcnow() - timedelta(days=5)
    smtp.script["RCPT"] = ["450 mailbox full"]

    tasks.deliver(message_id)

    message = current(message_id)
    assert message.state is MailState.FAILED
    assert message.reply == "Given up after 5 days. RCPT: 450 mailbox full"


def disable(message: Message) -> None:
    user = db.session.get(User, message.recipient_id)
    assert user
    user.disabled_at = utcnow()


def stop(message: Message) -> None:
    add(
        MailPreference(
            user_id=message.recipient_id, kind=message.kind, wanted=False, changed_at=utcnow()
        )
    )


def stop_other(message: Message) -> None:
    add(
        MailPreference(
            user_id=message.recipient_id, kind="other", wanted=False, changed_at=utcnow()
        )
    )


@pytest.mark.parametrize(
    ("lose", "state"),
    [
        pytest.param(disable, MailState.CANCELLED, id="disabled"),
        pytest.param(stop, MailState.CANCELLED, id="stopped these mails"),
        pytest.param(stop_other, MailState.SENT, id="stopped other mails"),
    ],
)
def test_the_right_to_a_message_is_asked_again_at_sending(
    smtp: Sink, lose: Callable[[Message], None], state: MailState
) -> None:
    with transaction():
        message = make_message()
        lose(message)

    tasks.deliver(message.id)

    assert current(message.id).state is state
    assert len(smtp.taken) == (state is MailState.SENT)


def test_a_kind_can_have_its_own_rule(smtp: Sink) -> None:
    open_to = {"answer": False}

    @rules.may_receive("ruled")
    def rule(message: Message, now: datetime) -> bool:
        return open_to["answer"]

    first, second = written(kind="ruled"), written(kind="ruled")
    tasks.deliver(first)
    open_to["answer"] = True
    tasks.deliver(second)

    assert current(first).state is MailState.CANCELLED
    assert current(second).state is MailState.SENT


def test_nothing_goes_to_an_account_while_nobody_says_who_may_be_written_to(
    smtp: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules, "_for_accounts", [])
    message_id = written()

    tasks.deliver(message_id)

    assert current(message_id).state is MailState.CANCELLED
    assert smtp.taken == []


def test_the_sweep_rings_for_what_is_due_and_for_nothing_else(
    in_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    rung: list[tuple[str, tuple[int, ...]]] = []
    monkeypatch.setattr(
        "lms.core.doorbell.current_app.send_task",
        lambda name, args: rung.append((name, args)),
        raising=False,
    )
    due, later, sent = written(), written(), written()
    with transaction():
        waiting = db.session.get(Message, later)
        assert waiting
        waiting.next_try_at = utcnow() + timedelta(minutes=5)
    tasks.deliver(sent)

    tasks.sweep()

    assert rung == [("mail.deliver", (due,))]


def test_a_link_in_a_mail_reaches_no_log(
    smtp: Sink, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = StringIO()
    logger = structlog.wrap_logger(
        structlog.PrintLogger(lines),
        processors=[structlog.processors.JSONRenderer()],
        wrapper_class=structlog.BoundLogger,
    )
    monkeypatch.setattr(logs, "log", logger)
    caplog.set_level("DEBUG")
    text = "Open http://localhost/links/tiara-secret-9 to come in."
    sent, refused, cut = written(text=text), written(text=text), written(text=text)
    tasks.deliver(sent)
    smtp.script["DOT"] = ["550 no", CUT]
    tasks.deliver(refused)
    tasks.deliver(cut)
    tasks.sweep()

    assert b"tiara-secret-9" in smtp.taken[0]
    assert lines.getvalue().count("mail_tried") == 3
    assert "tiara-secret-9" not in lines.getvalue() + caplog.text


def test_the_server_is_told_about_eight_bits_only_if_it_takes_them(sink: Sink) -> None:
    transport = Smtp(mail_server(f"smtp://127.0.0.1:{sink.port}"), "a@b.org", "localhost")
    parcel = delivery.Parcel(1, 1, "note", "c@d.org", "é\r\n".encode(), WRITTEN)

    with closing(transport):
        first = transport.send(parcel, lambda: True)
    sink.script["EHLO"] = ["250 sink"]
    with closing(transport):
        second = transport.send(parcel, lambda: True)

    assert first.state is second.state is MailState.SENT
    assert sink.taken == ["é\r\n".encode()] * 2
