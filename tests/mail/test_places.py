"""Secrets stand in a mail when it leaves, and at no other time; every try has the same bytes."""

from email import message_from_bytes
from email.policy import default

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from lms.core.clock import utcnow
from lms.core.db import db, transaction
from lms.core.links import SecretPath
from lms.core.mail import Letter, MailState, Message, post, tasks
from lms.core.mail.places import filled
from lms.core.mail.reading import parts_of
from lms.core.mail.writing import LONGEST_LINE, short_lines
from lms.core.signing import signature
from tests.factories import make_user
from tests.mail.sink import Sink
from tests.mail.test_delivery import make_due

PATH = SecretPath("/panel/7.", "panel", "7@1")


def written(title: str = "A case", **more: SecretPath) -> Message:
    """Return a message whose link, and what stops it, have secrets."""
    context = {"asker": "A", "title": title, "items": 1, "expires": "never"}
    letter = Letter("note", "note:1", "panel", context, **({"link": PATH} | more))
    with transaction():
        return post(letter, make_user(), now=utcnow())


def test_what_is_stored_has_places_and_what_leaves_has_secrets(smtp: Sink) -> None:
    message = written(stop_link=SecretPath("/unsubscribe/x.", "stop-mails", "x"))
    secret = signature("7@1", purpose="panel").encode()
    stops = signature("x", purpose="stop-mails").encode()

    tasks.deliver(message.id)

    (taken,) = smtp.taken
    assert taken.count(b"http://localhost/panel/7." + secret) == 2, "in the text and in HTML"
    assert b"List-Unsubscribe: <http://localhost/unsubscribe/x." + stops + b">" in taken
    for each in (secret, stops):
        assert each not in message.raw
        assert each.decode() not in str(message.places)


def test_the_local_mailbox_shows_the_link_that_was_meant(in_app: Flask) -> None:
    message = written()

    parts = parts_of(message)

    assert f"http://localhost{PATH.in_clear()}" in parts.text.splitlines()
    assert f'href="http://localhost{PATH.in_clear()}"' in (parts.html or "")


def test_every_try_has_the_same_bytes_though_our_key_was_changed_between(
    in_app: Flask, smtp: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = written()
    first, old = filled(message), in_app.config["SECRET_KEY"]
    smtp.script["DOT"] = ["451 later"]

    tasks.deliver(message.id)
    monkeypatch.setitem(in_app.config, "SECRET_KEY", "the next one")
    monkeypatch.setitem(in_app.config, "SECRET_KEY_FALLBACKS", [old])
    make_due(message.id)
    tasks.deliver(message.id)

    assert smtp.taken == [first]


def test_without_the_key_of_then_the_link_is_of_the_key_of_now(
    in_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = written()
    monkeypatch.setitem(in_app.config, "SECRET_KEY", "the next one")

    assert PATH.in_clear().encode() in filled(message)


def test_what_somebody_wrote_is_no_place(in_app: Flask) -> None:
    """Whoever could write a mark could have somebody else's link mailed to them."""
    one = written()
    (mark,) = one.places
    context = {"asker": mark, "title": str(one.places), "items": 1, "expires": mark}
    with transaction():
        other = post(Letter("note", "note:2", "panel", context, PATH), make_user(), now=utcnow())

    assert set(one.places).isdisjoint(other.places)
    assert filled(other).count(signature("7@1", purpose="panel").encode()) == 2
    assert mark.encode() in filled(other)


@pytest.mark.parametrize("word", ["word ", "é" * 7 + " ", "unbroken", "ß"])
def test_a_long_line_hides_no_place_and_loses_no_letter(smtp: Sink, word: str) -> None:
    message = written(title=word * 400)

    tasks.deliver(message.id)

    (taken,) = smtp.taken
    assert max(map(len, taken.splitlines())) <= LONGEST_LINE
    assert taken.count(PATH.in_clear().encode()) == 2
    text = message_from_bytes(taken, policy=default).get_body(("plain",)).get_content()
    assert "".join(text.split()).count("".join(word.split())) >= 400


@given(st.text(alphabet="aé€😀 \n", max_size=4000))
def test_short_lines_say_what_long_ones_said(text: str) -> None:
    short = short_lines(text)

    assert all(len(line.encode()) <= LONGEST_LINE for line in short.split("\n"))
    assert [c for c in short if c not in " \n"] == [c for c in text if c not in " \n"]
    if len(text.encode()) <= LONGEST_LINE:
        assert short == text


def test_a_second_sending_has_the_bytes_of_the_first(smtp: Sink) -> None:
    message = written()
    smtp.script["DOT"] = ["550 no"]
    tasks.deliver(message.id)
    first = filled(message)
    with transaction():
        again = db.session.get(Message, message.id, populate_existing=True)
        assert again is not None
        assert again.state is MailState.FAILED
        again.state, again.next_try_at = MailState.QUEUED, utcnow()

    tasks.deliver(message.id)

    assert smtp.taken == [first]
