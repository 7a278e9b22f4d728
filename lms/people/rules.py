"""What an address, a name and a time zone must be like."""

import re
from collections.abc import Collection

from lms.core.errors import Invalid
from lms.people.models import Role
from lms.zones import ZONES
from question_bank.composing import BeyondMeasure, composed

LONGEST_EMAIL = 254
LONGEST_NAME = 100
_ATOM = r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?"
_EMAIL = re.compile(rf"{_ATOM}(?:\.{_ATOM})*@{_LABEL}(?:\.{_LABEL})+", re.ASCII)

_LIKE_AN_ADDRESS = re.compile("[@\ufe6b\uff20]|://")
"""At signs, also the small one and that of full width; the start of a link."""


def clean_email(text: str) -> str:
    """Return the address in the one way it is kept: trimmed, in lower case.

    Raises:
        Invalid: *text* is not a mail address of at most 254 ASCII characters, or one that mail
            programs would decode to another.
    """
    email = text.strip().lower()
    local = email.partition("@")[0]
    sound = len(email) <= LONGEST_EMAIL and len(local) <= 64 and _EMAIL.fullmatch(email)
    if not sound or "=?" in local:
        raise Invalid("Write a mail address like amara.okafor@hospital.org.", field="email")
    return email


def clean_name(text: str) -> str:
    """Return the name with single spaces, composed (NFC).

    Raises:
        Invalid: nothing is left, more than 100 characters, characters that cannot be seen, the
            code that mail headers have for others (RFC 2047), or what mail programs and readers
            would take for an address that the person has.
    """
    try:
        name = " ".join(composed(text, longest=LONGEST_NAME).split())
    except BeyondMeasure:
        raise Invalid(f"A name has at most {LONGEST_NAME} characters.", field="name") from None
    if not name:
        raise Invalid("Write the person's name.", field="name")
    if len(name) > LONGEST_NAME:
        raise Invalid(f"A name has at most {LONGEST_NAME} characters.", field="name")
    if not name.isprintable():
        raise Invalid("The name contains a character that cannot be shown.", field="name")
    if "=?" in name:
        sentence = "The name is in the code of mail headers (=?…?=). Write it in plain letters."
        raise Invalid(sentence, field="name")
    if _LIKE_AN_ADDRESS.search(name):
        raise Invalid("A name is no address: leave out @ and “://”.", field="name")
    return name


def clean_zone(text: str) -> str:
    """Return *text* if it names a zone that people may choose.

    Raises:
        Invalid: it does not.
    """
    zone = text.strip()
    if zone not in ZONES:
        raise Invalid("Write a time zone like America/New_York.", field="time_zone")
    return zone


def warning_of(name: str, roles: Collection[Role]) -> str | None:
    """Return of what is warned who gives *roles* to the person called *name*; None: of nothing.

    Whoever may be asked a case reads no key of it, whatever else the person does.
    """
    if Role.FELLOW not in roles or len(roles) == 1:
        return None
    return (
        f"{name} is a fellow too: while {name} may be asked cases, bank, panels, marking and "
        f"reports show {name} no answers but those to cases that {name} wrote."
    )
