"""Changing the dates of an assignment for all, and telling those for whom something changes."""

from dataclasses import asdict, fields, replace
from datetime import datetime

from sqlalchemy import select

from lms.core.db import db
from lms.core.errors import Invalid, Refusal
from lms.notices.telling import tell_each
from lms.people.models import Role, User
from lms.quizzes import queries
from lms.quizzes.assigning.services import AssignmentTerms, hold, results_of
from lms.quizzes.terms import published
from lms.supervision import services as acts
from lms.supervision.dates.changing import Affected, TermsChange
from lms.supervision.dates.letters import letter_about
from lms.supervision.takers import takers
from question_bank.promises import Standpoint, shifts, takes_away
from question_bank.terms import PublishedTerms, terms_for


class TakenBack(Refusal):
    """It was withdrawn."""

    message = "This assignment is withdrawn, so its dates stand. Assign the quiz anew."


class ForDirectors(Refusal):
    """Whether somebody who is answering would lose time is told to directors alone."""

    message = (
        "It has opened, so somebody may be answering it. You can give more; "
        "to take something away, ask a director."
    )


def change(
    actor: User, assignment_id: int, *, terms: AssignmentTerms, reason: str = "", now: datetime
) -> TermsChange | None:
    """Change what an assignment says for all, and return what that changes for whom.

    Nobody is told yet: a page that asks whether to do it does it, and takes that back.
    None: it says so already, and nothing is done.

    Raises:
        TakenBack: it was withdrawn.
        ForDirectors: it has opened, and this would take something away; of who is no director.
        NotFound, CutsShort, ResultsShown, Invalid: see `supervision.services.change_dates`.
    """
    given = hold(assignment_id)
    if given.withdrawn_at is not None:
        raise TakenBack
    said = published(given)
    meant = _meant(said, terms)
    if meant == said:
        return None
    before, after = (terms_for(each, zone=actor.time_zone) for each in (said, meant))
    less = takes_away(before, after, now)
    opened = before.opens <= now or given.begun_at is not None
    if less and opened and Role.DIRECTOR not in actor.roles:
        raise ForDirectors
    earlier = takers(assignment_id, now, held=True)
    acts.change_dates(actor, assignment_id, terms=terms, reason=reason, now=now)
    later = takers(assignment_id, now, held=True)
    return TermsChange(
        title=queries.assignment_by_id(assignment_id).version.quiz.title,
        before=before,
        after=after,
        shifts=shifts(Standpoint(before), Standpoint(after), now),
        takes_away=less,
        affected=[
            Affected(old, new, shifts(old.place, new.place, now))
            for old, new in zip(earlier, later, strict=True)
        ],
    )


def tell(assignment_id: int, done: TermsChange, *, reason: str, now: datetime) -> None:
    """Tell the fellows for whom something has changed.

    Raises:
        Invalid: something was taken away, and no reason is given.
    """
    if done.takes_away and not reason.strip():
        raise Invalid("Say why: less is left than was promised.", field="reason")
    told = {each.after.id: each for each in done.told}
    people = db.session.scalars(select(User).where(User.id.in_(told)))
    letters = [
        (letter_about(assignment_id, done, told[each.id], reason=reason.strip(), now=now), each)
        for each in people
    ]
    tell_each(letters, now=now)


def _meant(said: PublishedTerms, terms: AssignmentTerms) -> PublishedTerms:
    """Return what an assignment that has *said* so says for all on *terms*; the rest stays."""
    new = asdict(terms) | {"results_at": results_of(terms)}
    names = {each.name for each in fields(PublishedTerms)} & new.keys()
    return replace(said, **{name: new[name] for name in names})
