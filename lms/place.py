"""Whether the service can start where it is to: its folder, and where it listens."""

import errno
import socket

from lms.config import Settings
from lms.private_files import SharedFolder, close_to_others


class CannotStart(Exception):
    """Why the service does not start, in one sentence."""


def check_place(settings: Settings) -> None:
    """Make sure that the service can keep its files to itself, and listen.

    Raises:
        CannotStart: the instance folder cannot be written or is others' too, or it cannot listen
            there.
    """
    try:
        settings.instance.mkdir(parents=True, exist_ok=True)
        close_to_others(settings.instance)
        (settings.instance / "logs").mkdir(exist_ok=True)
        probe = settings.instance / ".writable"
        probe.touch()
        probe.unlink()
    except SharedFolder as error:
        raise CannotStart(
            f"The folder {settings.instance} is not this account's alone, so others could read "
            "what is kept there; set LMS_INSTANCE to a folder of its own."
        ) from error
    except OSError as error:
        raise CannotStart(
            f"The folder {settings.instance} cannot be written; make it writable, "
            "or set LMS_INSTANCE to another folder."
        ) from error
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((settings.host, settings.port))
        except OSError as error:
            raise CannotStart(why_not_listening(settings, error)) from error


def why_not_listening(settings: Settings, error: OSError) -> str:
    """Say what *error* means for an operator who wanted to listen."""
    if error.errno == errno.EADDRINUSE:
        return (
            f"Port {settings.port} is taken; end what uses it, "
            f"or take another: PORT={settings.port + 1} make run"
        )
    if error.errno == errno.EACCES:
        return f"Port {settings.port} is not for this account; take another: PORT=8000 make run"
    return f"This machine has no address {settings.host} to listen at; set LMS_HOST to 127.0.0.1."
