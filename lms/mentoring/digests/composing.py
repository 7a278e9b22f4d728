"""Composing what a digest says: summaries of the fellows in, sentences and figures out."""

from collections.abc import Sequence
from datetime import datetime

from lms.core.clock import zone_name
from lms.core.figures import plural, say_correct, say_count, say_number, say_partial
from lms.mentoring.digests.contents import Ask, Bar, DigestContents, FellowPart, Period
from lms.progress.wording import say_before, say_contrasts, say_missed, say_overdue, say_weak
from question_bank.analysis.summary import Summary
from question_bank.scoring import amount


def contents_of(
    fellows: Sequence[tuple[str, Summary]], period: Period, *, now: datetime
) -> DigestContents:
    """Return what a digest says about *fellows*: their names, and what sums them up, in order."""
    parts = tuple(_of_fellow(name, summary, period, now) for name, summary in fellows)
    need = sum(fellow.needs_word for fellow in parts)
    return DigestContents(
        subject=conclusion(need, len(parts)),
        lead=_rest(need, len(parts)),
        period=period.words,
        zone=zone_name(period.zone),
        fellows=parts,
    )


def conclusion(need: int, fellows: int) -> str:
    """Return the subject: how many of the mentor's fellows need a word."""
    if fellows == 1:
        return "Your fellow needs a word this week" if need else "Your fellow is on track"
    many = say_number(fellows)
    if not need:
        return f"{'Both of your' if fellows == 2 else f'Your {many}'} fellows are on track"
    if need == fellows:
        every = "Both" if fellows == 2 else f"All {many}"
        return f"{every} of your fellows need a word this week"
    verb = "needs" if need == 1 else "need"
    return f"{say_number(need).capitalize()} of your {many} fellows {verb} a word this week"


def _rest(need: int, fellows: int) -> str:
    rest = fellows - need
    if not need:
        return "Nothing is overdue, and no approach stands out as weak."
    if not rest:
        return ""
    if rest == 1:
        return "The other one is on track."
    return f"The other {say_number(rest)} are on track."


def _of_fellow(name: str, summary: Summary, period: Period, now: datetime) -> FellowPart:
    late = [say_overdue(standing, period.zone, now) for standing in summary.overdue]
    late += [say_missed(standing, period.zone) for standing in summary.missed]
    told = summary.weak
    return FellowPart(
        fellow_id=summary.fellow_id,
        name=name,
        needs_word=summary.needs_word,
        why=tuple(say_weak(line) for line in told),
        news=_news(summary),
        bars=tuple(Bar(line.name, line.recent) for line in summary.lines),
        total=summary.total,
        before=say_before(summary.lines, told),
        contrasts=tuple(say_contrasts(summary.lines, told)),
        late=tuple(Ask(strong, rest, strong) for strong, rest in late),
        asks=tuple(
            Ask(
                f"{point.name}.",
                f"{say_correct(point.tally)}. {takeaway}".strip(),
                f"{point.name} ({say_count(point.tally)})",
            )
            for point, takeaway in summary.points
        ),
    )


def _news(summary: Summary) -> str:
    titles = [standing.assignment.title for standing in summary.finished]
    done = f"Finished {', '.join(titles)}. " if titles else ""
    if summary.fresh.items:
        items = plural(summary.fresh.items, "item")
        earned = summary.fresh.correct
        fresh = f"{items} in this period, {amount(earned)} correct{say_partial(earned)}."
    else:
        fresh = "None of the items counts so far." if done else "Nothing new in this period."
    if summary.unsafe:
        fresh += f" {plural(summary.unsafe, 'choice')} would have harmed a patient."
    if summary.corrected:
        verb = "was" if summary.corrected == 1 else "were"
        fresh += f" {plural(summary.corrected, 'earlier grade')} {verb} corrected."
    return done + fresh
