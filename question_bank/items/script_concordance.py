"""Script concordance: how a finding changes an idea, keyed by a panel of experts."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Annotated, Literal, Self, final

from pydantic import BeforeValidator, Field, model_validator

from question_bank.items.answers import Json
from question_bank.items.base import BaseItem, ReviewLine, Use
from question_bank.items.choices import Choice, ChoiceForFellow, parse_choice
from question_bank.items.editing import ChoicePart, EditorPart, TextPart
from question_bank.shapes import Reason, Shape, Text

FEWEST_PANELISTS = 10
"""Below this a panel is no key. Charlin B, Gagnon R, et al. Med Educ 2005 (panel size)."""

STEPS = (-2, -1, 0, 1, 2)

SCALES: dict[str, tuple[str, ...]] = {
    "diagnosis": (
        "Ruled out or almost",
        "Less likely",
        "Neither more nor less likely",
        "More likely",
        "Certain or almost",
    ),
    "investigation": (
        "Useless or harmful",
        "Less useful",
        "Neither more nor less useful",
        "More useful",
        "Indispensable",
    ),
    "treatment": (
        "Contraindicated",
        "Less appropriate",
        "Neither more nor less appropriate",
        "More appropriate",
        "Necessary",
    ),
}

_IDEAS = (
    ("diagnosis", "A diagnosis"),
    ("investigation", "A test"),
    ("treatment", "A treatment"),
)
"""What an idea can be, each scale with its name."""


class PanelVotes(Shape):
    """How many panelists chose each point of the scale, from −2 to +2."""

    counts: Annotated[
        tuple[Annotated[int, Field(ge=0, le=1000)], ...], Field(min_length=5, max_length=5)
    ]

    @model_validator(mode="after")
    def _enough(self) -> Self:
        if self.size < FEWEST_PANELISTS:
            raise ValueError(
                f"a panel has at least {FEWEST_PANELISTS} members; these are {self.size}"
            )
        return self

    @property
    def size(self) -> int:
        """How many panelists answered."""
        return sum(self.counts)

    @property
    def mode(self) -> int:
        """How many chose the most frequent point."""
        return max(self.counts)


def _wanted(value: object) -> object:
    return None if value == "wanted" else value


@dataclass(frozen=True, kw_only=True)
class ScriptConcordanceForFellow(ChoiceForFellow):
    """What is shown beside the scale."""

    idea: str
    finding: str


@final
class ScriptConcordance(BaseItem[Choice]):
    """An idea, then a finding. `why` says what experts weigh, not which answer is right.

    `panel` is None, in a file “wanted”, until enough experts have answered.
    """

    type: Literal["script_concordance"]
    scale: Literal["diagnosis", "investigation", "treatment"]
    idea: Text
    finding: Text
    panel: Annotated[PanelVotes | None, BeforeValidator(_wanted)] = None
    why: Reason

    @classmethod
    def editor(cls) -> tuple[EditorPart, ...]:
        """Return the parts of its editor."""
        return (
            ChoicePart("scale", "What the idea is", choices=_IDEAS),
            TextPart("idea", "If you were thinking of", rows=2),
            TextPart("finding", "And then find", rows=2),
            TextPart(
                "why",
                "What experts weigh",
                f"Not which answer is right: a panel of at least {FEWEST_PANELISTS} keys it.",
                rows=3,
            ),
        )

    @property
    def use(self) -> Use:
        """Formative at most, and nothing without a panel."""
        return "none" if self.panel is None else "formative"

    @property
    def key_name(self) -> str:
        """There is no key: only what a panel chose, once there is one."""
        return "" if self.panel is None else "Most frequent in the panel"

    @property
    def key_text(self) -> str:
        """What the panel chose most often, or that there is no panel."""
        if self.panel is None:
            return "Panel wanted"
        mode = self.panel.mode
        votes = zip(self.labels, self.panel.counts, strict=True)
        return " or ".join(label for label, count in votes if count == mode)

    @property
    def labels(self) -> tuple[str, ...]:
        """The points of the scale in words, from −2 to +2."""
        return tuple(
            f"{step:+d} {label}".replace("-", "−", 1).replace("+0", "0")
            for step, label in zip(STEPS, SCALES[self.scale], strict=True)
        )

    @property
    def gist(self) -> Json:
        """The scale, the idea and the finding, and what the panel chose."""
        votes = None if self.panel is None else list(self.panel.counts)
        return [self.scale, self.idea, self.finding, votes]

    def for_fellow(self) -> ScriptConcordanceForFellow:
        """Return the item without its panel."""
        return ScriptConcordanceForFellow(
            **self._common,
            hint="There is no key: credit follows what a panel of experts chose.",
            options=self.labels,
            idea=self.idea,
            finding=self.finding,
        )

    def _parsed(self, raw: object) -> Choice | None:
        """Return the point chosen, as its index on the scale. See `parse_choice`."""
        return parse_choice(raw, STEPS)

    def _earned(self, answer: Choice) -> Fraction | None:
        """Return how many panelists chose the same, as a share of the most frequent choice.

        None without a panel. The panel's most frequent answer earns 1, an answer that no
        panelist gave earns 0. Source: Charlin B, Roy L, Brailovsky C, et al. The Script
        Concordance test. Teach Learn Med 2000;12:189.
        """
        if self.panel is None:
            return None
        return Fraction(self.panel.counts[answer.index], self.panel.mode)

    def _in_words(self, answer: Choice) -> str:
        return self.labels[answer.index]

    def remark(self, answer: Choice | None) -> str:
        """Return what experts weigh."""
        return self.why

    def review(self, answer: Choice | None) -> tuple[ReviewLine, ...]:
        """Return every point of the scale, with the panel's votes."""
        return tuple(
            ReviewLine(
                label,
                self._votes(index),
                is_key=self.panel is not None and self.panel.counts[index] == self.panel.mode,
                chosen=answer is not None and answer.index == index,
                index=index,
            )
            for index, label in enumerate(self.labels)
        )

    def _votes(self, index: int) -> str:
        if self.panel is None:
            return "No panel has answered yet."
        return f"Chosen by {self.panel.counts[index]} of {self.panel.size} panelists."
