"""Loading what is on record of fellows, for summaries."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeVar

from lms.attempts.queries import last_answers
from lms.attempts.secrecy import all_to_answer_blind
from lms.attempts.standings import standings
from lms.cases.knowledge import NOT_NAMED, acts_said
from lms.cases.queries import takeaways, titles
from lms.core.clock import local
from lms.grading.models import UNNAMED
from lms.grading.queries import first_graded
from lms.people.models import User
from lms.program.beginnings import mentored_since
from lms.program.queries import leaves_of, members_since
from lms.progress.facts import graded_facts
from lms.results.queries import acknowledgements
from lms.results.withheld import ANYBODY
from question_bank.analysis.progress import Fact
from question_bank.analysis.recorded import FellowRecord, Records
from question_bank.analysis.silence import Span
from question_bank.analysis.unsafe import ChoiceRecord
from question_bank.standing import Standing

OfFellow = TypeVar("OfFellow", Fact, Standing)


@dataclass(frozen=True)
class Briefing:
    """Who is told of whom: a *reader*, roles loaded, of fellows, the news since a moment.

    `told`: up to when the reader was told the news of a fellow already, in between.
    """

    reader: User
    fellow_ids: Sequence[int]
    since: datetime
    told: Mapping[int, datetime] = field(default_factory=dict)


@dataclass(frozen=True)
class _ToldAlike:
    """What readers have in common who are told the same of a fellow.

    Of accommodations the own one counts alone (`told_to`); of cases that a reader is to answer
    *blind* as their reviewer, the takeaway is not there, and an unsafe choice is kept; days are
    those of the reader's *zone*.
    """

    told_to: int
    blind: frozenset[int]
    zone: str


def records_of(
    briefings: Sequence[Briefing], *, until: datetime, now: datetime
) -> dict[int, Records]:
    """Return what is on record of fellows, by reader; in a fixed number of statements.

    There are as many again for readers who are told otherwise; see `_ToldAlike`.

    Args:
        briefings: Who is told of whom, one for each reader.
        until: Of answers, only what became news before this moment; the membership is the one of
            just before it.
        now: When it is said.
    """
    blind = all_to_answer_blind([each.reader.id for each in briefings])
    groups: dict[_ToldAlike, list[Briefing]] = {}
    for each in briefings:
        reader = each.reader
        own = reader.id if reader.id in each.fellow_ids else ANYBODY
        alike = _ToldAlike(own, frozenset(blind[reader.id]), reader.time_zone)
        groups.setdefault(alike, []).append(each)
    return {
        reader_id: records
        for alike, group in groups.items()
        for reader_id, records in _of_alike(alike, group, until, now).items()
    }


def _of_alike(
    alike: _ToldAlike, briefings: Sequence[Briefing], until: datetime, now: datetime
) -> dict[int, Records]:
    ids = sorted({fellow_id for each in briefings for fellow_id in each.fellow_ids})
    facts = graded_facts(ids, until=until, now=now, told_to=alike.told_to)
    facts_of = _by_fellow(facts)
    standings_of = _by_fellow(standings(ids, now, told_to=alike.told_to))
    graded = first_graded(ids)
    lessons = takeaways(
        {fact.case_version_id for fact in facts if fact.credit != 1}, besides=alike.blind
    )
    choices = _choices([fact for fact in facts if fact.harms], alike.blind)
    people = _people(alike, briefings, ids, until, now)
    return {
        each.reader.id: Records(
            facts=[fact for fellow_id in each.fellow_ids for fact in facts_of.get(fellow_id, ())],
            standings=[one for who in each.fellow_ids for one in standings_of.get(who, ())],
            first_graded=graded,
            takeaways=lessons,
            choices=choices,
            people=people[each.reader.id],
        )
        for each in briefings
    }


def _by_fellow(found: Iterable[OfFellow]) -> dict[int, list[OfFellow]]:
    of: dict[int, list[OfFellow]] = {}
    for each in found:
        of.setdefault(each.fellow_id, []).append(each)
    return of


def _people(
    alike: _ToldAlike,
    briefings: Sequence[Briefing],
    ids: Sequence[int],
    until: datetime,
    now: datetime,
) -> dict[int, dict[int, FellowRecord]]:
    """Return what is on record beside answers and standings, by reader and fellow."""
    today = local(now, alike.zone).date()
    last_day = local(until - timedelta(microseconds=1), alike.zone).date()
    joined = members_since(ids, last_day, today=today)
    mentored = mentored_since([each.reader for each in briefings], today)
    answered, away = last_answers(ids), leaves_of(ids)
    return {
        each.reader.id: {
            fellow_id: FellowRecord(
                joined=joined.get(fellow_id),
                mentored=mentored.get(each.reader.id, {}).get(fellow_id),
                told=each.told.get(fellow_id),
                answered=answered.get(fellow_id),
                away=tuple(Span(*span) for span in away.get(fellow_id, ())),
            )
            for fellow_id in each.fellow_ids
        }
        for each in briefings
    }


def _choices(unsafe: Sequence[Fact], blind: Collection[int]) -> dict[int, ChoiceRecord]:
    """Return the records of unsafe choices; those in the cases with the ids *blind* are kept."""
    named = titles({fact.case_version_id for fact in unsafe}, besides=blind)
    known = acknowledgements([fact.response_id for fact in unsafe])
    said = acts_said({act for fact in unsafe for act in fact.harms} - {UNNAMED})
    return {
        fact.response_id: _choice(
            fact,
            case=named.get(fact.case_version_id),
            act="; ".join(said.get(act, NOT_NAMED) for act in fact.harms),
            known=known.get(fact.response_id, []),
        )
        for fact in unsafe
    }


def _choice(
    fact: Fact, *, case: str | None, act: str, known: Sequence[tuple[int, str, datetime]]
) -> ChoiceRecord:
    read_at = next((at for who, _, at in known if who == fact.fellow_id), None)
    talked = next(((name, at) for who, name, at in known if who != fact.fellow_id), None)
    return ChoiceRecord(
        case=case or "",
        act=act if case is not None else "",
        kept=case is None,
        read_at=read_at,
        talked_by=talked[0] if talked else "",
        talked_at=talked[1] if talked else None,
    )
