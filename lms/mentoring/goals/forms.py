"""What is proposed as a goal, and another day for one."""

from collections.abc import Mapping
from datetime import date, timedelta

from wtforms import DateField, IntegerField, SelectField, TextAreaField, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange

from lms.core.forms import BaseForm, year_in_sight
from lms.mentoring.goals.models import Goal
from lms.mentoring.goals.supply import new_for
from lms.mentoring.goals.wishes import LONGEST, GoalWish
from lms.mentoring.goals.wording import say_kind, say_measure
from lms.program.blueprint import blueprint
from question_bank.goals import FEWEST, MOST, Measure

USUAL_ITEMS, USUAL_RIGHT, USUAL_SPAN = 10, 8, timedelta(weeks=6)

_NOT_A_DAY = "Write a date, for example 2027-01-15."
_ITEMS = f"A goal counts {FEWEST} to {MOST} items."
_RIGHT = "At least one is to be right, and no more than there are items."


class GoalForm(BaseForm):
    """A goal in one sentence, and what of it is measured by when."""

    sentence = TextAreaField(
        "Goal, in one sentence",
        [
            InputRequired("Write the goal in one sentence."),
            Length(max=LONGEST, message=f"At most {LONGEST} characters."),
        ],
    )
    about = SelectField("Approach or topic", [InputRequired("Choose an approach or a topic.")])
    items = IntegerField(
        "Items that count",
        [InputRequired(_ITEMS), NumberRange(FEWEST, MOST, _ITEMS)],
        default=USUAL_ITEMS,
    )
    right = IntegerField(
        "Of these right", [InputRequired(_RIGHT), NumberRange(1, MOST, _RIGHT)], default=USUAL_RIGHT
    )
    due_on = DateField("By", [InputRequired(_NOT_A_DAY), year_in_sight])

    def validate_right(self, field: IntegerField) -> None:
        """No more are right than there are items."""
        if self.items.data is not None and field.data is not None and field.data > self.items.data:
            raise ValidationError(_RIGHT)

    def offer(self, new: Mapping[str, int] | None) -> None:
        """Offer approaches and topics; *new*: how many items of each topic are new.

        None: that is not for who fills the form in.
        """
        plan = blueprint()
        whole = [
            _choice(new, each.name, "Approaches", Measure(FEWEST, 1, approach=each.id))
            for each in plan.approaches
        ]
        topics = [
            _choice(new, topic.name, approach.name, Measure(FEWEST, 1, topic=topic.id))
            for approach in plan.approaches
            for topic in approach.topics
            if not topic.retired
        ]
        self.about.choices = [SelectChoice("", "Choose one"), *whole, *topics]

    def suggest(self, today: date, about: str) -> None:
        """Suggest a day some weeks after *today*, and what it is *about*, if that is offered."""
        self.due_on.data = today + USUAL_SPAN
        offered = {each.value for each in self.about.choices}
        self.about.data = about if about in offered else ""

    def show(self, goal: Goal) -> None:
        """Show what *goal* says."""
        self.sentence.data, self.due_on.data = goal.sentence, goal.due_on
        self.items.data, self.right.data = goal.items, goal.right
        self.about.data = about_of(goal.measure)

    @property
    def measure(self) -> Measure | None:
        """What is measured, as far as the fields say something that can be."""
        kind, _, name = (self.about.data or "").partition(":")
        try:
            return Measure(
                self.items.data or 0,
                self.right.data or 0,
                approach=name if kind == "approach" else None,
                topic=name if kind == "topic" else None,
            )
        except ValueError:
            return None

    def reads(self, today: date) -> str:
        """Return what the product will read, as far as the fields say what can be measured."""
        measure, due_on = self.measure, self.due_on.data
        return say_measure(measure, due_on, today) if measure and due_on else ""

    @property
    def wish(self) -> GoalWish:
        """What is proposed, once the form is in order."""
        assert self.measure is not None, "the fields were checked"  # noqa: S101
        return GoalWish(self.sentence.data, self.measure, self.due_on.data)


class DayForm(BaseForm):
    """A later day for a goal."""

    due_on = DateField("Later day", [InputRequired(_NOT_A_DAY), year_in_sight])


def about_of(measure: Measure) -> str:
    """Return "topic:intv-facet-denervation": what a form calls what a measure is about."""
    if measure.topic is not None:
        return f"topic:{measure.topic}"
    return f"approach:{measure.approach}"


def _choice(new: Mapping[str, int] | None, name: str, group: str, measure: Measure) -> SelectChoice:
    """Return a choice, with what a page's script says of it once it is chosen."""
    said = say_kind(measure.approach, measure.topic)
    known = {"data-kind": said}
    if new is not None:
        known["data-new"] = str(new_for(measure, new))
    return SelectChoice(about_of(measure), name, known, group)
