"""A save as it arrives from a page, and the answer in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar

from lms.attempts.models import Confidence
from lms.core.errors import Invalid
from lms.taking.shown_order import authored
from question_bank.items import (
    AnyItem,
    Fields,
    InvalidResponse,
    ItemForFellow,
    Json,
    answer_to_json,
)

TAB_LENGTH = 64
"""The longest name a tab may give itself."""

UNREADABLE = "The page sent something that cannot be read. Reload it."


class InvalidAnswer(Invalid):
    """An answer that the item does not offer, or a packet that makes no sense."""


@dataclass(frozen=True)
class PageControls:
    """An answer as the controls of a page hold it, with the flag and how sure the fellow is."""

    fields: Fields

    def read(self, item: ItemForFellow) -> Json:
        """Return the answer's JSON, with choices as places as shown; None: blank."""
        return item.read_controls(self.fields)

    @property
    def flagged(self) -> bool:
        """Whether the item is flagged for review."""
        return bool(self.fields.get("flag"))

    @property
    def confidence(self) -> Confidence | None:
        """How sure the fellow is; None: not said, or nothing that we offered."""
        value = "".join(self.fields.get("confidence", ())[:1])
        return Confidence(value) if value in set(Confidence) else None


@dataclass(frozen=True)
class ShownAnswer:
    """An answer's JSON with choices as places as shown (see `shown_order.as_shown`); None: blank.

    No page gave it, so it leaves the flag as it is, and how sure the fellow is unsaid.
    """

    json: Json
    flagged: ClassVar[None] = None
    confidence: ClassVar[None] = None

    def read(self, _item: ItemForFellow) -> Json:
        """Return the answer's JSON."""
        return self.json


def answer_in(
    item: AnyItem, sent: PageControls | ShownAnswer, order: Sequence[int]
) -> dict[str, object] | None:
    """Return what is to be kept of the answer that was *sent*: its JSON, in authored indices.

    Args:
        item: What was asked.
        sent: The answer, with choices as places as shown.
        order: `order[0]` is the authored index of the option that was shown first.

    Raises:
        InvalidAnswer: the item does not offer such an answer.
    """
    shown = sent.read(item.for_fellow())
    try:
        answer = item.read_answer(authored(shown, order))
    except InvalidResponse as error:
        raise InvalidAnswer(str(error)) from error
    return answer_to_json(answer)


@dataclass(frozen=True)
class Packet:
    """A save as it arrived: which page sent it, as which of its saves, when, and what it says.

    `tab` is the random name of the page, of 1 to 64 characters, and `tab_seq` its own count of
    its saves. `age` is how long ago, by the page's account, the answer was given: a page that
    was offline sends what it has kept. None: the page does not say.
    """

    tab: str
    tab_seq: int
    received_at: datetime
    answer: PageControls | ShownAnswer
    age: timedelta | None = None

    def __post_init__(self) -> None:
        """Refuse names and numbers that no page of ours sends.

        Raises:
            InvalidAnswer: the name or a number is out of bounds.
        """
        readable = 0 < len(self.tab) <= TAB_LENGTH and self.tab.isprintable()
        if not readable or not 0 <= self.tab_seq < 2**63 or self._age < timedelta():
            raise InvalidAnswer(UNREADABLE)

    @property
    def _age(self) -> timedelta:
        return timedelta() if self.age is None else self.age

    @property
    def given_at(self) -> datetime:
        """When the answer was given, or came, where the page does not say."""
        return self.received_at - self._age
