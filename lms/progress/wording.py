"""What progress reports say: which approaches are weak, what is late."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from lms.core.clock import local, say_when
from lms.core.figures import plural, say_correct, say_count, say_figure, say_number
from question_bank.analysis.progress import (
    ApproachProgress,
    gaps,
    side,
    strengths,
    worth_a_word,
)
from question_bank.scoring import Tally
from question_bank.standing import Standing


def say_side(tally: Tally, line: int) -> str:
    """Return "below 70%", the *line*, where the whole interval is; nothing where that is open."""
    where = side(tally, line)
    return f"{where} {line}%" if where in {"below", "above"} else ""


def say_weak(line: ApproachProgress) -> str:
    """Return why an approach is worth a word."""
    against = f", against {say_count(line.before)} in the eight before"
    against = against if line.before.items else ""
    verb = "have fallen" if line.has_fallen else "are a weak area"
    return f"{line.name} items {verb}: {say_correct(line.recent)} in eight weeks{against}."


def say_topics(lines: Sequence[ApproachProgress], late: Sequence[Standing]) -> str:
    """Return what a word is about, in short: "interventional items, Quiz 4"."""
    areas = [f"{line.name[:1].lower()}{line.name[1:]} items" for line in worth_a_word(lines)]
    return ", ".join(areas + [standing.assignment.title for standing in late])


def say_span(since: datetime, until: datetime, zone: str) -> str:
    """Return "Nov 16 to 22, 2026" for the days from *since* up to before *until*."""
    first, last = local(since, zone), local(until - timedelta(seconds=1), zone)
    if first.year != last.year:
        return f"{first:%b} {first.day}, {first.year} to {last:%b} {last.day}, {last.year}"
    month = "" if first.month == last.month else f"{last:%b} "
    return f"{first:%b} {first.day} to {month}{last.day}, {last.year}"


def say_contrasts(
    lines: Sequence[ApproachProgress], told: Sequence[ApproachProgress] = ()
) -> list[str]:
    """Return strengths and gaps, as far as intervals allow to name any; no gap that is *told*."""
    sentences = [f"Strength: {line.name}, {say_figure(line.recent)}." for line in strengths(lines)]
    others = [line for line in gaps(lines) if line not in told]
    return sentences + [f"Gap: {line.name}, {say_figure(line.recent)}." for line in others]


def say_before(lines: Sequence[ApproachProgress], told: Sequence[ApproachProgress] = ()) -> str:
    """Return what the eight weeks before said, approach by approach, but for those *told*."""
    there = [line for line in lines if line.before.items]
    if not there:
        return "No items in the eight weeks before."
    counts = [f"{line.name} {say_count(line.before)}" for line in there if line not in told]
    return f"Eight weeks before: {', '.join(counts)}." if counts else ""


def say_overdue(standing: Standing, zone: str, now: datetime) -> tuple[str, str]:
    """Return that a quiz is overdue, and since when, until when, and how much is open."""
    title = standing.assignment.title
    days = (now - standing.due).days
    late = f"{say_number(days)} {'day' if days == 1 else 'days'} overdue" if days else "overdue"
    left = standing.items - standing.answered
    closes = "closes" if now < standing.closes else "closed"
    return (
        f"{title} is {late}.",
        f"Due {say_when(standing.due, zone)}, {closes} {say_when(standing.closes, zone)}; "
        f"{left} of {plural(standing.items, 'item')} {'is' if left == 1 else 'are'} open.",
    )


def say_missed(standing: Standing, zone: str) -> tuple[str, str]:
    """Return that a quiz closed and nothing was handed in."""
    title = standing.assignment.title
    return f"{title} was missed.", f"It closed {say_when(standing.closes, zone)}."
