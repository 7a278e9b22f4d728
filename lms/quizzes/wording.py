"""What pages say of quizzes: what cohorts have had of them, how they stand beside the blueprint."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from fractions import Fraction

from lms.core.clock import local
from lms.core.figures import plural, say_share
from lms.program.blueprint import blueprint
from lms.program.models import Track
from lms.quizzes.given import Had
from lms.quizzes.models import Assignment
from lms.quizzes.queries import QuizCase
from question_bank.assembly import Form
from question_bank.balance import Balance


def say_had(had: Had, items: int, *, zone: str, now: datetime) -> str:
    """Return "12 of these 12 items were given to this cohort in October."

    What is not open as yet will be given. Months are those of *zone*.
    """
    past = [moment for moment in had.moments if moment <= now]
    ahead = [moment for moment in had.moments if moment > now]
    said = []
    if past:
        said.append(f"were given to this cohort in {say_months(past, zone=zone, now=now)}")
    if ahead:
        begin = "will be" if past else "will be given to this cohort"
        said.append(f"{begin} in {say_months(ahead, zone=zone, now=now)}")
    return f"{had.items} of these {plural(items, 'item')} {' or '.join(said)}."


MOST_NAMED = 4


def say_whom(given: Assignment) -> str:
    """Return whom an assignment concerns: "Dr. Adeyemi, Dr. Brandt, Dr. Costa and 9 more".

    Tracks are named where two cohorts have one name.
    """
    names = [each.name for each in given.audiences]
    told_apart = len(set(names)) == len(names)
    return say_some(names if told_apart else [each.said for each in given.audiences])


def say_some(names: Sequence[str]) -> str:
    """Return the first few of many names, and how many more there are."""
    rest = len(names) - MOST_NAMED + 1
    said = [*names[: MOST_NAMED - 1], f"{rest} more"] if rest > 1 else list(names)
    return " and ".join([", ".join(said[:-1]), said[-1]] if said[1:] else said)


def say_months(moments: Iterable[datetime], *, zone: str, now: datetime) -> str:
    """Return "October", "September and October" or "July, August and October 2025".

    The year is left out of what is in the same year as *now*.
    """
    there = sorted({(day.year, day.month) for day in (local(each, zone) for each in moments)})
    this_year = local(now, zone).year
    names = [
        f"{datetime(year, month, 1):%B}" + ("" if year == this_year else f" {year}")  # noqa: DTZ001
        for year, month in there
    ]
    return " and ".join([*([", ".join(names[:-1])] if names[1:] else []), names[-1]])


def count_items(quiz_cases: Sequence[QuizCase]) -> int:
    """Return how many items *quiz_cases* have together."""
    return sum(len(quiz_case.items) for quiz_case in quiz_cases)


def count_points(quiz_cases: Sequence[QuizCase]) -> int:
    """Return how many points the items of *quiz_cases* have together."""
    return sum(each.points for quiz_case in quiz_cases for each in quiz_case.items)


def say_balance(quiz_cases: Sequence[QuizCase], track: Track | None) -> list[tuple[str, str]]:
    """Return how many of the items each approach has, beside its share by the blueprint."""
    items = count_items(quiz_cases)
    pairs = []
    for approach in blueprint().approaches:
        count = count_items(
            [quiz_case for quiz_case in quiz_cases if quiz_case.case.approach == approach.id]
        )
        share = f" ({say_share(Fraction(count, items))})" if items else ""
        wanted = f", blueprint {approach.weight(track.slug)}%" if track else ""
        pairs.append((approach.name, f"{count}{share}{wanted}"))
    return pairs


def say_drawn(drawn: Form, stands: Balance | None) -> tuple[str, str]:
    """Return what is said of a draw, and how."""
    said = [f"{plural(len(drawn.items), 'item')} drawn."]
    if drawn.short:
        said.append(f"The bank has no more that this quiz may ask: it is {drawn.short} short.")
    if stands and stands.yields:
        said.append("What yields for that stands below.")
    return " ".join(said), "warn" if said[1:] else "good"
