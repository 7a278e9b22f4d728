"""What the pages around a draft show."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from lms.authoring.drafts import queries
from lms.authoring.drafts.choosing import CHOSEN, WRITTEN
from lms.authoring.models import Draft, DraftEvent, WaitingText
from lms.core.paging import Page
from lms.people.models import User
from question_bank.drafts.bodies import Body
from question_bank.drafts.paths import LeafChange, changes_between, flatten
from question_bank.drafts.places import ORDER, changes_said, place_said
from question_bank.drafts.wording import WordRun, stretches

MOST_PLACES = 6
"""How many places of a save are named."""

MOST_CHANGES = 60
"""How many changes are shown word by word."""


def title_of(draft: Draft) -> str:
    """Return what a draft is called."""
    return draft.body.get("title") or "A case without a title"


def leaf_said(body: Body, path: str, leaf: Any) -> str:
    """Return in words what stands at a place of *body*, or would; empty: nothing."""
    if leaf is None:
        return ""
    if isinstance(leaf, bool):
        return "yes" if leaf else "no"
    if path.endswith(f"/{ORDER}"):
        rows = path.removesuffix(f"/{ORDER}")
        return "; ".join(_row_said(body, f"{rows}/{handle}") for handle in leaf)
    return "; ".join(leaf) if isinstance(leaf, list) else str(leaf)


def _row_said(body: Body, path: str) -> str:
    """Return a row by its first words, or by its place if it has none."""
    leaves = flatten(body)
    for name in ("lead_in", "text", "title", "left", "name"):
        if words := leaves.get(f"{path}/{name}"):
            return f"“{words[:60]}{'…' if len(words) > 60 else ''}”"
    return place_said(body, path)


def _begun(place: str) -> str:
    """Return the words of a place as they begin a line."""
    words = place.removeprefix("the ")
    return words[0].upper() + words[1:]


@dataclass(frozen=True)
class TextsAtOdds:
    """Two texts for one place: `mine` waits, `theirs` stands in the draft; both against what was.

    `by` is whose the other is, where that is known. `words`: they can be written into one.
    """

    text: WaitingText
    place: str
    by: str
    mine: tuple[WordRun, ...]
    theirs: tuple[WordRun, ...]
    theirs_said: str
    words: bool


def texts_at_odds(draft: Draft, text: WaitingText) -> TextsAtOdds:
    """Return what waits at a place beside what stands there."""
    stands = flatten(draft.body).get(text.path)
    was, mine, theirs = (
        leaf_said(draft.body, text.path, each) for each in (text.base, text.mine, stands)
    )
    leaves = [each for each in (text.mine, stands) if each is not None]
    return TextsAtOdds(
        text,
        place_said(draft.body, text.path),
        text.theirs_by.name if text.theirs_by else "",
        stretches(was, mine),
        stretches(was, theirs),
        theirs,
        words=all(isinstance(each, str) for each in leaves),
    )


def told_since(draft: Draft, revision: int, person: User) -> list[str]:
    """Return what *person* is told that others did since *revision*: which of two texts stands."""
    return [
        f"{event.by.name} has chosen between two texts for {place}."
        for event in queries.events_since(draft, revision) or ()
        if event.by_id != person.id and event.note in (CHOSEN, WRITTEN)
        for place in changes_said(draft.body, queries.changes_of(event))[:1]
    ]


@dataclass(frozen=True)
class StateShown:
    """What one person did in one go: from the first save to the last, whose state it led to."""

    first: DraftEvent
    last: DraftEvent
    places: tuple[str, ...]
    more: int
    notes: tuple[str, ...]


def states_shown(draft: Draft, page: Page[DraftEvent]) -> list[StateShown]:
    """Return the saves of a page, the newest first; those of one person in one tab as one."""
    grouped = groupby(page.items, key=lambda event: (event.by_id, event.tab, event.note))
    return [_state_shown(draft, list(events)) for _, events in grouped]


def _state_shown(draft: Draft, events: Sequence[DraftEvent]) -> StateShown:
    changes = [change for event in reversed(events) for change in queries.changes_of(event)]
    said = [_begun(place) for place in changes_said(draft.body, changes)]
    return StateShown(
        events[-1],
        events[0],
        tuple(said[:MOST_PLACES]),
        max(len(said) - MOST_PLACES, 0),
        tuple(dict.fromkeys(event.note for event in reversed(events) if event.note)),
    )


@dataclass(frozen=True)
class ChangeShown:
    """What a place would say otherwise."""

    place: str
    words: tuple[WordRun, ...]


def changes_shown(now: Body, then: Body) -> list[ChangeShown]:
    """Return what would change of *now* if it said *then*, as far as a page can show it."""
    return list(_shown(now, then, changes_between(now, then)[:MOST_CHANGES]))


def _shown(now: Body, then: Body, changes: Sequence[LeafChange]) -> Iterator[ChangeShown]:
    for each in changes:
        body = now if each.after is None else then
        before = leaf_said(now, each.path, each.before)
        after = leaf_said(then, each.path, each.after)
        yield ChangeShown(_begun(place_said(body, each.path)), stretches(before, after))


def said_in_full(body: Body) -> list[tuple[str, str]]:
    """Return every place of *body* with what it says, in order; how rows are sorted is left out."""
    return [
        (_begun(place_said(body, path)), leaf_said(body, path, leaf))
        for path, leaf in flatten(body).items()
        if not path.endswith(ORDER)
    ]
