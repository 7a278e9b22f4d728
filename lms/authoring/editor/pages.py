"""The editor's page of a draft: what its templates ask of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from lms.authoring.advice.serving import CoverageServed
from lms.authoring.drafts.presence import Visitor
from lms.authoring.editor.areas import DrawnArea, areas_of
from lms.authoring.editor.fields import Cells, FieldGroup, Line, Row, RowList
from lms.authoring.editor.kinds import KIND_NAMES
from lms.authoring.models import Draft, DraftEvent
from lms.authoring.reviews.placing import PlaceInDraft
from lms.authoring.reviews.queries import Thread
from lms.cases.models import StoredFact
from lms.cases.pictures.services import LIMITS
from lms.core.clock import say_hour
from question_bank.advice.listing import NO_ADVICE, AdviceList
from question_bank.advice.places import place_in_words
from question_bank.drafts.bodies import Body
from question_bank.drafts.offers import STARTERS
from question_bank.drafts.paths import ORDER
from question_bank.drafts.reshaping import group_at
from question_bank.drafts.story import asks_for_an_act, found_in
from question_bank.items.editing import ListPart

MANY_STAGES = 8
"""From so many stages on they fold."""

MANY_ROWS = 12
"""From so many rows on a list folds."""


@dataclass(frozen=True)
class Removed:
    """What was just removed, in words, from where, a path, and by which revision."""

    what: str
    place: str
    revision: int

    @property
    def rows(self) -> str:
        """The list that it was removed from, a path."""
        return self.place.rpartition("/")[0]


@dataclass(frozen=True)
class EditorPage:
    """A draft in its editor.

    `zone` is that of who writes; `at` the place in work, a path; `advice` what is advised; `others`
    who else is in the draft; `removed` what can be brought back; `whole`: whether more than the
    plan is shown; `facts` what the draft names of the fact base, by id; `coverage` what the bank
    has of its topic and levels; `threads` what reviewers say of a draft that came back, and
    `places` where in it, by the comments' ids.
    """

    draft: Draft
    form: FieldGroup
    zone: str = "UTC"
    others: Sequence[Visitor] = ()
    at: str = ""
    removed: Removed | None = None
    advice: AdviceList = NO_ADVICE
    whole: bool = True
    facts: Mapping[str, StoredFact] = field(default_factory=dict)
    coverage: Sequence[CoverageServed] = ()
    threads: Sequence[Thread] = ()
    places: Mapping[int, PlaceInDraft] = field(default_factory=dict)

    @cached_property
    def stages(self) -> Sequence[Row]:
        """The stages, in order."""
        return self.form["stages"].entries  # type: ignore[no-any-return]

    @cached_property
    def items(self) -> Sequence[Row]:
        """The items, in order."""
        return [item for stage in self.stages for item in stage.form["items"].entries]

    @property
    def title(self) -> str:
        """What the draft is called."""
        return self.form["title"].data.strip() or "A case without a title"

    @property
    def size(self) -> str:
        """How many stages and items there are."""
        stages, items = len(self.stages), len(self.items)
        said = f"{items} {'item' if items == 1 else 'items'}"
        return f"{stages} stages, {said}" if stages > 1 else said

    @property
    def stage_at(self) -> int:
        """The stage in work, from 1; the first, if none is."""
        names = [stage.name for stage in self.stages]
        return next((n for n, name in enumerate(names, 1) if self.at.startswith(name)), 1)

    @cached_property
    def covered(self) -> Line | None:
        """The field for the answer to the first item, before there are options."""
        return next((item.form._fields.get("covered_answer") for item in self.items[:1]), None)

    @property
    def missing_in_plan(self) -> int:
        """How many things of the plan are not there yet."""
        there = [self.form["title"].data, self.form["decision"].data, self.form["facts"].data]
        return sum(not each for each in [*there, *([self.covered.data] if self.covered else [])])

    @property
    def missing_in_rest(self) -> int:
        """How many things are not there yet of what closes a case."""
        wanted = ("takeaway", "references", "topic", "tracks", "focus")
        return sum(not getattr(self.form[name], "entries", self.form[name].data) for name in wanted)

    def place_in_work(self, other: Visitor) -> str:
        """Return the id of the part that somebody else is at."""
        return _around(other.place)

    def place_named(self, other: Visitor) -> str:
        """Return what that part is called: "stage 2"."""
        place = place_in_words(self.draft.body, _around(other.place))
        return place[:1].lower() + place[1:]

    @property
    def picture_limits(self) -> str:
        """What is said of pictures before one is brought in."""
        return LIMITS

    @property
    def starters(self) -> Sequence[str]:
        """Beginnings of a lead-in."""
        return STARTERS

    def number(self, item: Row) -> int:
        """Return which item of the case *item* is, from 1."""
        return [each.name for each in self.items].index(item.name) + 1

    def apart(self, item: Row) -> Sequence[str]:
        """Return the fields of *item* that are drawn apart from what its type offers."""
        in_plan = self.covered is not None and self.covered.name.startswith(f"{item.name}/")
        return ("lead_in", "level", "points", "shuffle", *(["covered_answer"] if in_plan else []))

    def cells_in(self, cells: Cells) -> int:
        """Return in how many controls *cells* are drawn: columns have one more to write in."""
        name, has = cells.name, len(cells.data)
        if not name.endswith("/cells"):
            return min(has + 1, int(cells.part.most))
        table = group_at(self.form.body, name.rpartition("/rows/")[0])
        columns = table.get("columns", ())
        return max(has, len(columns), 1)

    def hour(self, moment: datetime) -> str:
        """Return *moment* as an hour of the day."""
        return say_hour(moment, self.zone)

    def kind_name(self, item: Row) -> str:
        """Return what the type of *item* is called."""
        return dict(KIND_NAMES)[item.form.given["type"]]

    def found_in(self, story: str) -> Sequence[tuple[str, bool]]:
        """Return each thing that a case needs, and whether *story* says something of it."""
        return found_in(story)

    def others_at(self, place: str) -> Sequence[Visitor]:
        """Return who else is at *place* or within it, at no place closer."""
        return [each for each in self.others if _around(each.place) == place]

    @property
    def draws(self) -> bool:
        """Whether there is a picture of which places are drawn."""
        fields = (item.form._fields for item in self.items)
        return any("regions" in each and each["image"].data for each in fields)

    def areas_of(self, item: Row) -> Sequence[DrawnArea]:
        """Return the places of a hotspot item, as they are drawn on its picture."""
        return areas_of(item)

    @property
    def folds_stages(self) -> bool:
        """Whether the stages fold, but for the one in work."""
        return len(self.stages) >= MANY_STAGES

    def folds(self, rows: RowList) -> bool:
        """Whether *rows* fold, but for the one in work: a long list of what is known by words."""
        return len(rows.entries) >= MANY_ROWS and rows.entries[0].lead is not None

    def is_open(self, row: Row) -> bool:
        """Whether the fold of *row* is open: it is in work."""
        return self.at == row.name or self.at.startswith(f"{row.name}/")

    def takes_list(self, rows: RowList) -> bool:
        """Whether a pasted list may become rows of *rows*: each is known by a text, and several."""
        part: ListPart = rows.part
        return part.of[0].name == "text" and part.fewest >= 3

    @cached_property
    def told_in(self) -> str:
        """The list with a place for what is pasted in which the work goes on; empty: another place.

        There it is said what became of the last step, where its author looks.
        """
        of_items = (field for item in self.items for field in item.form)
        lists = [each for each in of_items if isinstance(each, RowList) and self.takes_list(each)]
        names = [rows.name for rows in (*lists, self.form["references"])]
        return next((name for name in names if f"{self.at}/".startswith(f"{name}/")), "")

    def offers_harm(self, harm: Line) -> bool:
        """Whether an option may be said to harm: where choosing it is an act, or it is said."""
        item = next((each for each in self.items if harm.name.startswith(f"{each.name}/")), None)
        return bool(harm.data) or item is None or asks_for_an_act(item.form["lead_in"].data)


def is_begun(body: Body) -> bool:
    """Return whether an author has come further than the plan, or has decided what it is about."""
    told = (stage.get("text") or stage.get("items") for stage in body.get("stages", ()))
    return bool(body.get("decision")) or any(told)


def removal_in(before: Body, event: DraftEvent) -> Removed | None:
    """Return what *event* removed from *before*; None: it removed no row."""
    for path, old, new in event.changes:
        if path.endswith(f"/{ORDER}") and isinstance(old, list):
            gone = [each for each in old if each not in (new or [])]
            rows = path.removesuffix(f"/{ORDER}")
            if gone:
                place = f"{rows}/{gone[0]}"
                what = place_in_words(before, place).rpartition(", ")[2]
                return Removed(what, place, event.revision)
    return None


def _around(place: str) -> str:
    """Return the item, else the stage, that *place* is in."""
    parts = place.split("/")
    return "/".join(parts[:4] if parts[2:3] == ["items"] else parts[:2])
