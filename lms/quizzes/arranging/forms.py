"""Forms for changing by hand what a quiz asks."""

from collections.abc import Iterable, Mapping, Sequence
from typing import cast

from flask import request
from wtforms import IntegerField, SelectField, ValidationError
from wtforms.validators import InputRequired, NumberRange

from lms.core.forms import BaseForm
from lms.quizzes.queries import QuizCase, QuizQuestion
from question_bank.items.base import MOST_POINTS

_IN_RANGE = f"An item weighs 1 to {MOST_POINTS} points."


class CaseForm(BaseForm):
    """Which case to add."""

    case_id = SelectField("Case", coerce=int, validate_choice=False)

    def validate_case_id(self, field: SelectField) -> None:
        """A case is chosen; whether the quiz may have it, the service says."""
        if field.data is None:
            raise ValidationError("Choose a case to add.")


class ItemForm(BaseForm):
    """Which item to add."""

    item_id = SelectField("Item", coerce=int, validate_choice=False)

    def validate_item_id(self, field: SelectField) -> None:
        """An item is chosen; whether the quiz may have it, the service says."""
        if field.data is None:
            raise ValidationError("Choose an item to add.")


class PointsForm(BaseForm):
    """How much each item of a quiz weighs; `points_form` adds a field for each."""

    own: Mapping[int, int] = {}
    """What the cases say that the items weigh."""

    @property
    def points(self) -> dict[int, int | None]:
        """How much each item weighs, by its id; None: what its case says."""
        said = {item_id: self[f"points-{item_id}"].data for item_id in self.own}
        return {item: None if each == self.own[item] else each for item, each in said.items()}


def points_form(quiz_cases: Iterable[QuizCase]) -> PointsForm:
    """Return the form for the items of a quiz, filled as they weigh."""
    items = [each for quiz_case in quiz_cases for each in quiz_case.items]
    now = {_name(each): each.points for each in items}
    return _of(items).from_request(formdata=None, data=now)


def points_sent(quiz_cases: Iterable[QuizCase]) -> PointsForm:
    """Return the form as the request filled it, for those items of the quiz that its page had."""
    items = [each for quiz_case in quiz_cases for each in quiz_case.items]
    return _of([each for each in items if _name(each) in request.form]).from_request()


def _of(items: Sequence[QuizQuestion]) -> type[PointsForm]:
    fields: dict[str, object] = {_name(each): _field(each) for each in items}
    own = {each.row.id: each.own_points for each in items}
    return cast(type[PointsForm], type("QuizPointsForm", (PointsForm,), fields | {"own": own}))


def _name(question: QuizQuestion) -> str:
    return f"points-{question.row.id}"


def _field(question: QuizQuestion) -> IntegerField:
    return IntegerField(
        f"Points of item {question.position}",
        [InputRequired(_IN_RANGE), NumberRange(1, MOST_POINTS, _IN_RANGE)],
    )
