"""Messages that leave together share a connection, and nothing else."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from threading import Barrier, Event

import pytest
from flask import Flask

from lms.core.clock import utcnow
from lms.core.db import transaction
from lms.core.mail import MailState, Message, delivery, rules, tasks
from tests.mail.sink import CUT, Sink
from tests.mail.test_delivery import (
    current,
    let_leases_run_out,
    make_due,
    make_message,
    stop,
    written,
)

Rings = list[tuple[str, tuple[int, ...]]]


@pytest.fixture
def rung(in_app: Flask, monkeypatch: pytest.MonkeyPatch) -> Rings:
    """What was rung for, in order."""
    rings: Rings = []
    monkeypatch.setattr(
        in_app.extensions["celery"], "send_task", lambda name, args: rings.append((name, args))
    )
    return rings


def several(count: int) -> list[int]:
    return [written(text=f"Message {number}") for number in range(count)]


def states(ids: list[int]) -> list[MailState]:
    return [current(message_id).state for message_id in ids]


def test_messages_go_out_on_one_connection_byte_for_byte(smtp: Sink) -> None:
    ids = several(3)
    smtp.script["DOT"] = ["250 first", "250 second", "250 third"]

    tasks.deliver(*ids)

    messages = [current(message_id) for message_id in ids]
    assert smtp.taken == [message.raw for message in messages]
    assert [message.reply for message in messages] == [
        f"DATA: 250 {word}" for word in ("first", "second", "third")
    ]
    assert states(ids) == [MailState.SENT] * 3
    assert [smtp.verbs.count(verb) for verb in ("CONNECT", "EHLO", "QUIT")] == [1, 1, 1]


@pytest.mark.parametrize(
    ("verb", "answer", "state"),
    [
        ("RCPT", "550 no such person", MailState.FAILED),
        ("RCPT", "450 mailbox full", MailState.QUEUED),
        ("DATA", "554 no", MailState.FAILED),
        ("DOT", "554 spam", MailState.FAILED),
        ("DOT", "452 later", MailState.QUEUED),
    ],
)
def test_a_message_that_is_refused_harms_no_other(
    smtp: Sink, verb: str, answer: str, state: MailState
) -> None:
    ids = several(3)
    smtp.script[verb] = ["354 go on" if verb == "DATA" else "250 ok", answer]

    tasks.deliver(*ids)

    assert states(ids) == [MailState.SENT, state, MailState.SENT]
    assert [current(message_id).tries for message_id in ids] == [1, 1, 1]
    assert smtp.taken == [current(ids[0]).raw, current(ids[2]).raw]
    assert smtp.verbs.count("CONNECT") == 1


def test_after_a_refusal_that_the_server_does_not_forget_another_connection_is_made(
    smtp: Sink,
) -> None:
    ids = several(2)
    smtp.script["RCPT"] = ["550 no such person"]
    smtp.script["RSET"] = ["500 what?"]

    tasks.deliver(*ids)

    assert states(ids) == [MailState.FAILED, MailState.SENT]
    assert smtp.verbs.count("CONNECT") == 2


@pytest.mark.parametrize(
    ("verb", "answer"),
    [
        ("MAIL", "421 too many messages"),
        ("MAIL", "451 too many messages"),
        ("MAIL", "550 too many messages"),
        ("MAIL", CUT),
        ("RCPT", "421 closing"),
        ("RCPT", CUT),
        ("DATA", CUT),
    ],
)
def test_a_connection_that_ends_between_messages_is_no_failed_try(
    smtp: Sink, verb: str, answer: str
) -> None:
    ids = several(3)
    smtp.script[verb] = ["354 go on" if verb == "DATA" else "250 ok", answer]

    tasks.deliver(*ids)

    assert states(ids) == [MailState.SENT] * 3
    assert [current(message_id).tries for message_id in ids] == [1, 1, 1]
    assert smtp.taken == [current(message_id).raw for message_id in ids]
    assert smtp.verbs.count("CONNECT") == 2


def test_who_refuses_a_new_connection_too_is_believed(smtp: Sink) -> None:
    ids = several(2)
    smtp.script["MAIL"] = ["250 ok", "451 later", "451 later"]

    tasks.deliver(*ids)

    assert states(ids) == [MailState.SENT, MailState.QUEUED]
    assert current(ids[1]).tries == 1


def test_what_is_uncertain_stays_so_and_holds_up_no_other(smtp: Sink) -> None:
    ids = several(3)
    smtp.script["DOT"] = ["250 ok", CUT]

    tasks.deliver(*ids)
    for message_id in ids:
        make_due(message_id)
    tasks.deliver(*ids)

    assert states(ids) == [MailState.SENT, MailState.UNCERTAIN, MailState.SENT]
    assert smtp.verbs.count("DOT") == 3


def test_each_hand_over_is_durable_before_its_body_leaves(app: Flask, smtp: Sink) -> None:
    ids = several(3)
    seen: list[list[MailState]] = []

    def look() -> str:
        with app.app_context():
            seen.append(states(ids))
        return "250 ok"

    smtp.script["DOT"] = [look] * 3

    tasks.deliver(*ids)

    sent, leaving, waiting = MailState.SENT, MailState.HANDING_OVER, MailState.CONNECTING
    assert seen == [
        [leaving, waiting, waiting],
        [sent, leaving, waiting],
        [sent, sent, leaving],
    ]


def test_a_message_whose_claim_is_lost_is_left_to_who_has_it(app: Flask, smtp: Sink) -> None:
    ids = several(3)

    def run_out() -> str:
        with app.app_context():
            let_leases_run_out(ids[1])
        return "250 ok"

    smtp.script["DOT"] = [run_out]

    tasks.deliver(*ids)

    assert smtp.taken == [current(ids[0]).raw, current(ids[2]).raw]
    assert [states(ids)[0], states(ids)[2]] == [MailState.SENT, MailState.SENT]


def test_five_runs_at_once_send_each_message_once(app: Flask, smtp: Sink) -> None:
    ids = several(6)
    gate = Barrier(5)

    def run(number: int) -> None:
        gate.wait()
        with app.app_context():
            tasks.deliver(*ids[number:], *ids[:number])

    with ThreadPoolExecutor(5) as pool:
        list(pool.map(run, range(5)))

    assert states(ids) == [MailState.SENT] * 6
    assert sorted(smtp.taken) == sorted(current(message_id).raw for message_id in ids)


@pytest.mark.parametrize("lose", [stop, lambda message: setattr(message, "address", "x@y.org")])
def test_the_right_to_each_message_is_asked(smtp: Sink, lose: Callable[[Message], None]) -> None:
    ids = several(2)
    with transaction():
        message = make_message()
        lose(message)

    tasks.deliver(ids[0], message.id, ids[1])

    assert states([ids[0], message.id, ids[1]]) == [
        MailState.SENT,
        MailState.CANCELLED,
        MailState.SENT,
    ]


def test_a_message_whose_right_cannot_be_asked_keeps_back_no_other(smtp: Sink, rung: Rings) -> None:
    @rules.may_receive("broken")
    def rule(message: Message, now: datetime) -> bool:
        raise LookupError

    ids = [written(), written(kind="broken"), written()]
    rung.clear()

    tasks.deliver(*ids)
    for name, args in rung:
        assert name == "mail.deliver"
        try:
            tasks.deliver(*args)
        except LookupError:
            assert args == (ids[1],)

    assert states(ids) == [MailState.SENT, MailState.QUEUED, MailState.SENT]


def test_what_a_run_does_not_come_to_is_given_back_and_rung_for(
    smtp: Sink, rung: Rings, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = several(3)
    monkeypatch.setattr(tasks, "GOES_ON", 0.2)
    smtp.script["DOT"] = [lambda: Event().wait(0.3) or "250 ok"]
    rung.clear()

    tasks.deliver(*ids)

    assert states(ids) == [MailState.SENT, MailState.QUEUED, MailState.QUEUED]
    assert [current(message_id).tries for message_id in ids] == [1, 0, 0]
    assert rung == [("mail.deliver", tuple(ids[1:]))]


def test_what_was_put_back_and_claimed_since_is_not_put_back_again(in_app: Flask) -> None:
    (message_id,) = several(1)
    with transaction():
        (slow,) = delivery.claim_all([message_id], now=utcnow())
    let_leases_run_out(message_id)
    tasks.sweep()
    with transaction():
        assert delivery.claim_all([message_id], now=utcnow())
    with transaction():
        delivery.put_back([slow])

    assert current(message_id).state is MailState.CONNECTING


def test_messages_are_rung_for_twenty_at_a_time(in_app: Flask, rung: Rings) -> None:
    ids = [written() for _ in range(23)]
    rung.clear()

    tasks.sweep()

    assert [len(args) for _, args in rung] == [20, 3]
    assert sorted(each for _, args in rung for each in args) == ids
