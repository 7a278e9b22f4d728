"""Gathering what digests say: the facts of many mentors' fellows, from one reading."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from lms.core.clock import local
from lms.mentoring.digests.composing import FellowNews, contents_of
from lms.mentoring.digests.contents import DigestContents
from lms.mentoring.digests.occasions import DigestOccasion
from lms.mentoring.goals.queries import TrackedGoal, goals_lately
from lms.mentoring.prompts.queries import answers_lately
from lms.people.models import User
from lms.program.beginnings import all_fellows_of, mentored_since
from lms.program.deputies.queries import all_stood_in_with, all_taken_over
from lms.progress.queries import all_summaries
from lms.progress.records import Briefing
from lms.progress.verdict_words import choices_named
from lms.results.own_words import words_of


@dataclass(frozen=True)
class DigestDraft:
    """What a digest says on its occasion, and of each fellow in need the unsafe choices it names.

    No contents: a deputy stands in with all.
    """

    occasion: DigestOccasion
    contents: DigestContents | None
    named: Mapping[int, Sequence[int]]

    @property
    def is_quiet(self) -> bool:
        """Whether there is nobody to speak of."""
        return self.contents is None or not self.contents.fellows


def drafts_of(occasions: Iterable[DigestOccasion], week: str, now: datetime) -> list[DigestDraft]:
    """Return what the digests about *week* say, by mentor.

    There is none for a mentor who had no fellow by its end. In a fixed number of statements, and
    as many again for mentors whose clocks or days are others.
    """
    groups: dict[tuple[str, date, datetime], list[DigestOccasion]] = {}
    for each in occasions:
        period, last_day = each.period, each.timetable.due_on(week) - timedelta(days=1)
        groups.setdefault((period.zone, last_day, period.ends_at), []).append(each)
    drafts = [
        draft
        for (zone, last_day, until), group in groups.items()
        for draft in _of_group(group, local(now, zone).date(), last_day, until, now)
    ]
    return sorted(drafts, key=lambda draft: draft.occasion.mentor.id)


def _of_group(
    occasions: Sequence[DigestOccasion],
    today: date,
    last_day: date,
    until: datetime,
    now: datetime,
) -> Iterator[DigestDraft]:
    found = _about_whom(occasions, today, last_day)
    said_of = {
        occasion.mentor.id: news
        for occasion, news in _news([each for each in found if each[1]], today, until, now)
    }
    for occasion, fellows in found:
        yield (
            _draft(occasion, said_of[occasion.mentor.id])
            if fellows
            else DigestDraft(occasion, None, {})
        )


def _about_whom(
    occasions: Sequence[DigestOccasion], today: date, last_day: date
) -> list[tuple[DigestOccasion, list[User]]]:
    """Return the fellows whom each digest is about, and its occasion, which begins with the first.

    There are none where a deputy stands in with all; who had none by the *last_day* is left out.
    """
    mentors = [each.mentor for each in occasions]
    ids = [mentor.id for mentor in mentors]
    known = all_fellows_of(ids, today, since=last_day)
    if not known:
        return []
    began = mentored_since(mentors, today)
    away = all_stood_in_with(ids, today)
    found = []
    for each in occasions:
        fellows = known.get(each.mentor.id)
        if fellows is None:
            continue
        first = min(began[each.mentor.id][fellow.id] for fellow in fellows)
        if first >= each.period.ends_at:
            continue
        period = replace(each.period, starts_at=max(each.period.starts_at, first))
        present = [fellow for fellow in fellows if (each.mentor.id, fellow.id) not in away]
        handed_on = len(present) < len(fellows)
        found.append((replace(each, period=period, handed_on=handed_on), present))
    return found


def _news(
    found: Sequence[tuple[DigestOccasion, list[User]]],
    today: date,
    until: datetime,
    now: datetime,
) -> Iterator[tuple[DigestOccasion, list[FellowNews]]]:
    """Yield what each digest draws on for its fellows."""
    if not found:
        return
    briefings = [
        Briefing(of.mentor, [fellow.id for fellow in fellows], of.period.starts_at, of.told)
        for of, fellows in found
    ]
    since = min(each.since for each in briefings)
    mentors = [each.reader.id for each in briefings]
    everybody = sorted({fellow_id for each in briefings for fellow_id in each.fellow_ids})
    summed_up = all_summaries(briefings, until=until, now=now)
    words = words_of(everybody, since=since, until=until)
    goals = goals_lately(everybody, since=since, now=now)
    in_need = {each for own in summed_up.values() for each in own if own[each].needs_word}
    answered = answers_lately(mentors, in_need, now) if in_need else {}
    deputy = all_taken_over(mentors, today)
    for of, fellows in found:
        summary_of = summed_up[of.mentor.id]
        yield (
            of,
            [
                FellowNews(
                    fellow.name,
                    summary_of[fellow.id],
                    words=words.get(fellow.id, ()),
                    goals=_lately(goals.get(fellow.id, ()), of.period.starts_at),
                    answered=answered.get((of.mentor.id, fellow.id))
                    if summary_of[fellow.id].needs_word
                    else None,
                    stands_in=deputy.get((of.mentor.id, fellow.id)),
                )
                for fellow in fellows
            ],
        )


def _lately(goals: Iterable[TrackedGoal], since: datetime) -> list[TrackedGoal]:
    """Return the goals that are live, or ended since then."""
    return [each for each in goals if each.goal.ended_at is None or each.goal.ended_at >= since]


def _draft(occasion: DigestOccasion, news: Sequence[FellowNews]) -> DigestDraft:
    rhythm = occasion.timetable.rhythm
    contents = contents_of(news, occasion.period, rhythm, for_all=occasion.for_all)
    told = {fellow.fellow_id for fellow in contents.in_need}
    return DigestDraft(
        occasion,
        contents,
        {
            each.summary.fellow_id: choices_named(each.summary, occasion.period.zone)
            for each in news
            if each.summary.fellow_id in told
        },
    )
