"""What the pages about cohorts show of those in them."""

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
