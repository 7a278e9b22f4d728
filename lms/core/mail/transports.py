"""Where messages go: a mail server by SMTP, or the mailbox in our own database."""

import re
import ssl
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from ipaddress import ip_address
from smtplib import SMTP, SMTP_SSL, SMTPResponseException
from typing import Protocol
from urllib.parse import urlsplit

from lms.addresses import MailServer, mail_server
from lms.config import Settings
from lms.core.mail.delivery import Outcome, Parcel
from lms.core.mail.models import MailState

VERB_TIMEOUT = 30.0
"""Seconds the server may take for each answer before the final dot."""

DOT_TIMEOUT = 600.0
"""Seconds it may take after it: giving up early is how copies come about (RFC 5321, 4.5.3.2.6)."""

SERVER_LEAVES = 421
"""The code with which a server ends a connection (RFC 5321, 3.8)."""

KEPT = "Kept in the local mailbox"

BEYOND_ASCII = "An address or the sign-in to the mail server has letters beyond ASCII."

BeforeBody = Callable[[], bool]
"""Makes the hand-over durable; returns False if it must not happen."""


class Transport(Protocol):
    """A way out."""

    def send(self, parcel: Parcel, before_body: BeforeBody) -> Outcome:
        """Send *parcel* once, calling *before_body* at the last moment at which it is harmless."""

    def close(self) -> None:
        """Let go of what was kept for further messages."""


def transport_of(settings: Settings) -> Transport:
    """Return the way out that *settings* name."""
    if settings.local_mailbox:
        return Mailbox()
    if not settings.smtp_url:
        return Nowhere("LMS_SMTP_URL is not set.")
    _, address = settings.sender
    return Smtp(mail_server(settings.smtp_url), address, _own_name(settings.base_url))


def _own_name(base_url: str) -> str:
    host = urlsplit(base_url).hostname or "localhost"
    try:
        ip_address(host)
    except ValueError:
        return host
    return f"[{host}]"


class Mailbox:
    """Keeps the message where it is, to be read at `/mailbox`."""

    def send(self, parcel: Parcel, before_body: BeforeBody) -> Outcome:
        """Call it sent."""
        return Outcome(MailState.SENT, KEPT)

    def close(self) -> None:
        """Do nothing: nothing was kept."""


@dataclass(frozen=True)
class Nowhere:
    """Stands in for a server that is not set up: messages wait for it."""

    why: str

    def send(self, parcel: Parcel, before_body: BeforeBody) -> Outcome:
        """Leave it queued."""
        return Outcome(MailState.QUEUED, self.why)

    def close(self) -> None:
        """Do nothing: nothing was kept."""


class Refused(Exception):
    """The server refused the message at a verb."""

    def __init__(self, verb: str, code: int, words: bytes) -> None:
        self.verb, self.code = verb, code
        super().__init__(f"{verb}: {_said(code, words)}")


