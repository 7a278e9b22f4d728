"""What fellows are to be told now, and were not told yet; most urgent first."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from lms.notices.queries import told_about
from lms.notices.quiz_occasions import QuizOccasion
from lms.notices.telling import Telling, key_of
from lms.people.models import User
from lms.supervision.reminding import wording
from lms.supervision.reminding.queries import (
    GivenTo,
    OwnAttempt,
    abandoned_lately,
    given_now,
    graded_lately,
    running_out,
)

NEWS = timedelta(days=2)
"""For how long a thing that has happened is told of; what is older is no news."""

APART = timedelta(hours=1)
"""That a quiz opens is told to who heard of it longer than that before."""

DUE_WITHIN = timedelta(hours=48)
RUNS_OUT_WITHIN = timedelta(hours=24)

_OF_QUIZZES = (QuizOccasion.QUIZ_ASSIGNED, QuizOccasion.QUIZ_OPENS, QuizOccasion.QUIZ_DUE)

Told = tuple[Telling, User]


def to_fellows(given: Sequence[GivenTo], now: datetime) -> list[Told]:
    """Return what is to be told of quizzes that are *given* now and of attempts."""
    return [*_of_running(now), *_of_quizzes(given, now), *_of_abandoned(now), *_of_graded(now)]


def _of_quizzes(given: Sequence[GivenTo], now: datetime) -> list[Told]:
    known = told_about("assignment", {each.assignment_id for each in given}, _OF_QUIZZES)
    told = [(telling, each.fellow) for each in given for telling in _of_quiz(each, known, now)]
    return _new(told, known)


def _of_quiz(given: GivenTo, known: Mapping[str, datetime], now: datetime) -> list[Telling]:
    """Return what there is to say of a quiz; part of it may be known."""
    if given.is_over or now >= given.terms.closes:
        return []
    heard_at = _heard_at(given, known, now)
    if heard_at == now:
        return [wording.assigned(given, now)]
    opens, due = given.terms.opens, given.terms.due
    news_until = max(opens, given.back_at or opens) + NEWS
    told = []
    if not given.begun and heard_at < opens - APART and opens <= now < news_until:
        told.append(wording.opened(given, now))
    if given.owed and max(heard_at, opens) <= due - DUE_WITHIN <= now < due:
        told.append(wording.due(given))
    return told


def _heard_at(given: GivenTo, known: Mapping[str, datetime], now: datetime) -> datetime:
    """Return when the fellow heard of a quiz; *now*: the fellow is to hear of it now."""
    told_at = known.get(key_of(wording.assigned(given, now), given.fellow))
    if told_at is not None:
        return told_at
    is_news = now < max(given.since, given.back_at or given.since) + NEWS
    return now if is_news and not given.begun else given.since


def _of_running(now: datetime) -> list[Told]:
    attempts = running_out(now, within=RUNS_OUT_WITHIN)
    known = _known(attempts, QuizOccasion.TIME_RUNS_OUT)
    return _new([(wording.runs_out(each), each.fellow) for each in attempts], known)


def _of_abandoned(now: datetime) -> list[Told]:
    attempts = abandoned_lately(now, within=NEWS)
    known = _known(attempts, QuizOccasion.QUIZ_GRADED)
    return _new([(wording.abandoned(each, now), each.fellow) for each in attempts], known)


def _of_graded(now: datetime) -> list[Told]:
    attempts = graded_lately(now, within=NEWS)
    known = _known(attempts, QuizOccasion.QUIZ_GRADED)
    return _new([(_graded(each, known, now), each.fellow) for each in attempts], known)


def _graded(attempt: OwnAttempt, known: Mapping[str, datetime], now: datetime) -> Telling:
    """Return that an attempt is graded, or, if some of it waited then, that all of it is marked.

    Once all of it was told, nothing that is withheld or marked anew later is news.
    """
    telling = wording.graded(attempt, now)
    part, whole = (
        key_of(replace(telling, fact=wording.graded_fact(attempt, whole=each)), attempt.fellow)
        for each in (False, True)
    )
    all_marked = part in known and not attempt.row.waiting
    return wording.marked(attempt) if all_marked or whole in known else telling


def _known(attempts: Sequence[OwnAttempt], kind: QuizOccasion) -> dict[str, datetime]:
    return told_about("attempt", {each.row.id for each in attempts}, (kind,))


def _new(told: Sequence[Told], known: Mapping[str, datetime]) -> list[Told]:
    return [each for each in told if key_of(*each) not in known]


def still_holds(key: str, fellow_id: int, kind: QuizOccasion, now: datetime) -> bool:
    """Return whether what a fellow was told under *key* is so still, as its mail leaves.

    A mail may have waited for the morning: meanwhile a date was moved, or the quiz handed in.
    """
    if kind is QuizOccasion.QUIZ_GRADED:
        if not wording.tells_of_abandoned(key):
            return True
        lost = abandoned_lately(now, within=2 * NEWS, to=fellow_id)
        return any(key_of(wording.abandoned(each, now), each.fellow) == key for each in lost)
    if kind is QuizOccasion.TIME_RUNS_OUT:
        attempts = running_out(now, within=RUNS_OUT_WITHIN, to=fellow_id)
        return any(key_of(wording.runs_out(each), each.fellow) == key for each in attempts)
    return any(
        key_of(telling, each.fellow) == key
        for each in given_now(now, to=fellow_id)
        if not each.is_over and now < each.terms.closes
        for telling in _true_of(each, now)
    )


def _true_of(given: GivenTo, now: datetime) -> list[Telling]:
    return [
        wording.assigned(given, now),
        *([wording.opened(given, now)] if given.terms.opens <= now else []),
        *([wording.due(given)] if now < given.terms.due else []),
    ]
