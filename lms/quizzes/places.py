"""An item in its place on a page, and the case around it. Nothing here carries a key."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from question_bank.case import Case, Exhibit
from question_bank.feedback import LETTERS
from question_bank.items import ItemForFellow


@dataclass(frozen=True)
class Place:
    """An item on the page, and its controls as they stand.

    `order[0]` is the authored index of the option shown first. `locked`: the answer stands.
    """

    position: int
    item: ItemForFellow
    order: tuple[int, ...]
    controls: Mapping[str, Sequence[str]] = field(default_factory=dict)
    revision: int = 0
    locked: bool = False

    @property
    def options(self) -> tuple[tuple[str, str], ...]:
        """Letter and text of the options, in the order in which this fellow sees them."""
        texts = (self.item.options[index] for index in self.order)
        return tuple(zip(LETTERS, texts, strict=False))

    @property
    def flagged(self) -> bool:
        """Whether the fellow wants to come back to it."""
        return bool(self.controls.get("flag"))

    def value(self, control: str) -> str:
        """Return what stands in *control*; empty if nothing does."""
        return "".join(self.controls.get(control, ())[:1])

    def name(self, control: str) -> str:
        """Return how *control* is called on the page: `answer-7`."""
        return f"{control}-{self.position}"


@dataclass(frozen=True)
class Part:
    """What is known at a time, with what is asked then. `new`: it has just appeared."""

    title: str
    text: str
    exhibits: tuple[Exhibit, ...]
    places: tuple[Place, ...]
    new: bool = False


def parts_of(case: Case, places: Iterable[Place], reached: int | None = None) -> tuple[Part, ...]:
    """Return *case* part by part, up to the one *reached* (from 0; None: all of it).

    *places* are the items that are asked, of those parts.
    """
    by_key = {place.item.key: place for place in places}
    last = len(case.parts) - 1 if reached is None else reached
    return tuple(
        Part(
            title=part.title,
            text=part.text,
            exhibits=part.exhibits,
            places=tuple(by_key[item.key] for item in part.items if item.key in by_key),
            new=number == reached and number > 0,
        )
        for number, part in enumerate(case.parts[: last + 1])
    )


def preview_of(case: Case, positions: Mapping[str, int]) -> tuple[Part, ...]:
    """Return all of *case* with the items that *positions* names, in the authored order."""
    shown = [item.for_fellow() for item in case.questions if item.key in positions]
    places = [Place(positions[item.key], item, tuple(range(len(item.options)))) for item in shown]
    return parts_of(case, places)
