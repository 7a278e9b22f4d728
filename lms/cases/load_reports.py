"""What a load of case files did, as the report of its job."""

from lms.cases.services import LoadReport
from lms.jobs.kinds import Work, is_work_of
from lms.jobs.models import JobKind
from lms.jobs.reports import JobReport, LineOutcome, ReportLine


def report_of(load: LoadReport) -> JobReport:
    """Return a line for each case that was taken or known, and each thing that was not taken."""
    lines = [
        ReportLine(slug, LineOutcome.TAKEN, (said,))
        for slugs, said in (
            (load.new, "A new case."),
            (load.changed, "A new version."),
            (load.proposed, "Proposed. It reaches nobody until somebody publishes it."),
        )
        for slug in slugs
    ]
    for problem in load.problems:
        name, _, why = problem.partition(": ")
        lines.append(ReportLine(name, LineOutcome.LEFT, (why,)))
    lines += [ReportLine(slug, LineOutcome.SAME) for slug in load.unchanged]
    return JobReport(lines=lines)


is_work_of(
    JobKind.LOAD,
    Work(
        name="Load of the bank",
        said_of={
            LineOutcome.TAKEN: "taken",
            LineOutcome.LEFT: "not taken",
            LineOutcome.SAME: "as before",
        },
        leads_to=("bank.index", "Go to the bank"),
    ),
)
