"""What an extension comes to, at once."""

from datetime import datetime

from lms.core.figures import say_span
from lms.supervision.dates.wording import gained_or_lost
from lms.supervision.extending.services import Extended


def say_clock(one: Extended, now: datetime) -> str:
    """Return "The clock goes from 6 to 21 minutes at once."; nothing if it does not run."""
    left = [each.place.ends for each in (one.before, one.after)]
    if left[0] is None or left[1] is None or left[0] == left[1]:
        return ""
    before, after = (say_span(max(each, now) - now) for each in left if each)
    return f"The clock goes from {before} to {after} at once."


def say_done(done: list[Extended], zone: str, now: datetime) -> str:
    """Return what an extension has come to, for who may know."""
    told = [each for each in done if each.shifts]
    if not told:
        return "That changes nothing for whom it was meant: as much was granted before."
    if len(told) > 1:
        return f"More is granted to {len(told)} fellows, and they are told."
    (one,) = told
    changes = say_clock(one, now)
    if not changes:
        places = (one.before.place, one.after.place)
        changes = (
            f"It comes to: {', '.join(gained_or_lost(one.shifts, places, zone=zone, now=now))}."
        )
    return f"{changes} {one.after.name} is told."
