"""Writing a roster."""

from datetime import date

from lms.core.tables import csv_text
from lms.program import queries
from lms.program.models import Cohort
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
    rows: list[tuple[str, ...]] = [COLUMNS]
    for fellow_id, member in members.items():
        fellow = member.fellow
        cells: tuple[str, ...] = (
            fellow.name,
            fellow.email,
            " ".join(sorted(fellow.roles)),
            cohort.track.slug,
            cohort.name,
            member.starts_on.isoformat(),
            member.ends_on.isoformat() if member.ends_on else "",
            " ".join(
                one.mentor.email
                for one in mentors.get(fellow_id, [])
                if one.stands_in_for_id is None
            ),
            fellow.time_zone,
        )
        rows.append(cells)
    return csv_text(rows)
