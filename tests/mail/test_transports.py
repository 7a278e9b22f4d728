import re
import ssl
import subprocess
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.addresses import MailServer
from lms.config import Settings
from lms.core.mail.delivery import Parcel
from lms.core.mail.models import MailState
from lms.core.mail.transports import (
    Mailbox,
    Smtp,
    stuffed,
    transport_of,
)
from tests.mail.sink import running_sink

PARCEL = Parcel(
    1,
    1,
    "note",
    "fellow@example.org",
    b"Subject: x\r\n\r\nBody\r\n",
    datetime(2026, 11, 23, tzinfo=UTC),
)


def test_the_embedded_profile_keeps_mail_here_until_a_server_is_set() -> None:
    assert isinstance(transport_of(Settings()), Mailbox)
    assert isinstance(transport_of(Settings(smtp_url="smtps://mx.org")), Smtp)


def test_without_a_server_mail_waits_and_says_why() -> None:
    settings = Settings(
        profile="service",
        database_url="postgresql://db/rounds?sslmode=require",
        redis_url="rediss://cache",
        secret_key="for tests only, and long enough to be taken",
        base_url="https://rounds.example.org",
    )

    outcome = transport_of(settings).send(PARCEL, lambda: True)

    assert outcome.state is MailState.QUEUED
    assert "LMS_SMTP_URL" in outcome.reply


@pytest.mark.parametrize(
    ("user", "password", "sender"),
    [
        ("me", "gehäim", "rounds@example.org"),
        ("mé", "secret", "rounds@example.org"),
        ("", "", "größe@example.org"),
    ],
)
def test_what_smtp_cannot_say_fails_in_words_and_repeats_no_password(
    user: str, password: str, sender: str
) -> None:
    with running_sink() as sink:
        sink.script["EHLO"] += ["250-sink\r\n250 AUTH PLAIN"]
        server = MailServer("smtp", "127.0.0.1", sink.port, user, password)

        with closing(Smtp(server, sender, "localhost")) as transport:
            outcome = transport.send(PARCEL, lambda: True)

    assert outcome.state is MailState.FAILED
    assert "beyond ASCII" in outcome.reply
    assert password == "" or password not in outcome.reply
    assert sink.taken == []


@pytest.mark.parametrize("scheme", ["smtp+starttls", "smtps"])
def test_a_server_without_the_promised_encryption_gets_nothing(scheme: str) -> None:
    with running_sink() as sink:
        server = MailServer(scheme, "127.0.0.1", sink.port, "me", "secret")

        with closing(Smtp(server, "rounds@localhost", "localhost")) as transport:
            outcome = transport.send(PARCEL, lambda: True)

    assert outcome.state is MailState.QUEUED
    assert "secret" not in outcome.reply
    assert not {"MAIL", "AUTH"} & set(sink.verbs)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("tls")
    key, chain = folder / "key.pem", folder / "cert.pem"
    command = (
        "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost"
        f" -addext subjectAltName=DNS:localhost -keyout {key} -out {chain}"
    )
    subprocess.run(command.split(), check=True, capture_output=True)
    return key, chain


@pytest.mark.parametrize(
    ("host", "trusted", "state"),
    [
        pytest.param("localhost", True, MailState.SENT, id="right certificate"),
        pytest.param("127.0.0.1", True, MailState.QUEUED, id="for another name"),
        pytest.param("localhost", False, MailState.QUEUED, id="from nobody known"),
    ],
)
@pytest.mark.parametrize("scheme", ["smtp+starttls", "smtps"])
def test_certificates_are_verified(
    certificate: tuple[Path, Path],
    monkeypatch: pytest.MonkeyPatch,
    host: str,
    trusted: bool,
    state: MailState,
    scheme: str,
) -> None:
    key, chain = certificate
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain, key)
    if trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(chain))
    with running_sink(context, at_once=scheme == "smtps") as sink:
        server = MailServer(scheme, host, sink.port, "me", "secret")

        with closing(Smtp(server, "rounds@localhost", "localhost")) as transport:
            outcome = transport.send(PARCEL, lambda: True)

    assert outcome.state is state
    assert sink.taken == ([PARCEL.raw] if state is MailState.SENT else [])
    assert ("AUTH" in sink.verbs) == (state is MailState.SENT)


@given(st.binary(max_size=60).map(lambda raw: raw.replace(b"x", b"\r\n.")))
def test_no_line_of_a_body_is_taken_for_its_end(raw: bytes) -> None:
    sent = stuffed(raw)

    assert sent.endswith(b"\r\n")
    assert b"\r\n.\r\n" not in b"\r\n" + sent
    assert not re.search(rb"(?<!\r)\n|\r(?!\n)", sent)
    lines = sent.split(b"\r\n")
    restored = b"\r\n".join(line.removeprefix(b".") for line in lines)
    plain = re.sub(rb"\r\n|\r|\n", b"\r\n", raw)
    assert restored == (plain if plain.endswith(b"\r\n") else plain + b"\r\n")
