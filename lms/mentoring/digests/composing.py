"""Composing what a digest says: summaries of the fellows in, sentences and figures out."""

from collections.abc import Sequence
from dataclasses import dataclass

from lms.core.clock import local, say_day, zone_name
from lms.core.figures import plural, say_correct, say_count, say_partial
from lms.mentoring.digests.contents import (
    WORDS,
    Ask,
    Bar,
    DigestContents,
    FellowPart,
    Period,
    Quote,
)
from lms.mentoring.digests.rhythms import Rhythm, say_rhythm
from lms.mentoring.goals.queries import TrackedGoal
from lms.mentoring.goals.wording import said_of_goals
from lms.mentoring.prompts.models import Prompt, PromptAnswer
from lms.program.deputies.wording import say_standing_in
from lms.program.models import Mentorship
from lms.progress.verdict_words import conclusion, grounds_of, rest_of, settling
from lms.progress.wording import say_before, say_contrasts, say_days, say_window
from lms.results.own_words import WordsSaid
from question_bank.analysis.summary import Summary
from question_bank.scoring import amount


@dataclass(frozen=True)
class FellowNews:
    """What a digest draws on for one fellow.

    Besides the summary these are own words, newest first, goals, and, of one in need, the prompt
    that the mentor answered last. `stands_in`: the mentor is the deputy, for whom and how long.
    """

    name: str
    summary: Summary
    words: Sequence[WordsSaid]
    goals: Sequence[TrackedGoal]
    answered: Prompt | None
    stands_in: Mentorship | None


def contents_of(
    fellows: Sequence[FellowNews], period: Period, rhythm: Rhythm, *, for_all: bool
) -> DigestContents:
    """Return what a digest says about a mentor's *fellows*, in order.

    *rhythm* says how long it is. Not *for_all*: it speaks of those in need alone, and only counts
    the others.
    """
    states = [each.summary.verdict.state for each in fellows]
    return DigestContents(
        subject=conclusion(states),
        lead=rest_of(states),
        period=period.words,
        zone=zone_name(period.zone),
        full=rhythm.full,
        comes=say_rhythm(rhythm),
        fellows=tuple(
            _of_fellow(each, period.zone) for each in fellows if for_all or each.summary.needs_word
        ),
    )


def _of_fellow(of: FellowNews, zone: str) -> FellowPart:
    summary = of.summary
    since, until = summary.fresh_since, summary.until
    words = [each for each in of.words if each.at >= since]
    days = say_window(summary, zone)
    grounds = grounds_of(summary, zone)
    return FellowPart(
        fellow_id=summary.fellow_id,
        name=of.name,
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
        own_words=tuple(Quote(each.text, _say_where(each, zone)) for each in words[:WORDS]),
        further_words=len(words[WORDS:]),
        goals=said_of_goals(of.goals, since=since, until=until),
        answered=_say_answer(of.answered, zone) if of.answered else "",
        deputy=say_standing_in(of.stands_in) if of.stands_in else "",
    )


def _say_answer(prompt: Prompt, zone: str) -> str:
    """Return "You noted on Nov 24 that you talked.", of a prompt that was answered."""
    at = local(prompt.answered_at or prompt.asked_at, zone)
    day = f"{at:%b} {at.day}"
    if prompt.answer is PromptAnswer.NOT_NEEDED:
        reason = " ".join((prompt.reason or "").split())
        return f"You noted on {day}: not needed, because “{reason}”"
    if prompt.answer is PromptAnswer.GOAL:
        return f"You set a goal on {day}."
    return f"You noted on {day} that you talked."


def _say_where(words: WordsSaid, zone: str) -> str:
    return f"On {words.title}, {say_day(words.at, zone)}."


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