@dataclass
class Smtp:
    """Hands messages to a mail server, one after another on the connection that it keeps.

    `sender` is the envelope's address, `own_name` what we call ourselves.
    """

    server: MailServer
    sender: str
    own_name: str
    _kept: SMTP | None = field(default=None, init=False)

    def send(self, parcel: Parcel, before_body: BeforeBody) -> Outcome:
        """Send *parcel*; the verbs are ours because `sendmail` hides the moment that matters."""
        try:
            smtp = self._announced(parcel)
        except Refused as refused:
            lasting = 500 <= refused.code < 600
            return Outcome(MailState.FAILED if lasting else MailState.QUEUED, str(refused))
        except OSError as error:  # which SMTPException is one of
            return Outcome(MailState.QUEUED, _why(error))
        except UnicodeError:  # its own words repeat a part of what may be the password
            return Outcome(MailState.FAILED, BEYOND_ASCII)
        try:
            if not before_body():
                return Outcome(MailState.QUEUED, "The claim was lost before the hand-over.")
            outcome = self._deliver_body(smtp, parcel.raw)
        finally:
            if smtp is not self._kept:
                smtp.close()
        return outcome

    def close(self) -> None:
        """Leave the server."""
        _leave(self._kept)
        self._kept = None

    def _announced(self, parcel: Parcel) -> SMTP:
        """Return a connection whose server waits for the body of *parcel*.

        A kept one may be at its end, which says nothing of this message: where its server has hung
        up, says so, or takes no further message, a new one is made.
        """
        kept, self._kept = self._kept, None
        if kept is not None:
            try:
                self._announce(kept, parcel)
            except Refused as refused:
                if refused.verb != "MAIL" and refused.code != SERVER_LEAVES:
                    raise
                self.close()
            except OSError as error:
                if isinstance(error.__context__, TimeoutError):
                    raise
            else:
                return kept
        smtp = self._connect()
        self._announce(smtp, parcel)
        return smtp

    def _connect(self) -> SMTP:
        """Return a connection that is greeted, encrypted and signed in as the address says.

        What the server refuses here concerns us, not the message: it waits, whatever the code.
        """
        at = self.server
        if at.scheme == "smtps":
            context = ssl.create_default_context()
            smtp: SMTP = SMTP_SSL(
                at.host, at.port, self.own_name, timeout=VERB_TIMEOUT, context=context
            )
        else:
            smtp = SMTP(at.host, at.port, self.own_name, timeout=VERB_TIMEOUT)
        try:
            smtp.ehlo_or_helo_if_needed()
            if at.scheme == "smtp+starttls":
                smtp.starttls(context=ssl.create_default_context())
                smtp.ehlo_or_helo_if_needed()
            if at.user:
                smtp.login(at.user, at.password)
        except BaseException:
            _leave(smtp)
            raise
        return smtp

    def _announce(self, smtp: SMTP, parcel: Parcel) -> None:
        """Say who sends to whom, up to the server's "go ahead".

        The connection is kept where the server refuses this message alone, and else left.
        """
        eight_bits = not parcel.raw.isascii() and smtp.has_extn("8bitmime")
        options = ["BODY=8BITMIME"] if eight_bits else []
        try:
            _expect("MAIL", smtp.mail(self.sender, options), 250)
            _expect("RCPT", smtp.rcpt(parcel.address), 250, 251)
            _expect("DATA", smtp.docmd("DATA"), 354)
        except Refused as refused:
            if refused.code != SERVER_LEAVES and _is_reset(smtp):
                self._kept = smtp
            else:
                _leave(smtp)
            raise
        except BaseException:
            _leave(smtp)
            raise

    def _deliver_body(self, smtp: SMTP, raw: bytes) -> Outcome:
        """Send the body, the dot, and wait.

        Without the dot nothing was accepted; after it, perhaps. Once the server has answered, the
        connection is good for the next message.
        """
        assert smtp.sock is not None  # noqa: S101
        smtp.sock.settimeout(DOT_TIMEOUT)
        try:
            smtp.send(stuffed(raw))
        except OSError as error:
            return Outcome(MailState.QUEUED, _why(error))
        try:
            smtp.send(b".\r\n")
            code, words = smtp.getreply()
        except Exception as error:  # also a time limit: whatever it was, the dot may have arrived
            return Outcome(MailState.UNCERTAIN, f"No answer after the message: {_why(error)}")
        if 200 <= code < 600 and code != SERVER_LEAVES:
            smtp.sock.settimeout(VERB_TIMEOUT)
            self._kept = smtp
        else:
            _leave(smtp)
        reply = f"DATA: {_said(code, words)}"
        if 200 <= code < 300:
            return Outcome(MailState.SENT, reply)
        if 400 <= code < 500:
            return Outcome(MailState.QUEUED, reply)
        return Outcome(MailState.FAILED if 500 <= code < 600 else MailState.UNCERTAIN, reply)


def _expect(verb: str, answer: tuple[int, bytes], *codes: int) -> None:
    if answer[0] not in codes:
        raise Refused(verb, *answer)


def _is_reset(smtp: SMTP) -> bool:
    """Whether the server has forgotten the message that it refused."""
    try:
        return smtp.rset()[0] == 250
    except OSError:
        return False


def stuffed(raw: bytes) -> bytes:
    """Return *raw* with CRLF line ends and a second dot before each line that starts with one."""
    lines = re.sub(rb"\r\n|\r|\n", b"\r\n", raw)
    lines = lines if lines.endswith(b"\r\n") else lines + b"\r\n"
    return re.sub(rb"(?m)^\.", b"..", lines)


def _leave(smtp: SMTP | None) -> None:
    """Say goodbye without waiting for an answer."""
    if smtp is not None:
        with suppress(OSError):
            smtp.putcmd("quit")
        smtp.close()


def _said(code: int, words: bytes) -> str:
    return f"{code} {words.decode(errors='replace')}"


def _why(error: Exception) -> str:
    if isinstance(error, SMTPResponseException):
        words = error.smtp_error
        return _said(error.smtp_code, words if isinstance(words, bytes) else words.encode())
    return f"{type(error).__name__}: {error}"
