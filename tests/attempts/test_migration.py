"""What responses are of and worth is found again for those that came before it was kept."""

import flask_migrate
from flask import Flask

from lms.attempts.models import Response
from lms.cases.models import CaseVersion
from lms.core.db import db, transaction
from tests.attempts.factories import begin, case_body, choice_item, store_case
from tests.attempts.kinds import panel_item, unfolding
from tests.cases.texts import have_first_format
from tests.test_schema import empty

__all__ = ["empty"]


def tags() -> list[tuple[object, ...]]:
    rows = db.session.execute(
        db.select(
            Response.position, Response.topic, Response.approach, Response.formative,
            Response.points,
        ).order_by(Response.position)
    )  # fmt: skip
    return [tuple(row) for row in rows]


def test_responses_take_tags_and_points_from_what_they_answer(empty: Flask) -> None:
    flask_migrate.upgrade()
    staged = unfolding("staged")
    staged["stages"][0]["items"][0]["points"] = 2
    with transaction():
        plain = case_body(choice_item("heavy", points=3), panel_item("apart"), slug="plain")
        cases = [store_case(plain), store_case(staged)]
    begin(cases=cases)
    with transaction():
        case = store_case(case_body(choice_item(points=2), slug="damaged"))
    kept = tags()
    have_first_format()
    db.session.remove()

    flask_migrate.downgrade(revision="0005")
    with transaction():
        damage = {"items": ["gone", {"points": 0}], "stages": "gone"}
        db.session.execute(
            db.update(CaseVersion).where(CaseVersion.id == case.current_id).values(body=damage)
        )
    flask_migrate.upgrade()

    assert tags() == kept
    assert [row[3:] for row in kept[:3]] == [(False, 3), (True, 1), (False, 2)]
