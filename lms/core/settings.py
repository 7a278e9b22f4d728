"""What the program has set: a row a setting; each room declares its own, with type and default."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

import structlog
from pydantic import TypeAdapter, ValidationError
from sqlalchemy import JSON, ForeignKey, delete
from sqlalchemy.orm import Mapped, mapped_column

from lms.core.audit import Actor, record
from lms.core.db import Base, db
from lms.core.errors import Invalid
from lms.core.inserts import insert_or_change

log = structlog.get_logger()

Value = TypeVar("Value")


class Setting(Base):
    """What the program has set under a name; without a row the default holds."""

    __tablename__ = "setting"

    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[Any] = mapped_column(JSON)
    changed_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    changed_at: Mapped[datetime]


@dataclass(frozen=True)
class ProgramSetting(Generic[Value]):
    """A setting as its room declares it: its name, what may be set, and what holds before.

    The bounds stand in the type, as pydantic reads them.
    """

    name: str
    kind: type[Value]
    default: Value


def setting(declared: ProgramSetting[Value]) -> Value:
    """Return what holds now, in one statement: what was set, else the default.

    What was set under other bounds than today's does not hold any more.
    """
    row = db.session.get(Setting, declared.name, populate_existing=True)
    if row is None:
        return declared.default
    try:
        return TypeAdapter(declared.kind).validate_python(row.value)
    except ValidationError:
        log.warning("setting_out_of_bounds", name=declared.name)
        return declared.default


def change_settings_of_program(
    actor: Actor | None, wanted: Mapping[ProgramSetting[Any], object], *, now: datetime
) -> list[str]:
    """Set what differs from what holds; return the names of what was changed.

    Raises:
        Invalid: a value is out of its bounds; the field is the part that is.
    """
    values = {declared: _sound(declared, value) for declared, value in wanted.items()}
    changed = []
    for declared, value in values.items():
        before = setting(declared)
        if value == before:
            continue
        kind = TypeAdapter(declared.kind)
        was, will = (kind.dump_python(each, mode="json") for each in (before, value))
        _keep(declared, None if value == declared.default else will, actor, now)
        record(
            actor, "setting.change", "setting", None, now=now,
            before={declared.name: was}, after={declared.name: will},
        )  # fmt: skip
        changed.append(declared.name)
    return changed


def _keep(declared: ProgramSetting[Any], value: object, actor: Actor | None, now: datetime) -> None:
    """Keep *value* in the row of a setting; None: there is none, so that the default holds."""
    if value is None:
        db.session.execute(delete(Setting).where(Setting.name == declared.name))
        return
    row = {
        "name": declared.name,
        "value": value,
        "changed_by": actor.id if actor else None,
        "changed_at": now,
    }
    db.session.execute(insert_or_change(Setting, [row], key=("name",)))


def _sound(declared: ProgramSetting[Any], value: object) -> object:
    kind = TypeAdapter(declared.kind)
    try:
        return kind.validate_python(kind.dump_python(value, warnings=False))
    except ValidationError as error:
        first = error.errors()[0]
        place = str(first["loc"][-1]) if first["loc"] else declared.name
        raise Invalid(f"{first['msg']}.", field=place) from error
