"""One answer's row and the log beside it, as saving reads and writes them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any, cast

from sqlalchemy import Row, Table, bindparam, exists, func, or_, select, update
from sqlalchemy.orm import aliased

from lms.attempts.answers import authored
from lms.attempts.models import Attempt, AttemptState, Confidence, Response, ResponseEvent
from lms.attempts.sheets import controls_of_response
from lms.cases.models import CaseVersion, Item
from lms.cases.queries import item_of, parsed
from lms.core.db import db
from lms.core.errors import Invalid, NotFound, Refusal
from lms.core.inserts import insert_into
from question_bank.items import Fields, InvalidResponse, Json, answer_to_json

AT_ONCE = timedelta(seconds=5)
"""Of answers that two tabs gave within this time, the one that arrives last counts."""

TAB_LENGTH = 64
"""The longest name a tab may give itself."""


UNREADABLE = "The page sent something that cannot be read. Reload it."


class InvalidAnswer(Invalid):
    """An answer that the item does not offer, or a packet that makes no sense."""


class StageLocked(Refusal):
    """The item's stage is over, or has not come."""

    message = "This answer stands: the case has gone on since, and its stage is locked."


@dataclass(frozen=True)
class Controls:
    """An answer as the controls of a page hold it, with the flag and how sure the fellow is."""

    fields: Fields

    @property
    def flagged(self) -> bool:
        """Whether the item is flagged for review."""
        return bool(self.fields.get("flag"))

    @property
    def confidence(self) -> Confidence | None:
        """How sure the fellow is; None: not said, or nothing that we offered."""
        said = "".join(self.fields.get("confidence", ())[:1])
        return Confidence(said) if said in set(Confidence) else None


@dataclass(frozen=True)
class Packet:
    """A save as it arrived: which page sent it, as which of its saves, and when.

    `age` is how long ago, by the page's account, the answer was given: a page that was offline
    sends what it has kept. None: the page does not say.
    """

    tab: str
    tab_seq: int
    received_at: datetime
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


_ATTEMPT, _RESPONSE, _EVENT = (
    cast(Table, model.__table__) for model in (Attempt, Response, ResponseEvent)
)

_OPEN = (
    update(_ATTEMPT)
    .where(
        _ATTEMPT.c.id == bindparam("of_attempt"),
        _ATTEMPT.c.fellow_id == bindparam("of_fellow"),
        _ATTEMPT.c.state == AttemptState.IN_PROGRESS,
        _ATTEMPT.c.deadline_at >= bindparam("in_time"),
    )
    .values(saved_at=bindparam("moment"))
    .returning(_ATTEMPT.c.deadline_at)
)

_EARLIER = aliased(Response)
_AHEAD = exists().where(
    _EARLIER.attempt_id == Response.attempt_id,
    _EARLIER.case_version_id == Response.case_version_id,
    _EARLIER.stage < Response.stage,
    _EARLIER.locked_at.is_(None),
)
"""The item has not appeared: an earlier stage of its case is still open."""

_PLACE = (
    select(
        Response.id,
        Response.order,
        Response.answer,
        Response.revision,
        Response.last_tab,
        Response.flagged,
        Response.confidence,
        Response.stage,
        (Response.locked_at.is_not(None) | _AHEAD).label("locked"),
        Item.key,
        CaseVersion,
    )
    .join(Response.attempt)
    .join(Response.item)
    .join(Response.version)
    .where(
        Response.attempt_id == bindparam("of_attempt"),
        Response.position == bindparam("at_position"),
        Attempt.fellow_id == bindparam("of_fellow"),
    )
)

