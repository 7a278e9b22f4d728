"""Whether the cases of a quiz may be asked: what a draw goes by, asked of each that is there."""

from collections.abc import Collection, Sequence
from datetime import date, datetime

from lms.cases.asking import check_let_in
from lms.cases.gate import fault_in_short
from lms.cases.models import Item, StoredCase
from lms.core.clock import local
from lms.core.errors import Refusal
from lms.people.models import User


class NotDrawn(Refusal):
    """A rule has found a fault in a case since it was published."""

    def __init__(self, title: str, fault: str) -> None:
        super().__init__(
            f"“{title}” is not asked any more until it is mended. {fault_in_short(fault)} "
            "Leave it out."
        )


class AllWithheld(Refusal):
    """Nothing of a case may be asked, since somebody has withheld it."""

    def __init__(self, title: str) -> None:
        super().__init__(
            f"“{title}” is not asked until what is withheld of it is mended or asked again."
        )


def not_withheld(case: StoredCase, items: Sequence[Item]) -> list[Item]:
    """Return those of *items* of a case that may be asked; of one that unfolds, all of them.

    Raises:
        AllWithheld: there is none.
    """
    left = [item for item in items if item.withheld_at is None]
    if not left or (case.unfolds and len(left) < len(items)):
        raise AllWithheld(case.title)
    return left


class Retired(Refusal):
    """A case was taken out of use."""

    def __init__(self, title: str) -> None:
        super().__init__(f"“{title}” is retired, so no quiz asks it any more. Leave it out.")


def check_admitted(cases: Collection[StoredCase], actor: User | None, now: datetime) -> None:
    """Make sure that each of the cases may be asked today, as *actor* counts days.

    Raises:
        Retired, NotDrawn, NotLetIn: one is retired or faulty, or the program lets none such be
            asked.
    """
    for case in cases:
        if case.retired_at is not None:
            raise Retired(case.title)
        if case.fault is not None:
            raise NotDrawn(case.title, case.fault)
    check_let_in({case.id for case in cases}, day_of(actor, now))


def day_of(actor: User | None, now: datetime) -> date:
    """Return which day it is *now* for who acts; None: the service itself."""
    return local(now, actor.time_zone if actor else "UTC").date()
