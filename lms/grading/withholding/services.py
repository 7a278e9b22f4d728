"""Withholding an item and lifting that; the grades follow after the commit."""

from collections.abc import Iterable
from datetime import datetime

from lms.attempts.secrecy import KeysKept, may_read_keys, may_review
from lms.cases import withholding
from lms.cases.models import Item, StoredCase
from lms.cases.publishing import PUBLISHERS
from lms.core.doorbell import enqueue
from lms.notices.occasions import Occasion
from lms.notices.telling import Telling, tell
from lms.people.models import User
from lms.people.queries import people_with_one_of, user_by_id


class OwnScore(KeysKept):
    """A fellow who is faculty too would settle what counts in the own score."""

    message = (
        "As a fellow you may be asked this item, so that you do not settle whether it counts. "
        "Ask a colleague."
    )


def withhold(actor: User, case: StoredCase, item: Item, *, why: str, now: datetime) -> None:
    """Withhold an item, which is locked, and ask who can publish its mend; twice is as once.

    Raises:
        OwnScore: the person may be asked it as a fellow.
        Invalid: the reason is too long.
    """
    _check_not_asked(actor, case, now)
    if withholding.withhold(actor, item, why, now=now):
        enqueue("attempts.regrade", item.id)
        tell(_withheld(actor, case, item, now), _menders(actor, case, now), now=now)


def lift(actor: User, case: StoredCase, item: Item, *, now: datetime) -> None:
    """Have an item, which is locked, asked and counted again; twice is as good as once.

    Raises:
        OwnScore: the person may be asked it as a fellow.
    """
    _check_not_asked(actor, case, now)
    by, since = item.withheld_by_id, item.withheld_at
    if withholding.lift(actor, item, now=now) and since is not None:
        enqueue("attempts.regrade", item.id)
        concerned = {by, case.owner_id} - {actor.id, None}
        people = [user_by_id(each) for each in sorted(filter(None, concerned))]
        tell(_lifted(actor, case, item, since), people, now=now)


def _check_not_asked(actor: User, case: StoredCase, now: datetime) -> None:
    if not may_review(actor, case.id, now):
        raise OwnScore


def _menders(actor: User, case: StoredCase, now: datetime) -> Iterable[User]:
    """Return who is asked to mend: the owner, or else everybody who may publish and read it."""
    everybody = people_with_one_of(PUBLISHERS)
    able = [each for each in everybody if may_read_keys(each, case.id, now)]
    owner = [each for each in able if each.id == case.owner_id]
    return [each for each in owner or able if each.id != actor.id]


def _withheld(actor: User, case: StoredCase, item: Item, now: datetime) -> Telling:
    return Telling(
        occasion=Occasion.ITEM_WITHHELD,
        fact=f"{item.id}:{now.isoformat()}",
        about=("case", case.id),
        subject=f"Item {item.position} of “{case.title}” is withheld",
        sentences=(
            f"{actor.name} withheld it. It is drawn into no quiz, and counts in no score.",
            "You can publish what mends it. If nothing is wrong with it, lift the withholding.",
        ),
        button="Look at the item",
        path=_path(case, item),
    )


def _lifted(actor: User, case: StoredCase, item: Item, since: datetime) -> Telling:
    return Telling(
        occasion=Occasion.WITHHOLD_LIFTED,
        fact=f"{item.id}:{since.isoformat()}",
        about=("case", case.id),
        subject=f"Item {item.position} of “{case.title}” is asked again",
        sentences=(f"{actor.name} lifted the withholding. It is drawn and counted again.",),
        button="Look at the item",
        path=_path(case, item),
    )


def _path(case: StoredCase, item: Item) -> str:
    return f"/bank/{case.slug}#item-{item.key}"
