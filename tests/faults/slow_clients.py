"""Clients that send half of a request, or nothing, and wait."""

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager

from tests.faults.remote import Remote

HALF_SENT = (
    b"GET /sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ",
    b"POST /sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 400\r\n"
    b"Content-Type: application/x-www-form-urlencoded\r\n\r\nemail=",
)


@contextmanager
def slow_clients(port: int, *, half_sent: int, silent: int) -> Iterator[list[socket.socket]]:
    """Hold connections to *port* on which half of a request was sent, then ones without a byte."""
    held: list[socket.socket] = []
    try:
        for number in range(half_sent + silent):
            held.append(socket.create_connection(("127.0.0.1", port), timeout=10))
            if number < half_sent:
                held[-1].sendall(HALF_SENT[number % len(HALF_SENT)])
        time.sleep(0.5)  # the server takes them up
        yield held
    finally:
        for each in held:
            each.close()


def seconds_of_saves(remote: Remote, attempt_id: int, times: int) -> list[float]:
    """Save an answer *times* times, and return how long each took; 9.0 if there was no reply."""
    taken, remote.timeout = [], 3
    for seq in range(1, times + 1):
        packet = {"tab": "slow", "seq": seq, "controls": {"answer": [str(seq)]}}
        began = time.monotonic()
        status, _ = remote.try_to_save(attempt_id, 3, packet)
        taken.append(time.monotonic() - began if status == 200 else 9.0)
    return taken
