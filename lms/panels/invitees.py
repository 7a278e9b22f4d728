"""Reading who is to be asked: one address a line, maybe with a name before it."""

import re
from dataclasses import dataclass

from lms.core.errors import Invalid
from lms.people.rules import clean_email, clean_name

MOST = 40
"""How many people are asked at a time."""

_WITH_NAME = re.compile(r"(?P<name>[^<>]*)<(?P<email>[^<>]*)>")


@dataclass(frozen=True)
class Invitee:
    """Whom to ask; `name` may be empty."""

    email: str
    name: str


def read_invitees(text: str) -> tuple[list[Invitee], list[str]]:
    """Return whom *text* names, and a sentence for each line that cannot be taken.

    A line is `amara.okafor@hospital.org` or `Dr. Amara Okafor <amara.okafor@hospital.org>`;
    empty lines do not count.
    """
    lines = [(number, line.strip(" \t,;")) for number, line in enumerate(text.splitlines(), 1)]
    lines = [(number, line) for number, line in lines if line]
    if len(lines) > 5 * MOST:
        return [], [f"These are {len(lines):,} lines. Ask at most {MOST} people at a time."]
    invitees: dict[str, Invitee] = {}
    problems: list[str] = []
    for number, line in lines:
        try:
            invitee = _read_line(line)
        except Invalid as refusal:
            problems.append(f"Line {number}, “{line[:60]}”: {refusal.message}")
            continue
        if invitee.email in invitees:
            problems.append(f"Line {number}: {invitee.email} stands there twice.")
        invitees.setdefault(invitee.email, invitee)
    if not invitees and not problems:
        problems.append("Write at least one mail address.")
    if len(invitees) > MOST:
        problems.append(f"These are {len(invitees)} people. Ask at most {MOST} at a time.")
    return list(invitees.values()), problems


def _read_line(line: str) -> Invitee:
    parts = _WITH_NAME.fullmatch(line)
    if parts is None:
        return Invitee(clean_email(line), "")
    name = parts["name"].strip(" \t\"'")
    return Invitee(clean_email(parts["email"]), clean_name(name) if name else "")
