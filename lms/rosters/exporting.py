"""Writing a roster."""

import csv
import io
from datetime import date

from lms.program import queries
from lms.program.models import Cohort
from lms.rosters.formulas import guard
from lms.rosters.reading import COLUMNS


def export_roster(cohort: Cohort, *, on: date) -> str:
    """Return the fellows who are or will be in *cohort*, as a roster that can be imported.

    No spreadsheet takes a cell of it for a formula.
    """
    members = {
        one.fellow_id: one
        for one in queries.memberships(cohort.id)
        if one.ends_on is None or one.ends_on >= on
    }
    mentors = queries.mentorships(members, on)
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for fellow_id, member in members.items():
        fellow = member.fellow
        cells = (
            fellow.name,
            fellow.email,
            " ".join(sorted(fellow.roles)),
            cohort.track.slug,
            cohort.name,
            member.starts_on.isoformat(),
            member.ends_on.isoformat() if member.ends_on else "",
            " ".join(one.mentor.email for one in mentors.get(fellow_id, [])),
            fellow.time_zone,
        )
        writer.writerow([guard(cell) for cell in cells])
    return out.getvalue()
