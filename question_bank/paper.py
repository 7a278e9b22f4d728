"""The paper of a quiz: which items it asks, in which order; and its cases as a fellow sees them.

Nothing that is shown here carries a key.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from question_bank.case import Case, Exhibit
from question_bank.items import AnyItem, ItemForFellow

LETTERS = "ABCDEFGHIJKLMNOPQRST"
"""What the options of an item are called on a page, in the order in which they are shown."""


def uses_asked(formative: bool) -> tuple[str, ...]:
    """Return what an item may be fit for to be asked by a quiz that is, or is not, formative."""
    return ("scored", "formative") if formative else ("scored",)


@dataclass(frozen=True)
class AskedItem:
    """An item that is asked: its `seat` in the quiz, from 0, and its stage in the case, from 0."""

    seat: int
    item: AnyItem
    stage: int


def asked_items(
    seats: Sequence[tuple[Case | None, str]], uses: Collection[str]
) -> tuple[AskedItem, ...]:
    """Return what a quiz asks, in order: case after case, the stages of each one after the other.

    A version newer than the quiz may have moved an item to another stage, may make of it one
    that the quiz may not ask, or may have it no more.

    Args:
        seats: The items of the quiz in its order: the case as it is now, None: it has no
            version, and the key of the item.
        uses: What an item may be fit for to be asked.
    """
    asked = [
        (case.slug, AskedItem(seat, item, stage))
        for seat, (case, key) in enumerate(seats)
        if case is not None
        for stage, part in enumerate(case.parts)
        for item in part.items
        if item.key == key and item.use in uses
    ]
    turn: dict[str, int] = {}
    for slug, _ in asked:
        turn.setdefault(slug, len(turn))
    return tuple(each for _, each in sorted(asked, key=lambda at: (turn[at[0]], at[1].stage)))


def order_of(item: AnyItem, shuffle: Callable[[list[int]], object]) -> list[int]:
    """Return the authored indices of the options of *item* in the order in which to show them.

    *shuffle* brings a list into an order of chance; it is asked only where the item allows it.
    """
    shown = item.for_fellow()
    order = list(range(len(shown.options)))
    if shown.shuffle:
        shuffle(order)
    return order


@dataclass(frozen=True)
class PlacedItem:
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
    places: tuple[PlacedItem, ...]
    new: bool = False


def parts_of(
    case: Case, places: Iterable[PlacedItem], reached: int | None = None
) -> tuple[Part, ...]:
    """Return *case* part by part, up to the one *reached* (from 0; None: all of it).

    *places* are the items that are asked, of those parts; a part has its own by their positions.
    """
    by_key = {place.item.key: place for place in places}
    last = len(case.parts) - 1 if reached is None else reached
    return tuple(
        Part(
            title=part.title,
            text=part.text,
            exhibits=part.exhibits,
            places=_in_turn(by_key[item.key] for item in part.items if item.key in by_key),
            new=number == reached and number > 0,
        )
        for number, part in enumerate(case.parts[: last + 1])
    )


def _in_turn(places: Iterable[PlacedItem]) -> tuple[PlacedItem, ...]:
    return tuple(sorted(places, key=lambda place: place.position))


def preview_of(
    case: Case, positions: Mapping[str, int], points: Mapping[str, int]
) -> tuple[Part, ...]:
    """Return all of *case* with the items that *positions* names by key, by these positions.

    *points* is how much each of them weighs.
    """
    shown = [
        replace(item.for_fellow(), points=points[item.key])
        for item in case.questions
        if item.key in positions
    ]
    places = [
        PlacedItem(positions[item.key], item, tuple(range(len(item.options)))) for item in shown
    ]
    return parts_of(case, places)
