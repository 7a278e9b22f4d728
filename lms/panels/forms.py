"""Whom to ask, and what a panelist answers."""

from collections.abc import Mapping, Sequence

from wtforms import TextAreaField

from lms.core.errors import Refusal
from lms.core.forms import BaseForm
from lms.panels.invitees import MOST
from lms.panels.models import LONGEST_COMMENT
from lms.panels.queries import PanelistAnswer
from lms.panels.services import NotInvited
from question_bank.panels import Question


class InvitePanelForm(BaseForm):
    """Whom to ask."""

    people = TextAreaField(
        "Mail addresses",
        description=f"One a line, at most {MOST}. A name may stand before it: "
        "Dr. Amara Okafor <amara.okafor@hospital.org>",
    )

    refused: Refusal | None = None

    def refuse(self, refusal: Refusal) -> None:
        """Show every line that was not taken."""
        self.refused = refusal
        if isinstance(refusal, NotInvited):
            self.people.errors = [*self.people.errors, *refusal.problems]
        else:
            super().refuse(refusal)

    @property
    def status(self) -> int:
        """The refusal's own, once there is one: 409 where the case or its panel is against it."""
        return self.refused.http_status if self.refused else super().status


def read_answers(
    questions: Sequence[Question], form: Mapping[str, str]
) -> tuple[dict[str, PanelistAnswer], dict[int, str]]:
    """Return what *form* says to each question, by its key, and what is wrong, by its place."""
    given, errors = {}, {}
    for question in questions:
        chosen = form.get(f"answer-{question.position}", "")
        comment = _legible(form.get(f"comment-{question.position}", ""))
        point = int(chosen) if chosen in {"0", "1", "2", "3", "4"} else None
        given[question.key] = PanelistAnswer(point, comment)
        if point is None:
            errors[question.position] = "Choose one of the five answers."
        elif len(comment) > LONGEST_COMMENT:
            errors[question.position] = (
                f"The comment has {len(comment)} characters; at most {LONGEST_COMMENT} are kept."
            )
    return given, errors


def _legible(text: str) -> str:
    """Return *text* without the characters that nobody can see; lines stay, and so do spaces."""
    spaced = ("".join(" " if c.isspace() else c for c in line) for line in text.splitlines())
    lines = ("".join(c for c in line if c.isprintable()) for line in spaced)
    return "\n".join(lines).strip()
