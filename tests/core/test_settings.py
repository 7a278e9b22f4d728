"""What the program sets holds for everybody, within bounds, and is on record."""

from dataclasses import dataclass
from datetime import time
from typing import Annotated

import pytest
from flask import Flask
from pydantic import Field

from lms.core.audit import AuditEvent
from lms.core.db import db, transaction
from lms.core.errors import Invalid
from lms.core.settings import ProgramSetting, Setting, change_settings_of_program, setting
from lms.people.models import Role
from tests.factories import NOW, add, make_user


@dataclass(frozen=True)
class Tea:
    """How tea is made."""

    minutes: Annotated[int, Field(ge=1, le=9)] = 4
    served: time | None = None


TEA = ProgramSetting("tea", Tea, Tea())


def trail() -> list[tuple[object, ...]]:
    events = db.session.scalars(db.select(AuditEvent).order_by(AuditEvent.id))
    return [(each.action, each.before, each.after) for each in events]


def test_the_default_holds_until_something_is_set(in_app: Flask) -> None:
    assert setting(TEA) == Tea(4, None)


def test_what_is_set_holds_and_is_on_record(in_app: Flask) -> None:
    with transaction():
        director = make_user(Role.DIRECTOR)
        changed = change_settings_of_program(director, {TEA: Tea(5, time(16, 30))}, now=NOW)

    assert (changed, setting(TEA)) == (["tea"], Tea(5, time(16, 30)))
    row = db.session.scalars(db.select(Setting)).one()
    assert (row.value, row.changed_by, row.changed_at) == (
        {"minutes": 5, "served": "16:30:00"}, director.id, NOW,
    )  # fmt: skip
    assert trail() == [
        (
            "setting.change",
            {"tea": {"minutes": 4, "served": None}},
            {"tea": {"minutes": 5, "served": "16:30:00"}},
        )
    ]


def test_what_holds_already_is_no_change(in_app: Flask) -> None:
    with transaction():
        assert change_settings_of_program(None, {TEA: Tea()}, now=NOW) == []

    assert trail() == []


def test_the_default_set_again_leaves_no_row(in_app: Flask) -> None:
    with transaction():
        change_settings_of_program(None, {TEA: Tea(5)}, now=NOW)
    with transaction():
        change_settings_of_program(None, {TEA: Tea()}, now=NOW)

    assert setting(TEA) == Tea()
    assert db.session.scalars(db.select(Setting)).all() == []
    assert len(trail()) == 2


@pytest.mark.parametrize("minutes", [0, 10, "many", None])
def test_out_of_its_bounds_nothing_is_set_and_the_field_is_named(
    in_app: Flask, minutes: int
) -> None:
    with pytest.raises(Invalid) as refused, transaction():
        change_settings_of_program(None, {TEA: Tea(minutes)}, now=NOW)

    assert refused.value.field == "minutes"
    assert db.session.scalars(db.select(Setting)).all() == []


def test_what_was_set_under_other_bounds_gives_way_to_the_default(in_app: Flask) -> None:
    with transaction():
        add(Setting(name="tea", value={"minutes": 60}, changed_at=NOW))

    assert setting(TEA) == Tea()
