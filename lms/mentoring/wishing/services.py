"""Wishing for a short quiz, and giving it, or not."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import update

from lms.core.audit import record
from lms.core.clock import at, local
from lms.core.db import db
from lms.core.errors import Invalid, NotFound, Refusal
from lms.core.settings import setting
from lms.mentoring.access import check_mentors
from lms.mentoring.wishing import letters
from lms.mentoring.wishing.drawing import draw
from lms.mentoring.wishing.models import LONGEST, QuizWish, WishState
from lms.mentoring.wishing.queries import offers_for, wish_by_id, wishes_under_way
from lms.mentoring.wishing.settings import SHORT_QUIZZES
from lms.mentoring.wishing.wording import say_offer, say_title
from lms.notices.telling import tell
from lms.people.locking import locked_person
from lms.people.models import Role, User
from lms.people.queries import people_with
from lms.program.queries import cohort_of, may_mentor_see
from lms.quizzes.assembling.services import archive_quiz, create_quiz
from lms.quizzes.assigning.services import AssignmentTerms, assign
from lms.quizzes.models import Assignment
from lms.quizzes.versions import Seat, draft, replace

MOST_AHEAD = timedelta(days=30)
"""How far ahead a short quiz may open."""

LONGEST_OPEN = timedelta(days=60)
"""How long after it opens it may be due."""

LATE = timedelta(days=7)
"""For how long after it is due it can still be taken."""


class DecidedMeanwhile(Refusal):
    """Somebody else has decided otherwise."""

    message = "This was decided meanwhile, so nothing was done."


@dataclass(frozen=True)
class WantedQuiz:
    """On which approach a mentor wants a short quiz, and on which days of the fellow's."""

    approach: str
    opens_on: date
    due_on: date


def gives_at_once(mentor: User) -> bool:
    """Return whether a quiz that *mentor*, roles loaded, wants is given without being approved."""
    return Role.DIRECTOR in mentor.roles or setting(SHORT_QUIZZES).by_mentors


def wished_already(
    mentor: User, fellow_id: int, wanted: WantedQuiz, *, now: datetime
) -> QuizWish | None:
    """Return the same wish of the same mentor that waits, or whose quiz can be taken."""
    return next(
        (
            wish
            for wish in wishes_under_way(fellow_id, now=now)
            if wish.mentor_id == mentor.id
            and WantedQuiz(wish.approach, wish.opens_on, wish.due_on) == wanted
        ),
        None,
    )


def wish_quiz(mentor: User, fellow_id: int, wanted: WantedQuiz, *, now: datetime) -> QuizWish:
    """Wish for a short quiz; it is given, or directors are told that it waits.

    Twice is as good as once. How many items it has is said by the verdict on the fellow.

    Raises:
        NotFound: *mentor*, roles loaded, does not look after the fellow.
        Invalid: no short quiz on the approach is to be had, or its days will not do.
        TooFewNew: none of as many items can be drawn.
    """
    check_mentors(mentor, fellow_id, local(now, mentor.time_zone).date())
    fellow = locked_person(fellow_id)
    known = wished_already(mentor, fellow_id, wanted, now=now)
    if known is not None:
        return known
    _check_days(wanted, local(now, fellow.time_zone).date())
    items = _items_for(mentor, fellow, wanted.approach, now)
    draw(fellow, wanted.approach, items, now=now)
    wish = QuizWish(
        fellow_id=fellow_id,
        mentor_id=mentor.id,
        approach=wanted.approach,
        items=items,
        opens_on=wanted.opens_on,
        due_on=wanted.due_on,
        asked_at=now,
    )
    db.session.add(wish)
    db.session.flush()
    _record(mentor, "wish.ask", wish, now)
    if gives_at_once(mentor):
        return _give(mentor, wish_by_id(wish.id), now)
    wish = wish_by_id(wish.id)
    tell(letters.waits(wish), people_with(Role.DIRECTOR), now=now)
    return wish


def _check_days(wanted: WantedQuiz, today: date) -> None:
    if not today <= wanted.opens_on <= today + MOST_AHEAD:
        raise Invalid(
            f"It opens today or within {MOST_AHEAD.days} days.",
            field="opens_on",
        )
    if not wanted.opens_on < wanted.due_on <= wanted.opens_on + LONGEST_OPEN:
        raise Invalid(
            f"It is due on a day after it opens, within {LONGEST_OPEN.days} days.", field="due_on"
        )


def _items_for(mentor: User, fellow: User, approach: str, now: datetime) -> int:
    offer = next(
        (each for each in offers_for(mentor, fellow, now=now) if each.approach == approach), None
    )
    if offer is None:
        raise Invalid("Choose one of the approaches.", field="approach")
    if not offer.can_be_wished or offer.items is None:
        raise Invalid(f"{offer.name}: {say_offer(offer)}.", field="approach")
    return offer.items


