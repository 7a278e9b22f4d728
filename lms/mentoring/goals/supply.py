"""How many items of the bank could count for a goal."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import and_, exists, func, select

from lms.cases.models import Item, ItemEdition, StoredCase
from lms.core.clock import local
from lms.core.db import db
from lms.exposure.models import Exposure
from lms.people.models import User
from lms.program.blueprint import blueprint
from lms.program.queries import cohort_of
from question_bank.goals import Measure


def new_items(fellow: User, *, now: datetime) -> dict[str, int]:
    """Return how many items of each topic a fellow was not asked as yet; in two statements.

    Published ones that a scored quiz for the fellow's track may ask. Those of an attempt that runs
    at this moment are among them.
    """
    asked = exists().where(
        Exposure.fellow_id == fellow.id,
        Exposure.item_id == Item.id,
        Exposure.edition == ItemEdition.edition,
    )
    rows = db.session.execute(
        select(StoredCase.tracks, Item.topic, func.count())
        .join(Item, Item.case_id == StoredCase.id)
        .join(
            ItemEdition,
            and_(
                ItemEdition.item_id == Item.id,
                ItemEdition.case_version_id == StoredCase.current_id,
            ),
        )
        .where(
            StoredCase.retired_at.is_(None),
            StoredCase.fault.is_(None),
            Item.retired_at.is_(None),
            Item.withheld_at.is_(None),
            Item.use == "scored",
            ~asked,
        )
        .group_by(StoredCase.tracks, Item.topic)
    )
    cohort = cohort_of(fellow.id, local(now, fellow.time_zone).date())
    found: dict[str, int] = {}
    for tracks, topic, count in rows:
        if cohort is None or cohort.track.slug in tracks.split():
            found[topic] = found.get(topic, 0) + count
    return found


def new_for(measure: Measure, by_topic: Mapping[str, int]) -> int:
    """Return how many of the items that are new, by topic, a measure would count."""
    if measure.topic is not None:
        return by_topic.get(measure.topic, 0)
    topics = next(
        (each.topics for each in blueprint().approaches if each.id == measure.approach), ()
    )
    return sum(by_topic.get(topic.id, 0) for topic in topics)
