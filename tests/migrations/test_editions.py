"""What fellows of the first edition were asked stays what it was, when its bank is loaded anew."""

import flask_migrate
from flask import Flask
from sqlalchemy import func, select

from lms.attempts.models import Attempt, AttemptState, Response
from lms.cases.content import starter_files
from lms.cases.models import Item, ItemEdition, StoredCase
from lms.cases.services import load_cases
from lms.core.db import db, transaction
from lms.exposure.models import KEY_OPENS, Exposure, KeyOpening
from tests.factories import NOW
from tests.migrations import edition
from tests.question_bank.test_editions import ASKED_ANEW
from tests.test_schema import empty

__all__ = ["empty"]


def editions() -> dict[int, int]:
    """Return the number of the newest edition of each item."""
    rows = db.session.execute(
        select(ItemEdition.item_id, func.max(ItemEdition.edition)).group_by(ItemEdition.item_id)
    )
    return {row[0]: row[1] for row in rows}


def names_of(item_ids: set[int]) -> set[str]:
    """Return what the items are called: the slug of the case and the key."""
    rows = db.session.execute(
        select(StoredCase.slug, Item.key)
        .join(Item, Item.case_id == StoredCase.id)
        .where(Item.id.in_(item_ids))
    )
    return {f"{slug}/{key}" for slug, key in rows}


def upgraded() -> None:
    edition.load()
    flask_migrate.upgrade()


def test_loading_the_shipped_bank_ends_what_is_asked_anew_and_nothing_else(empty: Flask) -> None:
    upgraded()
    before, items = editions(), set(db.session.scalars(select(Item.id)))

    with transaction():
        report = load_cases(None, starter_files(), now=NOW)

    assert report.problems == []
    assert set(before) == items
    after = editions()
    another = {item_id for item_id in before if after[item_id] != before[item_id]}
    gone = set(db.session.scalars(select(Item.id).where(Item.retired_at.is_not(None))))
    kept_for_its_author = {name for name in ASKED_ANEW if name.split("/")[0] in report.proposed}
    assert len(report.proposed) == 3
    assert names_of(another | gone) == ASKED_ANEW - kept_for_its_author


def test_every_answer_that_was_handed_in_has_exposed_its_fellow(empty: Flask) -> None:
    upgraded()

    handed_in = select(Attempt.fellow_id, Response.item_id).join(Response.attempt)
    answered = db.session.execute(handed_in.where(Attempt.state != AttemptState.IN_PROGRESS))
    exposed = db.session.execute(select(Exposure.fellow_id, Exposure.item_id))
    assert {tuple(row) for row in exposed} == {tuple(row) for row in answered}


def test_the_key_is_open_where_an_attempt_was_graded_and_nowhere_else(empty: Flask) -> None:
    upgraded()

    graded = db.session.execute(
        select(Attempt.fellow_id, Response.item_id)
        .join(Response.attempt)
        .where(Attempt.state == AttemptState.GRADED)
    )
    settled = select(Exposure.fellow_id, Exposure.item_id).join(KeyOpening, KEY_OPENS)
    assert {tuple(row) for row in db.session.execute(settled)} == {tuple(row) for row in graded}
