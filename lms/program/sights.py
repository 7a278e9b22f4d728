"""What the pages about cohorts show of those in them."""

from collections.abc import Collection
from datetime import date

from lms.core.clock import say_date
from lms.core.sight import Sight
from lms.program.models import Cohort, Membership, Mentorship


def days_of(bond: Membership | Mentorship) -> Sight:
    """Return from when to when a membership or mentorship lasts."""
    return {
        "From": say_date(bond.starts_on),
        "To": say_date(bond.ends_on) if bond.ends_on else "Open",
    }


def sight_of_cohort(cohort: Cohort) -> Sight:
    """Return what a cohort is called, and from when to when it trains."""
    return {
        "Name": cohort.name,
        "From": say_date(cohort.starts_on),
        "To": say_date(cohort.ends_on),
    }


def done_of_mending(cohort: Cohort, name: str, starts_on: date, ends_on: date) -> Collection[str]:
    """Return which of what a cohort is to be like it is like already."""
    wanted = {"Name": " ".join(name.split()), "From": say_date(starts_on), "To": say_date(ends_on)}
    present = sight_of_cohort(cohort)
    return [what for what, words in wanted.items() if present[what] == words]
