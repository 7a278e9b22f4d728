"""Writing messages: once a key, one by one or many together."""

import pytest

from lms.core.db import db, transaction
from lms.core.links import SecretPath
from lms.core.mail import Letter, Message, post, post_all
from lms.people.models import User
from tests.factories import NOW, make_fellow

pytestmark = pytest.mark.usefixtures("in_app")


def letter(key: str, expires: str = "tomorrow") -> Letter:
    return Letter(
        kind="invitation",
        key=key,
        template="invitation",
        context={"expires": expires},
        link=SecretPath("/links/1.", "invitation", "1"),
    )


def people(count: int) -> list[User]:
    with transaction():
        return [make_fellow() for _ in range(count)]


def messages() -> list[Message]:
    return list(db.session.scalars(db.select(Message).order_by(Message.id)))


def test_letters_posted_together_are_as_if_each_had_been_posted() -> None:
    one, other = people(2)

    with transaction():
        post(letter("a"), one, now=NOW)
        post_all([(letter("b"), one), (letter("c"), other)], now=NOW)

    alone, *together = messages()
    assert [(each.key, each.recipient_id) for each in together] == [("b", one.id), ("c", other.id)]
    for each in together:
        assert (each.kind, each.subject, each.state) == (alone.kind, alone.subject, alone.state)
        assert each.next_try_at == each.created_at == NOW


def test_of_letters_posted_together_those_whose_key_is_known_are_not_written_again() -> None:
    (one,) = people(1)
    with transaction():
        post(letter("a", "at first light"), one, now=NOW)

    for _ in range(2):
        with transaction():
            post_all([(letter("a", "at noon"), one), (letter("b"), one)], now=NOW)

    first, _second = messages()
    assert b"at first light" in first.raw
