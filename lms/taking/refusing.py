"""Keeping what pages sent and could not be taken."""

from sqlalchemy import delete, select

from lms.attempts.models import RefusedAnswer
from lms.cases.queries import item_of, parsed
from lms.core.db import db
from lms.core.inserts import insert_or_change
from lms.people.models import User
from lms.taking import response_rows
from lms.taking.incoming_saves import Packet, PageControls
from lms.taking.save_log import TABS
from question_bank.refused import as_typed, storable


def keep_refused(fellow: User, attempt_id: int, position: int, packet: Packet, *, why: str) -> None:
    """Keep what *packet* holds as it was typed, with the sentence that says *why* it was refused.

    Nothing is kept of an item that has not appeared, nor of what the attempt has already.

    Raises:
        NotFound: no such attempt or item of this fellow.
    """
    row = response_rows.row_of(fellow.id, attempt_id, position)
    if row.ahead or not isinstance(packet.answer, PageControls):
        return
    if dict(packet.answer.fields) == response_rows.kept(row):
        return
    item = item_of(parsed(row.version), row.key).for_fellow()
    kept = {
        "response_id": row.id,
        "tab": packet.tab,
        "typed": as_typed(item, packet.answer.fields, row.order),
        "why": storable(why),
        "received_at": packet.received_at,
    }
    key = ("response_id", "tab")
    response_rows.hold(row)
    db.session.execute(insert_or_change(RefusedAnswer, [kept], key=key))
    newest = (
        select(RefusedAnswer.tab)
        .where(RefusedAnswer.response_id == row.id)
        .order_by(RefusedAnswer.received_at.desc(), RefusedAnswer.tab)
        .limit(TABS)
    )
    of_response = RefusedAnswer.response_id == row.id
    db.session.execute(
        delete(RefusedAnswer)
        .where(of_response, RefusedAnswer.tab.not_in(newest))
        .execution_options(synchronize_session=False)
    )
