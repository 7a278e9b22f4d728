"""A name that would end a header of a mail, and begin another or the body: it stays a name."""

import re
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.policy import default
from itertools import count

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.core.db import transaction
from lms.core.links import SecretPath
from lms.core.mail import Letter, Outsider, post
from tests.factories import NOW

pytestmark = pytest.mark.usefixtures("in_app")

ADDRESS = "amara.okafor@example.org"

HOSTILE = [
    "=?utf-8?q?Dr=2E_A=0D=0ABcc=3A_thief=40example=2Ecom?=",
    "=?utf-8?b?RHIuIEENCkJjYzogdGhpZWZAZXhhbXBsZS5jb20NCg0KQ2xpY2sgaGVyZQ==?=",
    "Dr. =?iso-8859-1?q?=0A=0A<p>Read_this</p>?= Okafor",
    "=?utf-8?q?thief=40example=2Ecom?= <thief@example.com>, Amara",
    'Amara" <thief@example.com>, "Okafor',
    "Amara\r\nBcc: thief@example.com",
    "Amara\u2028Bcc: thief@example.com\x85X: y",
    "\\",
    'A\\"',
]
"""Encoded words (RFC 2047) that hide line ends and addresses, and what would leave its quotes."""

PIECES = st.sampled_from(
    [*HOSTILE, "=?", "?=", "?q?", "?b?", "=0D=0A", "utf-8", '"', "\\", "\r\n", ":"]
)
NAMES = st.lists(PIECES | st.text(max_size=8), max_size=8).map("".join)

HEADERS = [
    "Subject", "From", "To", "Date", "Message-ID", "List-Unsubscribe", "List-Unsubscribe-Post",
    "MIME-Version", "Content-Type",
]  # fmt: skip

_number = count()


def written(to: str, asker: str) -> bytes:
    """Return the bytes of a mail to a panelist named *to*, whom a person named *asker* asks."""
    said = {"asker": asker, "title": "A case", "items": 2, "expires": "tomorrow"}
    secret = SecretPath("/panel/1.", "panel", "1")
    key = f"panel:{next(_number)}"
    letter = Letter("panel", key, "panel", context=said, link=secret, stop_link=secret)
    with transaction():
        return post(letter, to=Outsider(ADDRESS, to), now=NOW).raw


def head_of(raw: bytes) -> dict[str, str]:
    """Return the headers of *raw* as they stand in its bytes, by a reader that decodes nothing."""
    head, _, body = raw.partition(b"\r\n\r\n")
    assert body.startswith(b"--="), "the body begins elsewhere"
    assert head.isascii()
    lines = re.split(r"\r\n(?![ \t])", head.decode("ascii"))
    assert not any(set(line.replace("\r\n ", " ")) & set("\r\n") for line in lines)
    assert [line.partition(": ")[0] for line in lines] == HEADERS
    return {name: value for name, _, value in (line.partition(": ") for line in lines)}


def shown(header: str) -> str:
    """Return what a reader of mails makes of a header."""
    return " ".join(str(make_header(decode_header(header.replace("\r\n ", " ")))).split())


def seen(name: str) -> str:
    """Return what can be seen of a name, in one line."""
    return " ".join("".join(c for c in name if c.isprintable() or c.isspace()).split())


def check(to: str, asker: str) -> None:
    raw = written(to, asker)
    head = head_of(raw)
    mime = message_from_bytes(raw, policy=default)

    assert isinstance(mime, EmailMessage)
    assert [each.addr_spec for each in mime["To"].addresses] == [ADDRESS]
    assert head["To"].endswith(f"<{ADDRESS}>" if seen(to) else ADDRESS)
    assert shown(head["Subject"]) == seen(f"{asker} asks for your judgment on a case")


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_that_hides_line_ends_makes_no_header_and_no_body(name: str) -> None:
    check(name, name)


@settings(max_examples=40, deadline=None)
@given(NAMES, NAMES)
def test_whatever_people_are_called_a_mail_has_our_headers_and_one_recipient(
    to: str, asker: str
) -> None:
    check(to, asker)


@pytest.mark.parametrize(
    ("names", "said"),
    [
        ({"product_name": "Köln Rounds"}, "Köln Rounds <rounds@localhost>"),
        ({"mail_from": "Köln Rounds <k@example.org>"}, "Köln Rounds <k@example.org>"),
        ({"mail_from": "k@example.org"}, "k@example.org"),
    ],
)
def test_the_sender_is_called_as_the_settings_say(
    in_app: Flask, monkeypatch: pytest.MonkeyPatch, names: dict[str, str], said: str
) -> None:
    for name, value in names.items():
        monkeypatch.setattr(in_app.extensions["settings"], name, value)

    sender = message_from_bytes(written("Amara", "Bela"), policy=default)["From"]

    assert str(sender) == said
