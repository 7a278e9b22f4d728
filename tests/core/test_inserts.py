"""Inserts of many rows that may meet one that is there already."""

import pytest

from lms.core.db import db, transaction
from lms.core.inserts import insert_new
from lms.core.links import SecretPath
from lms.core.mail import Letter, post_all
from lms.notices.models import Notice
from tests.factories import NOW, make_fellow

pytestmark = pytest.mark.usefixtures("in_app")


def test_of_new_rows_those_whose_key_is_taken_are_left_as_they_are() -> None:
    with transaction():
        fellow = make_fellow()
        letters = [
            Letter("invitation", key, "invitation", {"expires": "soon"}, SecretPath("/", "a", key))
            for key in ("a", "b", "c")
        ]
        told = post_all([(each, fellow) for each in letters], now=NOW)

    def rows(kind: str, *keys: str) -> list[dict[str, object]]:
        of = {"user_id": fellow.id, "kind": kind, "object_type": "quiz", "object_id": 1, "at": NOW}
        return [{**of, "key": key, "message_id": told[key].id} for key in keys]

    with transaction():
        first = insert_new(Notice, rows("early", "b"))
    with transaction():
        later = insert_new(Notice, rows("late", "a", "b", "c"))

    kept = db.session.execute(db.select(Notice.id, Notice.kind, Notice.key).order_by(Notice.key))
    assert [(kind, key) for _, kind, key in kept] == [("late", "a"), ("early", "b"), ("late", "c")]
    assert len(first) == 1
    assert sorted(later) == sorted(
        db.session.scalars(db.select(Notice.id).where(Notice.kind == "late"))
    )
