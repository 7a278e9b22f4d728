"""The kinds of mail that can be stopped; each room above registers its own."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TypeVar

from lms.core.errors import NotFound
from lms.people.models import Role

Kind = TypeVar("Kind", bound=str)


@dataclass(frozen=True)
class StoppableKind:
    """A kind of mail, and how the page on which it is stopped speaks of it.

    `kind` is that of its messages, `name` what people call it ("weekly mail"). `about` says what
    it tells, `without_it` what is still open to who has stopped it. It goes to those who hold one
    of `roles` when it leaves; they can have it sent again at the endpoint `page`, which the top
    bar calls `page_name`.
    """

    kind: str
    name: str
    about: str
    without_it: str
    roles: frozenset[Role]
    page: str
    page_name: str


_kinds: dict[str, StoppableKind] = {}


def can_be_stopped(kind: StoppableKind) -> None:
    """Register *kind*."""
    _kinds[kind.kind] = kind


def can_each_be_stopped(
    said: Mapping[Kind, tuple[str, str]], roles: frozenset[Role], *, left: str
) -> None:
    """Register kinds that people stop one by one under Settings.

    Args:
        said: Of each kind, what people call it and what it tells.
        roles: To whom they go.
        left: What is still open to who has stopped them.
    """
    for kind, (name, about) in said.items():
        can_be_stopped(
            StoppableKind(
                kind=kind,
                name=name,
                about=about,
                without_it=f"It no longer comes to you. {left}",
                roles=roles,
                page="accounts.settings",
                page_name="Settings",
            )
        )


def stoppable_kinds() -> list[str]:
    """Return the kinds of messages that can be stopped."""
    return sorted(_kinds)


def kinds_for(roles: Collection[Role]) -> list[StoppableKind]:
    """Return the kinds of mail that go to people with one of *roles*, by what they tell."""
    own = (kind for kind in _kinds.values() if not kind.roles.isdisjoint(roles))
    return sorted(own, key=lambda kind: kind.about)


def can_stop(kind: str) -> bool:
    """Return whether messages of *kind* are of a kind that people can stop."""
    return kind in _kinds


def stoppable_kind(kind: str) -> StoppableKind:
    """Return the kind of mail that messages of *kind* are of.

    Raises:
        NotFound: mails of that kind cannot be stopped.
    """
    if kind not in _kinds:
        raise NotFound
    return _kinds[kind]
