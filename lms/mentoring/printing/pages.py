"""The pages that are set as PDFs: complete by themselves, in the words and the zone of a reader."""

from datetime import datetime

from flask import render_template

from lms.core import clock
from lms.mentoring.goals import wording as goal_wording
from lms.mentoring.goals.queries import all_goals
from lms.mentoring.printing.models import PrintoutKind
from lms.mentoring.printing.preparing import meeting_prepared
from lms.mentoring.reports import report_read
from lms.people.models import User
from lms.progress import queries, verdict_words, wording

SIZES = {
    PrintoutKind.REPORT: (10.0,),
    PrintoutKind.PROGRESS: (10.0,),
    PrintoutKind.PREPARATION: (10.0, 9.5, 9.0, 8.5, 8.0, 7.5, 7.0, 6.5, 6.0),
}
"""How large the text of each kind is, in points; what prepares a meeting has to fit on a page."""


def page_to_print(reader: User, fellow_id: int, kind: PrintoutKind, *, now: datetime) -> str:
    """Return the page of that kind about a fellow, for *reader*, roles loaded.

    Raises:
        NotFound: there is no such fellow of whom the reader may read it.
    """
    make = {
        PrintoutKind.REPORT: _report,
        PrintoutKind.PROGRESS: _progress,
        PrintoutKind.PREPARATION: _preparation,
    }[kind]
    return make(reader, fellow_id, now)


def _report(reader: User, fellow_id: int, now: datetime) -> str:
    read = report_read(reader, fellow_id, now=now)
    return _page("report", reader, now, **vars(read))


def _progress(reader: User, _fellow_id: int, now: datetime) -> str:
    report = queries.report(reader.id, now=now, reader=reader)
    return _page("progress", reader, now, report=report, goals=all_goals(reader.id, now=now))


def _preparation(reader: User, fellow_id: int, now: datetime) -> str:
    prepared = meeting_prepared(reader, fellow_id, now=now)
    return _page("preparation", reader, now, prepared=prepared, report=prepared.read.report)


def _page(name: str, reader: User, now: datetime, **shown: object) -> str:
    return render_template(
        f"printing/{name}.html",
        reader=reader,
        zone=reader.time_zone,
        now=now,
        clock=clock,
        wording=wording,
        say=verdict_words,
        of_goals=goal_wording,
        **shown,
    )
