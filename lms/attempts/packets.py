"""One answer's row and the log beside it, as saving reads and writes them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, exists, select, update

from lms.attempts.answers import authored
from lms.attempts.models import Attempt, Response, ResponseEvent
from lms.attempts.storage import insert_unless_present
from lms.cases.models import CaseVersion, Item
from lms.cases.queries import item_of, parsed
from lms.core.db import db
from lms.core.errors import Invalid, NotFound
from question_bank.items import InvalidResponse, answer_to_json, parse_answer

TAB_LENGTH = 64
"""The longest name a tab may give itself."""


class InvalidAnswer(Invalid):
    """An answer that the item does not offer, or a packet that makes no sense."""


@dataclass(frozen=True)
class Packet:
    """A save as it arrived: which page sent it, as which of its saves, and when."""

    tab: str
    tab_seq: int
    received_at: datetime

    def __post_init__(self) -> None:
        """Refuse names and numbers that no page of ours sends.

        Raises:
            InvalidAnswer: the name or the number is out of bounds.
        """
        readable = 0 < len(self.tab) <= TAB_LENGTH and self.tab.isprintable()
        if not readable or not 0 <= self.tab_seq < 2**63:
            raise InvalidAnswer("The page sent something that cannot be read. Reload it.")


def place_of(fellow_id: int, attempt_id: int, position: int) -> Row[Any]:
    """Return the response at *position*, with its item's key and its version.

    Raises:
        NotFound: no such attempt or item of this fellow.
    """
    found = db.session.execute(
        select(
            Response.id,
            Response.order,
            Response.answer,
            Response.revision,
            Response.last_tab,
            Attempt.state,
            Item.key,
            CaseVersion,
        )
        .join(Response.attempt)
        .join(Response.item)
        .join(Response.version)
        .where(
            Response.attempt_id == attempt_id,
            Response.position == position,
            Attempt.fellow_id == fellow_id,
        )
    ).one_or_none()
    if found is None:
        raise NotFound
    return found


def parse(place: Row[Any], raw: object) -> dict[str, Any] | None:
    """Return what is to be stored for *raw*, whose choices are places as shown.

    Raises:
        InvalidAnswer: the item does not offer such an answer.
    """
    item = item_of(parsed(place.CaseVersion), place.key)
    try:
        answer = parse_answer(item, authored(raw, place.order))
    except InvalidResponse as error:
        raise InvalidAnswer(str(error)) from error
    return answer_to_json(answer)


def log(place: Row[Any], answer: dict[str, Any] | None, packet: Packet, *, late: bool) -> bool:
    """Append the save, and return whether it is a new one."""
    appended = db.session.scalar(
        insert_unless_present(
            ResponseEvent,
            response_id=place.id,
            tab=packet.tab,
            tab_seq=packet.tab_seq,
            answer=answer,
            received_at=packet.received_at,
            late=late,
        ).returning(ResponseEvent.response_id)
    )
    return appended is not None


def overwrite(
    place: Row[Any], answer: dict[str, Any] | None, packet: Packet, flagged: bool | None
) -> int | None:
    """Return the new revision, or None if this tab has sent a newer packet already."""
    newer = exists().where(
        ResponseEvent.response_id == place.id,
        ResponseEvent.tab == packet.tab,
        ResponseEvent.tab_seq > packet.tab_seq,
    )
    values: dict[str, Any] = {
        "answer": answer,
        "revision": Response.revision + 1,
        "last_tab": packet.tab,
        "saved_at": packet.received_at,
    }
    return db.session.scalar(
        update(Response)
        .where(Response.id == place.id, ~newer)
        .values(values if flagged is None else values | {"flagged": flagged})
        .returning(Response.revision)
        .execution_options(synchronize_session=False)
    )
