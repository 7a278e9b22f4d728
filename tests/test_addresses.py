"""What may stand in a setting that names a place, and what is said of the rest."""

import pytest

from lms.addresses import (
    InvalidAddress,
    MailServer,
    check_base_url,
    check_redis,
    check_sender,
    mail_server,
)


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://127.0.0.1:2525", MailServer("smtp", "127.0.0.1", 2525, "", "")),
        ("smtp://localhost", MailServer("smtp", "localhost", 25, "", "")),
        ("smtp://[::1]:2525", MailServer("smtp", "::1", 2525, "", "")),
        ("smtp+starttls://mx.org", MailServer("smtp+starttls", "mx.org", 587, "", "")),
        ("smtps://me%40x.org:p%3Aw@mx.org", MailServer("smtps", "mx.org", 465, "me@x.org", "p:w")),
    ],
)
def test_the_address_of_a_server_is_read(url: str, server: MailServer) -> None:
    assert mail_server(url) == server


@pytest.mark.parametrize(
    "url",
    ["", "mx.org", "http://mx.org", "smtp://", "smtp://mx.org", "smtp://10.0.0.8", "smtps://x:y"],
)
def test_a_server_that_mail_cannot_be_trusted_to_is_refused(url: str) -> None:
    with pytest.raises(InvalidAddress):
        mail_server(url)


@pytest.mark.parametrize(
    "url",
    [
        "smtps://me:geh%C3%A4im@mx.org",
        "smtps://me:geheim/x@mx.org",
        "smtps://me:geheim#x@mx.org",
        "smtps://me:geheim@mx.org:port",
        "imap://me:geheim@mx.org",
        "smtps://me:geheim@[mx.org",
    ],
)
def test_what_is_said_of_a_server_repeats_no_password(url: str) -> None:
    with pytest.raises(InvalidAddress) as caught:
        mail_server(url)

    assert "geh" not in str(caught.value)
    assert caught.value.__context__ is None


@pytest.mark.parametrize(
    "sender",
    [
        "rounds@localhost",
        "Pain Rounds <rounds@localhost>",
        "Dr. X <rounds@example.org>",
        '"Rounds, Pain" <rounds@example.org>',
        "Größe <rounds@example.org>",
    ],
)
def test_one_address_can_send_with_or_without_a_name(sender: str) -> None:
    check_sender(sender)


@pytest.mark.parametrize(
    "sender",
    [
        *("", "Pain Rounds", "rounds@", "@example.org", "a@b@c", "a@b, c@d", "a@b c@d"),
        *("Dr. X, Y <a@b.c>", "Schmerz <größe@x.de>", "a..b@c.org", "X <a@b.c>\nBcc: d@e.f"),
        *("X <a b@c.org>", "X <a@b c>", "a@[::1]", "a@b.c <", "X <a@-.;>"),
    ],
)
def test_what_is_not_one_address_cannot_send(sender: str) -> None:
    with pytest.raises(InvalidAddress, match="write one address"):
        check_sender(sender)


@pytest.mark.parametrize(
    "url",
    [
        *("http://localhost", "https://rounds.example.org/", "http://[::1]:8000"),
        *("http://lab_2:80", "https://xn--kln-sna.example.org"),
    ],
)
def test_links_can_start_with_a_scheme_a_host_and_a_port(url: str) -> None:
    check_base_url(url)


@pytest.mark.parametrize(
    "url",
    [
        *("rounds.example.org", "ftp://x.org", "https://", "https:///x", "https://x.org/rounds"),
        *("https://x.org?a=1", "https://x.org/#a", "https://me:geheim@x.org", "https://x y.org"),
        *("https://x.org:port", "https://x.org:99999", "https://[x.org", "localhost:8000"),
        *("https://köln.example.org", "https://köln"),
    ],
)
def test_links_can_start_with_nothing_else(url: str) -> None:
    with pytest.raises(InvalidAddress) as caught:
        check_base_url(url)

    assert "https://rounds.example.org" in str(caught.value)
    assert "geheim" not in str(caught.value)


@pytest.mark.parametrize(
    "url", ["redis://cache", "redis://:geheim@127.0.0.1:6379/0", "rediss://me:geheim@c.org/"]
)
def test_a_redis_server_has_a_host_and_perhaps_more(url: str) -> None:
    check_redis(url)


@pytest.mark.parametrize(
    "url", ["cache", "redis://", "http://cache", "redis://c:geheim", "redis://c/geheim", "redis:c"]
)
def test_what_is_no_redis_server_is_refused(url: str) -> None:
    with pytest.raises(InvalidAddress) as caught:
        check_redis(url)

    assert "geheim" not in str(caught.value)
