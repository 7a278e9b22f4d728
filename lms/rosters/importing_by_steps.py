"""Carrying out a roster as a job, some rows at a time: first the new are invited, then all join."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from lms.core import audit
from lms.core.errors import Invalid
from lms.jobs import services as jobs
from lms.jobs.kinds import Errand, Work, is_work_of
from lms.jobs.models import Job, JobKind
from lms.jobs.reports import JobReport, LineOutcome, ReportLine
from lms.people.models import Role, User
from lms.rosters.importing import invite_planned, join_planned, plan_under_lock
from lms.rosters.planning import Plan, PlannedRow
from lms.rosters.reading import Flaw, Roster, read_roster

AT_ONCE = 50
"""How many rows a step takes."""

MEANINGS = {
    "row": "the whole row",
    "starts_on": "starts_on (first day)",
    "ends_on": "ends_on (last day)",
    "mentor_email": "mentor_email (mentor’s address)",
}
"""How columns are called that their name does not explain."""


def ask_for_import(owner: User, text: str, *, time_zone: str, on: date, now: datetime) -> Job:
    """Have the roster in *text* imported, as `make_plan` says of it then; directors may look.

    Raises:
        Invalid: the roster cannot be read.
    """
    _readable(text)
    given = {"text": text, "time_zone": time_zone, "on": on.isoformat()}
    return jobs.ask(JobKind.IMPORT, given, owner=owner, shown_to=Role.DIRECTOR, now=now)


def import_some(errand: Errand, report: JobReport, now: datetime) -> float:
    """Take the next rows: in the first half of the steps invite, in the second have join.

    Whoever mentors others is invited before anybody gets a mentor, and no step is long. What the
    rows say is planned anew in each step, and those that are in order no more are left.
    """
    roster = _readable(errand.given["text"])
    starts = range(0, len(roster.rows), AT_ONCE)
    if not starts:
        return 1.0
    plan = plan_under_lock(roster, on=date.fromisoformat(errand.given["on"]))
    half, number = divmod(errand.step, len(starts))
    end = starts[number] + AT_ONCE
    if half == 0:
        _invite(errand, report, plan.rows[starts[number] : end], now)
    else:
        _join(errand, report, plan, range(starts[number], min(end, len(plan.rows))), now)
    done = errand.step + 1
    if done == 2 * len(starts):
        _sum_up(errand, report, plan, now)
    return done / (2 * len(starts))


def _invite(errand: Errand, report: JobReport, rows: Sequence[PlannedRow], now: datetime) -> None:
    chosen = [planned for planned in rows if planned.outcome == "import"]
    invite_planned(errand.owner, chosen, errand.given["time_zone"], now)
    report.lines += [_line(planned, planned.invitation, flaws=()) for planned in rows]


def _join(errand: Errand, report: JobReport, plan: Plan, places: range, now: datetime) -> None:
    """Have the rows at *places* join, after inviting who is new still.

    Those were left before and are in order now, wherever they stand: others may need them here.
    """
    late = [
        place
        for place, planned in enumerate(plan.rows)
        if planned.outcome == "import" and planned.user is None
    ]
    newcomers = [plan.rows[place] for place in late]
    invite_planned(errand.owner, newcomers, errand.given["time_zone"], now)
    for place, planned in zip(late, newcomers, strict=True):
        report.lines[place] = _line(planned, planned.invitation, flaws=())
    due = [*(place for place in late if place < places.start), *places]
    chosen = [plan.rows[place] for place in due if plan.rows[place].outcome == "import"]
    join_planned(errand.owner, chosen, now)
    for place in due:
        planned = plan.rows[place]
        done = [*report.lines[place].said, *planned.bonds]
        report.lines[place] = _line(planned, done, planned.flaws, planned.kept)


def _line(
    planned: PlannedRow, done: Sequence[str], flaws: Sequence[Flaw], kept: Sequence[str] = ()
) -> ReportLine:
    """Return what is reported of a row: what was *done* so far, what was *kept*, and why."""
    why = [f"{MEANINGS.get(each.column, each.column)}: {each.message}" for each in flaws]
    outcome = LineOutcome.LEFT if flaws else LineOutcome.TAKEN if done else LineOutcome.SAME
    what = f"Line {planned.row.line}, {planned.name or '(no name)'}"
    return ReportLine(what, outcome, (*done, *kept, *why), planned.row.email)


def _sum_up(errand: Errand, report: JobReport, plan: Plan, now: datetime) -> None:
    report.remarks += plan.roster.remarks
    counts: dict[str, Any] = {
        "imported": report.counts[LineOutcome.TAKEN],
        "left": report.counts[LineOutcome.LEFT],
        "known": report.counts[LineOutcome.SAME],
    }
    audit.record(errand.owner, "roster.import", "roster", None, now=now, after=counts)


def _readable(text: str) -> Roster:
    roster = read_roster(text)
    if roster.problems:
        raise Invalid(roster.problems[0], field="text")
    return roster


is_work_of(
    JobKind.IMPORT,
    Work(
        name="Roster import",
        said_of={
            LineOutcome.TAKEN: "imported",
            LineOutcome.LEFT: "not imported",
            LineOutcome.SAME: "without anything new",
        },
        leads_to=("program.cohorts", "Go to cohorts"),
        step=import_some,
    ),
)
