"""Telling people what happened: one mail and one notice a fact and person.

Mails are read on phones, also by people who are fellows themselves. So one says which case it is
about and what happened, and nothing of what the case says, of a key, or of what was written on it.
The reason that a director gives for an act on a quiz is told.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from lms.core.inserts import insert_new
from lms.core.mail import Letter, Message, post_all
from lms.notices.models import Notice
from lms.notices.stop_links import stop_path
from lms.people.models import User

BATCH = 200
"""How many are written by one statement; a row of a message has 14 values."""


@dataclass(frozen=True)
class Telling:
    """What one mail says: a subject that is the conclusion, sentences, and one button.

    `occasion` is the kind of the mail, of those that can be stopped. `fact` tells the fact apart
    from all others of its occasion ("41", "41:60 days"); the same fact is told to a person once,
    however often it is asked for. `about` is the table and number of the row that it is about,
    `path` where on the site the button leads ("/reviews/41").
    """

    occasion: StrEnum
    fact: str
    about: tuple[str, int]
    subject: str
    sentences: tuple[str, ...]
    button: str
    path: str


def tell(telling: Telling, people: Iterable[User], *, now: datetime) -> None:
    """Tell each of *people* the same; see `tell_each`."""
    tell_each([(telling, person) for person in people], now=now)


def tell_each(tellings: Sequence[tuple[Telling, User]], *, now: datetime) -> None:
    """Write each telling to its person, in the transaction of what it tells.

    What the person was told already is not told again, also by workers at the same moment. Who
    has stopped such mails is noted to have been told, and gets none. Three statements for each
    200 of them.
    """
    by_key = {key_of(telling, person): (telling, person) for telling, person in tellings}
    keys = sorted(by_key)
    for start in range(0, len(keys), BATCH):
        batch = keys[start : start + BATCH]
        letters = [(_letter(key, *by_key[key]), by_key[key][1]) for key in batch]
        messages = post_all(letters, now=now)
        _note([(by_key[key][0], message) for key, message in messages.items()], now)


def key_of(telling: Telling, person: User) -> str:
    """Return what tells from all others that *person* is told this."""
    return f"{telling.occasion}:{telling.fact}:{person.id}"


def _letter(key: str, telling: Telling, person: User) -> Letter:
    return Letter(
        kind=telling.occasion,
        key=key,
        template="telling",
        context={"telling": telling},
        stop_link=stop_path(person.id, telling.occasion),
    )


def _note(told: Iterable[tuple[Telling, Message]], now: datetime) -> None:
    rows = [
        {
            "user_id": message.recipient_id,
            "kind": telling.occasion,
            "object_type": telling.about[0],
            "object_id": telling.about[1],
            "key": message.key,
            "path": telling.path,
            "at": now,
            "message_id": message.id,
        }
        for telling, message in told
    ]
    if rows:
        insert_new(Notice, rows)
