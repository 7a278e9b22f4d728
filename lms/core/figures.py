"""Figures in words: the count before the share, and no share below `FIGURE` items."""

from datetime import datetime, timedelta
from fractions import Fraction

from question_bank.analysis.intervals import wilson
from question_bank.scoring import FIGURE, Score, Tally, amount, percent
from question_bank.terms import Terms, Unfinished

_NUMBERS = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]

_SPANS = (
    ("day", timedelta(days=1)), ("hour", timedelta(hours=1)), ("minute", timedelta(minutes=1))
)  # fmt: skip


def say_number(number: int) -> str:
    """Return "three" for 3; figures from eleven on."""
    return _NUMBERS[number] if number < len(_NUMBERS) else str(number)


def plural(count: int, noun: str) -> str:
    """Return "1 item", "14 items", "no items"."""
    return f"{count or 'no'} {noun}{'' if count == 1 else 's'}"


def say_share(share: Fraction | float) -> str:
    """Return "53%": the one place that says a share, 0 to 1."""
    return f"{percent(share)}%"


def say_count(tally: Tally) -> str:
    """Return "21 of 40"."""
    return f"{amount(tally.correct)} of {tally.items}"


def say_partial(earned: Fraction) -> str:
    """Return " with partial credit" to be put behind a count that is not of whole items."""
    return "" if earned.denominator == 1 else " with partial credit"


def say_correct(tally: Tally) -> str:
    """Return "21 of 40 correct", "3.3 of 11 correct with partial credit"."""
    return f"{say_count(tally)} correct{say_partial(tally.correct)}"


def say_interval(interval: tuple[float, float]) -> str:
    """Return "38 to 67%"."""
    low, high = (percent(bound) for bound in interval)
    return f"{low} to {high}%"


def say_figure(tally: Tally) -> str:
    """Return "21 of 40 (53%, 95% interval 38 to 67%)", or why there is no share."""
    if not tally.items:
        return "no items yet"
    if not tally.is_figure or tally.share is None or tally.interval is None:
        count = say_count(tally) + say_partial(tally.correct)
        return f"{count}, too few for a share ({FIGURE} needed)"
    figure = f"{say_count(tally)} ({_with_interval(tally.share, tally.interval)})"
    return figure + say_partial(tally.correct)


def say_duration(ms: int | None) -> str:
    """Return "340 ms" or "12.4 s"; nothing if it is not known."""
    if ms is None:
        return ""
    return f"{ms} ms" if ms < 1000 else f"{ms / 1000:,.1f} s"


def say_span(span: timedelta) -> str:
    """Return "3 days", "30 hours", "12 minutes": whole ones of the greatest that fits twice."""
    for noun, unit in _SPANS:
        if span >= 2 * unit:
            return plural(span // unit, noun)
    return "1 minute" if span >= timedelta(minutes=1) else "less than a minute"


def say_minutes(span: timedelta | None) -> str:
    """Return "30 minutes" for what is allowed, "none" where nothing is said."""
    return "none" if span is None else f"{span / timedelta(minutes=1):g} minutes"


def say_limit(terms: Terms, begun: datetime) -> str:
    """Return how long an attempt begun at that moment may take: "30 min", "60 min (30 × 2)"."""
    limit = terms.limit(begun)
    if terms.minutes is None or limit is None:
        return "no time limit"
    factor = terms.multiplied(begun)
    made_of = f" ({terms.minutes} × {factor / 100:g})" if factor else ""
    return f"{limit / timedelta(minutes=1):g} min{made_of}"


def say_left_over(span: timedelta) -> str:
    """Return what is left of a limit, as the limit is said: whole minutes, "5 min"."""
    minutes = span // timedelta(minutes=1)
    return f"{minutes} min" if minutes else "less than a minute"


def say_time_given(terms: Terms, begun: datetime) -> str:
    """Return what is left for an attempt begun at that moment: "5 min until it closes".

    Where the closing does not cut it short, it is `say_limit`.
    """
    left = terms.cut_short(begun)
    return say_limit(terms, begun) if left is None else f"{say_left_over(left)} until it closes"


def say_unfinished(unfinished: Unfinished, grace: timedelta) -> str:
    """Return what becomes of an attempt whose time ends: "what is saved is handed in"."""
    if unfinished is Unfinished.HAND_IN:
        return "what is saved is handed in"
    if unfinished is Unfinished.ABANDON:
        return "nothing of the attempt counts, unless it was handed in before"
    minutes = grace // timedelta(minutes=1)
    long = minutes % 60 == 0 and minutes >= 120
    span = plural(minutes // 60, "hour") if long else plural(minutes, "minute")
    return (
        f"nothing more can be answered, but it can still be handed in for {span}; "
        "after that nothing of the attempt counts"
    )


def say_freezes(freezes: int, each: timedelta) -> str:
    """Return how often fellows may stop the clock: "Up to 2 times by the fellow, 30 min each"."""
    if not freezes:
        return "None by fellows"
    minutes = each // timedelta(minutes=1)
    times = "Once" if freezes == 1 else f"Up to {freezes} times"
    return f"{times} by the fellow, {minutes} min{' each' if freezes > 1 else ''}"


def say_score(score: Score, waiting: int = 0) -> str:
    """Return "14 of 20 (70%, 95% interval 48 to 85%)"; points where items weigh differently.

    Below `FIGURE` items it is the count alone, as in every report. *waiting* is how many answers a
    person has yet to mark.
    """
    if not score.possible:
        if waiting:
            return "There is no score yet."
        return "No item counts, so there is no score."
    share = _points(score)
    if score.possible != score.items:
        share += f" points, {plural(score.items, 'item')}"
    if score.items < FIGURE:
        return f"{share}{say_partial(score.earned)}. That is too few items for a share."
    interval = wilson(score.earned / score.possible * score.items, score.items)
    return f"{share} ({_with_interval(_share(score), interval)}){say_partial(score.earned)}"


def say_score_briefly(score: Score) -> str:
    """Return "70%"; "7 of 9" below `FIGURE` items."""
    if not score.possible:
        return "No score"
    return _points(score) if score.items < FIGURE else say_share(_share(score))


def _with_interval(share: Fraction, interval: tuple[float, float]) -> str:
    return f"{say_share(share)}, 95% interval {say_interval(interval)}"


def _points(score: Score) -> str:
    return f"{amount(score.earned)} of {score.possible}"


def _share(score: Score) -> Fraction:
    return score.earned / score.possible
