"""Forms around drafts: how one begins, which of two texts stays."""

from wtforms import HiddenField, RadioField, SelectField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from lms.authoring.drafts.choosing import LONGEST, WhichText
from lms.authoring.drafts.starting import LONGEST_PASTED
from lms.core.forms import BaseForm
from lms.program.blueprint import blueprint


class StartForm(BaseForm):
    """How a draft begins: the button that was pressed says with which of the fields."""

    text = TextAreaField(
        "Question with its options",
        [Length(max=LONGEST_PASTED)],
        description="A story, a question and lettered options: A … B … It is taken apart for you.",
    )
    topic = SelectField("Topic", validate_choice=False)
    level = SelectField("Level of the first item", validate_choice=False)
    setting = SelectField("Setting", validate_choice=False)

    def offer(self) -> None:
        """Offer what the blueprint has."""
        plan = blueprint()
        settings = [
            (value.id, value.name)
            for dimension in plan.dimensions
            if dimension.id == "setting"
            for value in dimension.values
        ]
        topics = [(each.id, each.name) for each in plan.topics if not each.retired]
        levels = [(each.id, each.name) for each in plan.cognitive_levels]
        for field, offered in (
            (self.topic, topics),
            (self.level, levels),
            (self.setting, settings),
        ):
            field.choices = [SelectChoice("", "Any"), *(SelectChoice(*each) for each in offered)]


class ChoiceForm(BaseForm):
    """Which of two texts stays at `path`; `tab` is the page whose text waits."""

    tab = HiddenField(validators=[InputRequired()])
    path = HiddenField(validators=[InputRequired()])
    choice = RadioField(
        "Which text stays",
        [InputRequired("Choose one.")],
        choices=[SelectChoice(each.value, each.value) for each in WhichText],
    )
    both = TextAreaField("Your text from both", [Length(max=LONGEST)])
