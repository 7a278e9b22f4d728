"""Telling what was handed over; once, however often it is asked for."""

from datetime import datetime

from sqlalchemy import select

from lms.core.db import db
from lms.mentoring.handing_over.letters import letters_of
from lms.mentoring.handing_over.queries import handovers
from lms.notices.mentor_occasions import MentorOccasion
from lms.notices.models import Notice
from lms.notices.telling import tell_each


def tell_handovers(*, now: datetime) -> None:
    """Tell new mentors, fellows and former mentors of what was handed over lately."""
    found = handovers(now)
    notices = db.session.execute(
        select(Notice.object_id, Notice.user_id).where(
            Notice.kind == MentorOccasion.HANDED_OVER,
            Notice.object_id.in_([each.new.id for each in found]),
        )
    )
    told = {(mentorship_id, person_id) for mentorship_id, person_id in notices}
    new = [each for each in found if (each.new.id, each.former.mentor_id) not in told]
    tell_each([letter for each in new for letter in letters_of(each)], now=now)
