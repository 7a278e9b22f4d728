"""What is done with several cases at once: each is taken, or left with the reason."""

from collections.abc import Callable, Sequence
from datetime import date, datetime

from lms.authoring.models import Review
from lms.authoring.publishing.retagging import TagChange, retag
from lms.authoring.reviews.letters import tell_asked_about
from lms.authoring.sending.asking import ask_about
from lms.bank.together.queries import ChosenCase
from lms.cases.models import StoredCase
from lms.cases.revisions import RetiredAlready, retire_case
from lms.cases.services import locked_case
from lms.core.db import db
from lms.core.errors import Refusal
from lms.jobs.reports import JobReport, LineOutcome, ReportLine
from lms.people.models import User

Said = tuple[LineOutcome, str]
"""What came of one case."""


def tag_cases(
    person: User, chosen: Sequence[ChosenCase], change: TagChange, *, now: datetime
) -> JobReport:
    """Give the *chosen* cases, which nobody else changes, a tag, or take it; see `retag`."""

    def act(case: StoredCase) -> Said:
        done = retag(person, case, change, now)
        if done is None:
            return LineOutcome.SAME, "It is so already."
        if done.why_not:
            return LineOutcome.TAKEN, f"Version {done.number} is proposed. {done.why_not}"
        return LineOutcome.TAKEN, f"Version {done.number} is in use."

    return _each(chosen, act)


def ask_about_cases(
    person: User,
    chosen: Sequence[ChosenCase],
    reviewer: User,
    due_on: date | None,
    *,
    now: datetime,
) -> JobReport:
    """Ask *reviewer* to judge the *chosen* cases, which nobody else changes; see `ask_about`.

    One mail tells of all of them.
    """
    reviews: list[Review] = []

    def act(case: StoredCase) -> Said:
        asked = ask_about(person, case, reviewer, due_on, now)
        if asked.review is None:
            return LineOutcome.SAME, f"{reviewer.name} is asked already."
        reviews.append(asked.review)
        return LineOutcome.TAKEN, f"{reviewer.name} is asked to review version {asked.number}."

    report = _each(chosen, act)
    if reviews:
        tell_asked_about(reviews, person, due_on, reviewer, now=now)
    return report


def retire_cases(
    person: User, chosen: Sequence[ChosenCase], why: str, *, now: datetime
) -> JobReport:
    """Take the *chosen* cases, which nobody else changes, out of the bank; see `retire_case`."""

    def act(case: StoredCase) -> Said:
        try:
            retire_case(person, case.slug, why, now=now)
        except RetiredAlready:
            return LineOutcome.SAME, "It was retired before."
        return LineOutcome.TAKEN, "No new quiz asks it."

    return _each(chosen, act)


def _each(chosen: Sequence[ChosenCase], act: Callable[[StoredCase], Said]) -> JobReport:
    """Do *act* with each case; what is refused leaves nothing of it done."""
    report = JobReport()
    for each in chosen:
        try:
            with db.session.begin_nested():
                outcome, said = act(locked_case(each.case.slug))
        except Refusal as refusal:
            outcome, said = LineOutcome.LEFT, refusal.message
        report.lines.append(ReportLine(each.case.title, outcome, (said,)))
    return report
