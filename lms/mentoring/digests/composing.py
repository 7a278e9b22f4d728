"""Composing what a digest says: summaries of the fellows in, sentences and figures out."""

from collections.abc import Mapping, Sequence

from lms.core.clock import zone_name
from lms.core.figures import plural, say_correct, say_count, say_partial
from lms.mentoring.digests.contents import Ask, Bar, DigestContents, FellowPart, Period
from lms.mentoring.digests.rhythms import Rhythm, say_rhythm
from lms.progress.verdict_words import conclusion, grounds_of, rest_of, settling
from lms.progress.wording import say_before, say_contrasts, say_days, say_window
from lms.results.own_words import WordsSaid
from question_bank.analysis.summary import Summary
from question_bank.scoring import amount


def contents_of(
    fellows: Sequence[tuple[str, Summary]],
    period: Period,
    rhythm: Rhythm,
    said: Mapping[int, WordsSaid],
) -> DigestContents:
    """Return what a digest says about *fellows*: their names, and what sums them up, in order.

    *rhythm* says how long it is; *said* is what they say of their weeks in own words, by their
    numbers.
    """
    states = [summary.verdict.state for _, summary in fellows]
    return DigestContents(
        subject=conclusion(states) if states else "",
        lead=rest_of(states),
        period=period.words,
        zone=zone_name(period.zone),
        full=rhythm.full,
        comes=say_rhythm(rhythm),
        fellows=tuple(
            _of_fellow(name, summary, period.zone, said.get(summary.fellow_id))
            for name, summary in fellows
        ),
    )


def _of_fellow(name: str, summary: Summary, zone: str, said: WordsSaid | None) -> FellowPart:
    days = say_window(summary, zone)
    grounds = grounds_of(summary, zone)
    return FellowPart(
        fellow_id=summary.fellow_id,
        name=name,
        needs_word=summary.needs_word,
        why=(),
        news=_news(summary, zone),
        bars=tuple(Bar(line.name, line.recent) for line in summary.lines),
        total=summary.total,
        before=say_before(summary, zone),
        contrasts=tuple(say_contrasts(summary.lines, days, told=summary.verdict.look_at)),
        late=(),
        asks=tuple(
            Ask(
                f"{point.name}.",
                f"{say_correct(point.tally)}, {days}. {takeaway}".strip(),
                f"{point.name} ({say_count(point.tally)}, {days})",
            )
            for point, takeaway in summary.points[:1]
        ),
        state=summary.verdict.state.value,
        days=days,
        grounds=tuple(Ask(each.strong, each.rest, each.strong or each.rest) for each in grounds),
        settle=settling(summary),
        own_words=said.text if said and said.at >= summary.fresh_since else "",
    )


def _news(summary: Summary, zone: str) -> str:
    if summary.fresh_since >= summary.until:
        return "Joined after this period."
    titles = [standing.assignment.title for standing in summary.finished]
    done = f"Finished {', '.join(titles)}. " if titles else ""
    days = say_days(summary.fresh_since, summary.until, zone)
    if summary.fresh.items:
        answers = plural(summary.fresh.items, "new first answer")
        earned = summary.fresh.correct
        fresh = f"{answers}, {days}: {amount(earned)} right{say_partial(earned)}."
    else:
        fresh = "None of the items counts so far." if done else f"Nothing new, {days}."
    if summary.corrected:
        verb = "was" if summary.corrected == 1 else "were"
        fresh += f" {plural(summary.corrected, 'earlier grade')} {verb} corrected."
    return done + fresh
