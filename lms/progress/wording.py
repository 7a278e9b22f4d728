"""What progress reports say of shares and of what is late."""

from collections.abc import Container, Sequence
from datetime import datetime, time, timedelta

from lms.core.clock import at, local, say_when
from lms.core.figures import plural, say_count, say_figure, say_number
from question_bank.analysis.progress import ApproachProgress, gaps, side, strengths
from question_bank.analysis.summary import Summary
from question_bank.scoring import Tally
from question_bank.standing import Standing


def say_side(tally: Tally, line: int) -> str:
    """Return "below 70%", the *line*, where the whole interval is; nothing where that is open."""
    where = side(tally, line)
    return f"{where} {line}%" if where in {"below", "above"} else ""


def say_span(since: datetime, until: datetime, zone: str) -> str:
    """Return "Nov 16 to 22, 2026" for the days from *since* up to before *until*."""
    first, last = local(since, zone), local(until - timedelta(seconds=1), zone)
    if first.date() >= last.date():
        return f"{last:%b} {last.day}, {last.year}"
    if first.year != last.year:
        return f"{first:%b} {first.day}, {first.year} to {last:%b} {last.day}, {last.year}"
    month = "" if first.month == last.month else f"{last:%b} "
    return f"{first:%b} {first.day} to {month}{last.day}, {last.year}"


def say_days(since: datetime, until: datetime, zone: str) -> str:
    """Return the same without the year, where it is one: "Nov 16 to 22"."""
    said = say_span(since, until, zone)
    return said.rpartition(",")[0] if said.count(",") == 1 else said


def say_window(summary: Summary, zone: str) -> str:
    """Return the days that the shares of a summary count: "Sep 28 to Nov 22"."""
    return say_days(summary.since, summary.until, zone)


def say_contrasts(
    lines: Sequence[ApproachProgress], days: str, told: Container[str] = ()
) -> list[str]:
    """Return strengths and gaps of those *days*, as far as intervals allow to name any.

    *told*: of which approaches it is said already that they are gaps.
    """
    named = [("Strength", line) for line in strengths(lines)]
    named += [("Gap", line) for line in gaps(lines) if line.approach not in told]
    return [f"{kind}, {days}: {line.name}, {say_figure(line.recent)}." for kind, line in named]


def say_before(summary: Summary, zone: str) -> str:
    """Return what the eight weeks before the window said, approach by approach; maybe nothing."""
    since = summary.before_since
    counts = [
        f"{each.name} {say_count(each.before)}" for each in summary.lines if each.before.items
    ]
    if since is None or not counts:
        return ""
    first_day = at(local(summary.since, zone).date(), time(), zone)
    return f"Before, {say_days(since, first_day, zone)}: {', '.join(counts)}."


def say_overdue(standing: Standing, zone: str, when: datetime) -> tuple[str, str]:
    """Return that a quiz was overdue at a moment, since and until when, and what is open."""
    title = standing.assignment.title
    days = (when - standing.due).days
    late = f"{say_number(days)} {'day' if days == 1 else 'days'} overdue" if days else "overdue"
    left = standing.items - standing.answered
    closes = "closed" if standing.state == "missed" else "closes"
    return (
        f"{title} is {late}.",
        f"Due {say_when(standing.due, zone)}, {closes} {say_when(standing.closes, zone)}; "
        f"{left} of {plural(standing.items, 'item')} {'is' if left == 1 else 'are'} open.",
    )


def say_missed(standing: Standing, zone: str) -> tuple[str, str]:
    """Return that a quiz closed and nothing was handed in."""
    title = standing.assignment.title
    return f"{title} was missed.", f"It closed {say_when(standing.closes, zone)}."
