"""What a rater says of an answer."""

from collections.abc import Sequence
from typing import cast

from wtforms import IntegerField, TextAreaField
from wtforms.validators import InputRequired, Optional

from lms.core.errors import Refusal
from lms.core.forms import BaseForm
from lms.grading.marking.queries import AnswerToMark
from lms.grading.marking.services import MarkedMeanwhile
from question_bank.rubrics import Criterion


class MarkForm(BaseForm):
    """A note, and a level for each criterion of a rubric, for which `mark_form` adds the fields.

    `seen` is the newest mark that the rater knows of. `overtaken`: there is a newer one.
    """

    note = TextAreaField("Note to the fellow")
    seen = IntegerField("Newest mark seen", [Optional()])

    overtaken = False

    @property
    def levels(self) -> dict[int, int]:
        """The levels that were chosen, by the place of their criterion, both from 0."""
        chosen = (field.data for field in self if field.name.startswith("level-"))
        return {number: level for number, level in enumerate(chosen) if level is not None}

    @property
    def missing(self) -> list[int]:
        """The places of the criteria without a level, once the form was sent."""
        fields = (field for field in self if field.name.startswith("level-"))
        return [number for number, field in enumerate(fields) if field.errors]

    def refuse(self, refusal: Refusal) -> None:
        """Note also that somebody else was faster."""
        self.overtaken = isinstance(refusal, MarkedMeanwhile)
        super().refuse(refusal)

    @property
    def status(self) -> int:
        """409 where somebody else was faster."""
        return MarkedMeanwhile.http_status if self.overtaken else super().status


def mark_form(answer: AnswerToMark) -> MarkForm:
    """Return the form for an answer: as the request filled it, or else as it is marked now."""
    form = _kind(answer.item.rubric).from_request()
    if not form.is_submitted():
        levels = {f"level-{number}": level for number, level in enumerate(answer.levels or ())}
        form.process(data=levels | {"note": answer.note, "seen": answer.newest_id})
    return form


def _kind(rubric: Sequence[Criterion]) -> type[MarkForm]:
    levels = {
        f"level-{number}": IntegerField(criterion.name, [InputRequired("Choose a level.")])
        for number, criterion in enumerate(rubric)
    }
    return cast(type[MarkForm], type("RubricForm", (MarkForm,), levels))