def approve(director: User, wish_id: int, *, now: datetime) -> QuizWish:
    """Give what a mentor wants, and tell the mentor. Twice is as good as once.

    Raises:
        NotFound: there is no such wish.
        DecidedMeanwhile: it was declined or taken back.
        Refusal: the mentor looks after the fellow no more, or it would be due already.
        TooFewNew: as many items cannot be drawn any more.
    """
    wish = hold(wish_id)
    if wish.state is WishState.GIVEN:
        return wish
    if wish.state is not WishState.WAITING:
        raise DecidedMeanwhile
    today = local(now, wish.fellow.time_zone).date()
    if not may_mentor_see(wish.mentor_id, wish.fellow_id, today):
        raise Refusal(
            f"{wish.mentor.name} does not look after {wish.fellow.name} any more. Decline it."
        )
    wish = _give(director, wish, now)
    _tell_mentor(director, wish, now)
    return wish


def decline(director: User, wish_id: int, *, reason: str, now: datetime) -> QuizWish:
    """Do not give what a mentor wants, and tell the mentor. Twice is as good as once.

    Raises:
        NotFound: there is no such wish.
        DecidedMeanwhile: it was given or taken back.
        Invalid: no reason, or a long one.
    """
    wish = hold(wish_id)
    if wish.state is WishState.DECLINED:
        return wish
    if wish.state is not WishState.WAITING:
        raise DecidedMeanwhile
    if not reason or len(reason) > LONGEST:
        raise Invalid(f"Say why, in at most {LONGEST} characters.", field="reason")
    wish = _decide(director, wish, WishState.DECLINED, now, reason=reason)
    _record(director, "wish.decline", wish, now)
    _tell_mentor(director, wish, now)
    return wish


def take_back(mentor: User, wish_id: int, *, now: datetime) -> QuizWish:
    """Want a short quiz no more that was not decided on. Twice is as good as once.

    Raises:
        NotFound: *mentor* has no such wish, or does not look after the fellow any more.
        DecidedMeanwhile: a director has decided.
    """
    wish = hold(wish_id)
    if wish.mentor_id != mentor.id:
        raise NotFound
    check_mentors(mentor, wish.fellow_id, local(now, mentor.time_zone).date())
    if wish.state is WishState.TAKEN_BACK:
        return wish
    if wish.state is not WishState.WAITING:
        raise DecidedMeanwhile
    wish = _decide(mentor, wish, WishState.TAKEN_BACK, now)
    _record(mentor, "wish.take_back", wish, now)
    return wish


def hold(wish_id: int) -> QuizWish:
    """Return a wish, which nobody else changes until the commit; it is its fellow who is locked.

    Raises:
        NotFound: there is none with that id.
    """
    locked_person(wish_by_id(wish_id).fellow_id)
    return wish_by_id(wish_id)


def _give(actor: User, wish: QuizWish, now: datetime) -> QuizWish:
    """Have a quiz drawn, and give it to the fellow, who hears of it as of any other."""
    terms = _terms(wish, now)
    seats = [Seat(each) for each in draw(wish.fellow, wish.approach, wish.items, now=now)]
    given = _assigned(actor, wish, seats, terms, now)
    wish = _decide(actor, wish, WishState.GIVEN, now, assignment_id=given.id)
    _record(actor, "wish.give", wish, now)
    return wish


def _assigned(
    actor: User, wish: QuizWish, seats: list[Seat], terms: AssignmentTerms, now: datetime
) -> Assignment:
    """Return a new quiz as it is given; archived, since it is for one fellow and once."""
    quiz = create_quiz(actor, title=say_title(wish.approach), now=now)
    cohort = cohort_of(wish.fellow_id, local(now, wish.fellow.time_zone).date())
    quiz.track_id = None if cohort is None else cohort.track_id
    replace(draft(quiz.id, now=now), seats)
    given = assign(actor, quiz.id, terms=terms, fellow_ids=[wish.fellow_id], now=now)
    archive_quiz(actor, quiz.id, now=now)
    return given


def _terms(wish: QuizWish, now: datetime) -> AssignmentTerms:
    """Return when it opens, with its day or at once, and that it is due as its day ends."""
    zone = wish.fellow.time_zone
    opens_at = max(at(wish.opens_on, time(), zone), now)
    due_at = at(wish.due_on, time(23, 59), zone)
    if due_at <= opens_at:
        raise Refusal("The day is over on which it would be due. Decline it, and say so.")
    return AssignmentTerms(opens_at=opens_at, due_at=due_at, closes_at=due_at + LATE)


def _decide(
    actor: User, wish: QuizWish, state: WishState, now: datetime, **what: object
) -> QuizWish:
    """Note *what* became of a wish, in one statement, as its constraints want it."""
    decided = {"state": state, "decided_at": now, "decided_by": actor.id, **what}
    db.session.execute(update(QuizWish).where(QuizWish.id == wish.id).values(**decided))
    return wish_by_id(wish.id)


def _tell_mentor(director: User, wish: QuizWish, now: datetime) -> None:
    if wish.mentor_id != director.id:
        tell(letters.answered(wish), [wish.mentor], now=now)


def _record(actor: User, action: str, wish: QuizWish, now: datetime) -> None:
    after = {"fellow_id": wish.fellow_id, "about": wish.approach, "items": wish.items}
    record(actor, action, letters.OBJECT, wish.id, now=now, after=after)
