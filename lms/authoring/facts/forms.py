"""The form by which a fact is written down."""

from wtforms import RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length

from lms.cases.adding_facts import LONGEST_SOURCE, LONGEST_STATEMENT
from lms.core.forms import BaseForm

READ = (
    ("all", "I have opened it and read this there"),
    ("part", "I have read a summary of it"),
    ("none", "I have not opened it yet"),
)


class FactForm(BaseForm):
    """A clinical statement that the fact base does not have yet."""

    statement = TextAreaField(
        "What is so",
        [DataRequired("Write the statement."), Length(max=LONGEST_STATEMENT)],
        description="One statement that can be right or wrong, in a sentence or two.",
    )
    source = StringField(
        "Where it is to be read",
        [DataRequired("Name the source."), Length(max=LONGEST_SOURCE)],
        description="Authors or body, title, journal, year; with the DOI if there is one.",
    )
    read = RadioField(
        "The source",
        [InputRequired("Say whether you have opened it.")],
        choices=[SelectChoice(*each) for each in READ],
        description="Only what was read in its source may carry a key.",
    )
