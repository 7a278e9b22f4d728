"""Who looks after a case, and giving that to somebody else."""

from datetime import datetime

from lms.cases.models import StoredCase
from lms.cases.publishing import PUBLISHERS
from lms.cases.services import locked_case
from lms.core.audit import record
from lms.core.choosing import Offered
from lms.core.errors import Invalid
from lms.notices.occasions import Occasion
from lms.notices.telling import Telling, tell
from lms.people.choosing import holding, offered_people
from lms.people.models import User
from lms.people.queries import user_by_id


def may_look_after() -> Offered:
    """Return who may look after a case, by name: faculty and directors."""
    return offered_people(holding(*PUBLISHERS))


def owner_of(case: StoredCase) -> User | None:
    """Return who looks after *case*; None: nobody does."""
    return None if case.owner_id is None else user_by_id(case.owner_id)


def hand_over(actor: User, slug: str, owner_id: int, *, now: datetime) -> StoredCase:
    """Have somebody look after a case from now on; whom it concerns is told. Twice is as once.

    Raises:
        NotFound: there is no such case.
        Invalid: nobody with this number may look after one.
    """
    case = locked_case(slug)
    if not may_look_after().chosen([owner_id]):
        raise Invalid("Choose somebody of the faculty.", field="owner")
    owner = user_by_id(owner_id)
    before = owner_of(case)
    if before is not None and before.id == owner.id:
        return case
    case.owner_id = owner.id
    record(
        actor,
        "case.hand_over",
        "case",
        case.id,
        now=now,
        before={"owner": before.name if before else "nobody"},
        after={"owner": owner.name},
    )
    concerned = [each for each in (owner, before) if each is not None and each.id != actor.id]
    tell(_handed_over(actor, case, owner, now), concerned, now=now)
    return case


def _handed_over(actor: User, case: StoredCase, owner: User, now: datetime) -> Telling:
    return Telling(
        occasion=Occasion.OWNER_CHANGED,
        fact=f"{case.id}:{now.isoformat()}",
        about=("case", case.id),
        subject=f"{owner.name} looks after “{case.title}” now",
        sentences=(
            f"{actor.name} has seen to that.",
            f"{owner.name} hears of what is due of the case: its next review, and facts that "
            "change.",
        ),
        button="Look at the case",
        path=f"/bank/{case.slug}",
    )
