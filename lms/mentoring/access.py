"""What may be read of a fellow in reports and of meetings. This is the one place that decides it.

The fellow reads everything that is written here of the own training. Mentors read of their own
fellows, as long as they look after them: the report, what was agreed, and of talks only what they
noted themselves. Directors read the report, and *that* there was a talk; what was agreed in it only
once both have shared it. All three read the goals, and which short quizzes mentors want. Single
answers are decided in `answers`.

A deputy is a mentor of the fellow from the first day of standing in to the last, and nothing after
it; the mentor who is away stays one. Who takes a fellow over reads what was agreed before.
"""

from dataclasses import dataclass
from datetime import date

from lms.core.errors import NotFound
from lms.people.models import Role, User
from lms.program.queries import may_mentor_see


@dataclass(frozen=True)
class Relation:
    """What a reader is to a fellow on a day; all False: nothing at all."""

    reader_id: int
    is_fellow: bool = False
    mentors: bool = False
    directs: bool = False

    @property
    def reads_report(self) -> bool:
        """Whether the report on the fellow is open to the reader."""
        return self.mentors or self.directs

    @property
    def knows_of_meetings(self) -> bool:
        """Whether the reader may know that the fellow met with a mentor, when and with whom."""
        return self.is_fellow or self.mentors or self.directs

    @property
    def reads_goals(self) -> bool:
        """Whether the reader may read the fellow's goals: what is wanted, and how far it came."""
        return self.is_fellow or self.mentors or self.directs

    @property
    def agrees_on_goals(self) -> bool:
        """Whether the reader is one of the two sides that propose goals and agree on them."""
        return self.is_fellow or self.mentors

    @property
    def prepares_meetings(self) -> bool:
        """Whether the reader may have the page that prepares a meeting with the fellow."""
        return self.mentors

    @property
    def reads_own_words(self) -> bool:
        """Whether the reader may read what the fellow says of the own weeks."""
        return self.is_fellow or self.mentors

    @property
    def reads_quiz_wishes(self) -> bool:
        """Whether the reader may read which short quizzes mentors want for the fellow."""
        return self.is_fellow or self.mentors or self.directs

    def reads_notes(self, mentor_id: int) -> bool:
        """Whether the reader may read what *mentor_id* noted of a talk with the fellow."""
        return self.is_fellow or (self.mentors and self.reader_id == mentor_id)

    def reads_agreed(self, *, shared: bool) -> bool:
        """Whether the reader may read what was agreed in a talk; *shared*: by both of them."""
        return self.is_fellow or self.mentors or (self.directs and shared)


def relation_of(reader: User, fellow_id: int, on: date) -> Relation:
    """Return what *reader*, roles loaded, is to a fellow on that day of the reader."""
    return Relation(
        reader.id,
        is_fellow=reader.id == fellow_id,
        mentors=may_mentor_see(reader.id, fellow_id, on),
        directs=Role.DIRECTOR in reader.roles,
    )


def check_mentors(mentor: User, fellow_id: int, on: date) -> None:
    """Check that *mentor* looks after the fellow on that day.

    Raises:
        NotFound: not so.
    """
    if not may_mentor_see(mentor.id, fellow_id, on):
        raise NotFound
