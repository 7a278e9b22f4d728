"""What the pages of reviews ask."""

from collections.abc import Sequence
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import (
    HiddenField,
    SelectField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length

from lms.authoring.reviews.wording import EXPECTED, LONGEST_COMMENT, LONGEST_LINE, QUESTIONS
from lms.core.forms import BaseForm, as_typed
from question_bank.quoting import CaseText

LONGEST_QUOTE = 600
"""Signs of the words that a comment quotes."""


class JudgeForm(BaseForm):
    """What a reviewer decides; the seven answers are read beside it, see `judgement_in`."""

    reason = TextAreaField(
        "Why it may advance all the same", [Length(max=LONGEST_COMMENT)], render_kw={"rows": 2}
    )


def judgement_in(
    sent: MultiDict[str, str], items: Sequence[str]
) -> tuple[dict[str, dict[str, Any]], dict[str, int]]:
    """Return the answers to the seven questions, and the expected difficulty of each of *items*.

    What is no answer is none; what is too long is cut.
    """
    questions: dict[str, dict[str, Any]] = {}
    for each in QUESTIONS:
        said = sent.get(f"q-{each.name}")
        if said in ("yes", "no"):
            missing = as_typed(sent.get(f"m-{each.name}", ""))[:LONGEST_LINE].strip()
            questions[each.name] = {"yes": said == "yes", "missing": missing}
    offered = {str(share): share for share in EXPECTED}
    expected = {
        key: offered[said]
        for number, key in enumerate(items, 1)
        if (said := sent.get(f"e-{number}", "")) in offered
    }
    return questions, expected


class DeclineForm(BaseForm):
    """Why a reviewer does not review a case."""

    reason = TextAreaField(
        "Why not",
        [DataRequired("Say why; who sent the case reads it."), Length(max=LONGEST_LINE)],
        render_kw={"rows": 2},
    )


class CommentForm(BaseForm):
    """A comment, pinned to words: those that were selected, or a sentence of the case."""

    field = HiddenField()
    quoted = HiddenField()
    sentence = SelectField("On which words", validate_choice=False)
    text = TextAreaField(
        "What should change?",
        [DataRequired("Say what should change."), Length(max=LONGEST_COMMENT)],
        render_kw={"rows": 4},
    )

    def offer(self, texts: Sequence[CaseText]) -> None:
        """Offer every sentence of the case, by its place."""
        self.sentence.choices = [
            SelectChoice(f"{number}.{place}", sentence, optgroup=each.place)
            for number, each in enumerate(texts)
            for place, sentence in enumerate(each.sentences)
        ]

    def words(self, texts: Sequence[CaseText]) -> tuple[str, str] | None:
        """Return field and words that are quoted; None: none that stand in the case."""
        quoted = " ".join((self.quoted.data or "").split())[:LONGEST_QUOTE]
        by_field = {each.field: each.text for each in texts}
        if quoted and self.field.data in by_field:
            return self.field.data, quoted
        number, _, place = (self.sentence.data or "").partition(".")
        if not (number.isascii() and number.isdigit() and place.isascii() and place.isdigit()):
            return None
        if len(number) > 4 or int(number) >= len(texts):
            return None
        passage = texts[int(number)]
        if len(place) > 4 or int(place) >= len(passage.sentences):
            return None
        return passage.field, passage.sentences[int(place)][:LONGEST_QUOTE]
