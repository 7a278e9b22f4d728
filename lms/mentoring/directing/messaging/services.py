"""Writing to the mentors of a cohort."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from lms.core.audit import record
from lms.core.errors import Invalid
from lms.mentoring.nudging.queries import unseen_prompts
from lms.notices.mentor_occasions import MentorOccasion
from lms.notices.telling import Telling, tell
from lms.notices.typed import check_text, lines_of, not_told
from lms.people.models import User
from lms.program.models import Cohort
from lms.program.queries import members_of, mentorships


@dataclass(frozen=True)
class CohortMentor:
    """Who looks after fellows of a cohort today, by their names.

    `unseen_since`: when a mail asked for a word, if the mentor has not looked for a week.
    """

    mentor: User
    fellows: tuple[str, ...]
    unseen_since: datetime | None


def mentors_of_cohort(cohort_id: int, today: date, now: datetime) -> list[CohortMentor]:
    """Return who looks after fellows of a cohort today, deputies among them, by name.

    A fixed number of statements.
    """
    fellows = {fellow.id: fellow.name for fellow in members_of(cohort_id, today)}
    unseen = {each.prompt.mentor_id: each.prompt.asked_at for each in unseen_prompts(now)}
    mentors: dict[int, User] = {}
    names: dict[int, list[str]] = {}
    for fellow_id, bonds in mentorships(fellows, today).items():
        for bond in bonds:
            if bond.holds(today):
                mentors[bond.mentor_id] = bond.mentor
                names.setdefault(bond.mentor_id, []).append(fellows[fellow_id])
    found = [
        CohortMentor(mentors[each], tuple(sorted(set(of))), unseen.get(each))
        for each, of in names.items()
    ]
    return sorted(found, key=lambda each: (each.mentor.name, each.mentor.id))


def write_to_mentors(
    actor: User,
    cohort: Cohort,
    people: Sequence[CohortMentor],
    *,
    text: str,
    token: str,
    now: datetime,
) -> int:
    """Send *text*, as it was typed, to some mentors; return how many are told by this press.

    The same form (*token*) writes to each of them once, however often it is sent. That it was sent
    and to whom is on record, not what it says.

    Raises:
        Invalid: there is no text, or too much, or nobody to read it.
    """
    check_text(text)
    if not people:
        raise Invalid("Choose at least one mentor.", field="mentors")
    telling = _letter(actor, cohort, text, token)
    new = not_told(telling, [each.mentor for each in people])
    if new:
        tell(telling, new, now=now)
        after = {"mentors": [each.id for each in new]}
        record(actor, "cohort.message", "cohort", cohort.id, now=now, after=after)
    return len(new)


def _letter(actor: User, cohort: Cohort, text: str, token: str) -> Telling:
    return Telling(
        occasion=MentorOccasion.DIRECTOR_WROTE,
        fact=f"{cohort.id}:{token}",
        about=("cohort", cohort.id),
        subject=subject_of(actor, cohort),
        sentences=lines_of(text),
        button="Open my fellows",
        path="/fellows",
    )


def subject_of(actor: User, cohort: Cohort) -> str:
    """Return the subject of a message."""
    return f"{cohort.name}: a message from {actor.name}"
