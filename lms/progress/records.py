"""Loading what is on record of fellows, for a summary."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from lms.attempts.queries import last_answers
from lms.attempts.secrecy import to_answer_blind
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
from question_bank.analysis.progress import Fact
from question_bank.analysis.recorded import FellowRecord, Records
from question_bank.analysis.silence import Span
from question_bank.analysis.unsafe import ChoiceRecord


def records_of(
    fellow_ids: Iterable[int],
    *,
    until: datetime,
    now: datetime,
    reader: User,
    told: Mapping[int, datetime],
) -> Records:
    """Return what is on record of fellows, for *reader*, in a fixed number of statements.

    Args:
        fellow_ids: Of whom.
        until: Of answers, only what became news before this moment; the membership is the one of
            just before it.
        now: When it is said.
        reader: Who reads it: of accommodations only the own count, of mentorships too. Of a case
            that they are to answer blind as its reviewer, the takeaway is not there, and an unsafe
            choice is kept.
        told: Up to when the reader was told the news of a fellow already.
    """
    ids, blind = list(fellow_ids), to_answer_blind(reader).keys()
    facts = graded_facts(ids, until=until, now=now, told_to=reader.id)
    return Records(
        facts=facts,
        standings=standings(ids, now, told_to=reader.id),
        first_graded=first_graded(ids),
        takeaways=takeaways(
            {fact.case_version_id for fact in facts if fact.credit < 1}, besides=blind
        ),
        choices=_choices([fact for fact in facts if fact.harms], blind),
        people=_people(ids, until, now, reader, told),
    )


def _people(
    ids: Sequence[int],
    until: datetime,
    now: datetime,
    reader: User,
    told: Mapping[int, datetime],
) -> dict[int, FellowRecord]:
    today = local(now, reader.time_zone).date()
    last_day = local(until - timedelta(microseconds=1), reader.time_zone).date()
    joined = members_since(ids, last_day, today=today)
    mentored = mentored_since(reader, ids, today)
    answered, away = last_answers(ids), leaves_of(ids)
    return {
        fellow_id: FellowRecord(
            joined=joined.get(fellow_id),
            mentored=mentored.get(fellow_id),
            told=told.get(fellow_id),
            answered=answered.get(fellow_id),
            away=tuple(Span(*span) for span in away.get(fellow_id, ())),
        )
        for fellow_id in ids
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
