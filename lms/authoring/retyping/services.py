"""Giving an item of a draft another type."""

from dataclasses import dataclass
from datetime import datetime

from lms.authoring.drafts import services
from lms.authoring.editor.handles import fresh_handles
from lms.authoring.editor.kinds import KIND_NAMES, known_kind
from lms.authoring.models import Draft
from lms.core.errors import NotFound
from lms.people.models import User
from question_bank.advice.places import place_in_words
from question_bank.drafts.bodies import Body
from question_bank.drafts.reshaping import NoSuchRow
from question_bank.drafts.retyping import item_at, path_of_item, retyped


@dataclass(frozen=True)
class OtherType:
    """A type that an item can be given: its words, and what of the item does not fit it."""

    kind: str
    name: str
    lost: tuple[str, ...]

    @property
    def said(self) -> str:
        """What becomes of the item, in a sentence."""
        return f"Does not fit: {'; '.join(self.lost)}." if self.lost else "All of it fits."


def item_in(draft: Draft, handle: str) -> str:
    """Return the path of the item of a handle.

    Raises:
        NotFound: *draft* has none such.
    """
    try:
        return path_of_item(draft.body, handle)
    except NoSuchRow as gone:
        raise NotFound from gone


def item_said(body: Body, path: str) -> str:
    """Return which item is at *path*: "Item 2"."""
    said = place_in_words(body, path).rpartition(", ")[2]
    return said[:1].upper() + said[1:]


def type_at(body: Body, path: str) -> str:
    """Return the type of the item at *path*."""
    return known_kind(item_at(body, path).get("type"))


def other_types(body: Body, path: str) -> list[OtherType]:
    """Return what the item at *path* could be besides what it is, the usual ones first."""
    return [
        OtherType(kind, name, retyped(body, path, kind, fresh_handles()).lost)
        for kind, name in KIND_NAMES
        if kind != type_at(body, path)
    ]


def retype(person: User, draft: Draft, path: str, kind: str, *, now: datetime) -> None:
    """Have the item at *path* of *draft*, which nobody else changes now, be one of the type *kind*.

    What it said besides stands in the state before.

    Raises:
        SavedMeanwhile: somebody else saved at the same moment.
    """
    done = retyped(draft.body, path, kind, fresh_handles())
    name = dict(KIND_NAMES)[kind].lower()
    note = f"{item_said(draft.body, path)} became: {name}"
    services.take(draft, done.body, person, tab="", note=note, now=now)