_OVERWRITE = (
    update(_RESPONSE)
    .where(
        _RESPONSE.c.id == bindparam("of_response"),
        or_(
            _RESPONSE.c.last_tab.is_(None),
            _RESPONSE.c.last_tab == bindparam("of_tab"),
            _RESPONSE.c.given_at <= bindparam("up_to", type_=_RESPONSE.c.given_at.type),
        ),
        ~exists().where(
            _EVENT.c.response_id == bindparam("of_response"),
            _EVENT.c.tab == bindparam("of_tab"),
            _EVENT.c.tab_seq > bindparam("than_seq"),
        ),
    )
    .values(
        answer=bindparam("new_answer", type_=_RESPONSE.c.answer.type),
        revision=_RESPONSE.c.revision + 1,
        last_tab=bindparam("of_tab"),
        given_at=bindparam("given", type_=_RESPONSE.c.given_at.type),
        saved_at=bindparam("moment"),
        flagged=func.coalesce(
            bindparam("new_flag", type_=_RESPONSE.c.flagged.type), _RESPONSE.c.flagged
        ),
        confidence=bindparam("new_confidence", type_=_RESPONSE.c.confidence.type),
    )
    .returning(_RESPONSE.c.revision)
)
"""What a save sends is put together once: building it costs more than running it."""


def hold_open(fellow_id: int, attempt_id: int, *, in_time: datetime, now: datetime) -> Any:
    """Lock an attempt that takes answers until *in_time* or later, and return its deadline.

    None: there is no such attempt of this fellow, or it takes none any more.
    """
    where = {"of_attempt": attempt_id, "of_fellow": fellow_id, "in_time": in_time, "moment": now}
    return db.session.scalar(_OPEN, where)


def place_of(fellow_id: int, attempt_id: int, position: int) -> Row[Any]:
    """Return the response at *position*, with its item's key and its version.

    Raises:
        NotFound: no such attempt or item of this fellow.
    """
    where = {"of_attempt": attempt_id, "at_position": position, "of_fellow": fellow_id}
    found = db.session.execute(_PLACE, where).one_or_none()
    if found is None:
        raise NotFound
    return found


def parse(place: Row[Any], raw: Controls | Json) -> dict[str, Any] | None:
    """Return what is to be stored for *raw*, an answer's JSON or its `Controls`, as shown.

    Raises:
        InvalidAnswer: the item does not offer such an answer.
    """
    item = item_of(parsed(place.CaseVersion), place.key)
    if isinstance(raw, Controls):
        raw = item.for_fellow().read_controls(raw.fields)
    try:
        answer = item.parse_answer(authored(raw, place.order))
    except InvalidResponse as error:
        raise InvalidAnswer(str(error)) from error
    return answer_to_json(answer)


def kept(place: Row[Any]) -> dict[str, list[str]]:
    """Return the item's controls as they stand for the answer that counts."""
    item = item_of(parsed(place.CaseVersion), place.key).for_fellow()
    return controls_of_response(item, place)


def log(place: Row[Any], answer: dict[str, Any] | None, packet: Packet, *, late: bool) -> bool:
    """Append the save, and return whether it is a new one."""
    values = {
        "response_id": place.id,
        "tab": packet.tab,
        "tab_seq": packet.tab_seq,
        "answer": answer,
        "given_at": None if packet.age is None else packet.given_at,
        "received_at": packet.received_at,
        "late": late,
    }
    return db.session.scalar(_append(db.engine.dialect.name), values) is not None


@cache
def _append(dialect: str) -> Any:
    return insert_into(_EVENT, dialect).returning(_EVENT.c.response_id)


def overwrite(
    place: Row[Any],
    answer: dict[str, Any] | None,
    packet: Packet,
    flagged: bool | None,
    confidence: Confidence | None,
) -> int | None:
    """Return the new revision, or None if a newer answer stands.

    That is one of a later packet of this tab, or one that was given in another tab since.
    """
    values = {
        "of_response": place.id,
        "of_tab": packet.tab,
        "than_seq": packet.tab_seq,
        "new_answer": answer,
        "new_flag": flagged,
        "new_confidence": confidence,
        "moment": packet.received_at,
        "given": packet.given_at,
        "up_to": packet.given_at + AT_ONCE,
    }
    revision: int | None = db.session.scalar(_OVERWRITE, values)
    return revision
