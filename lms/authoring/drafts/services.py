"""Saving drafts on which several people write: nothing is overwritten unseen, nothing is lost."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import update

from lms.authoring.drafts import queries
from lms.authoring.drafts.presence import note_save
from lms.authoring.models import OPEN, Draft, DraftEvent, WaitingText
from lms.cases.search.keeping import keep_draft
from lms.core.audit import record
from lms.core.db import db
from lms.core.errors import Invalid, Refusal
from lms.core.inserts import insert_or_change
from lms.people.models import User
from question_bank.case import Problem
from question_bank.drafts.bodies import Body, DraftTooLarge, taken
from question_bank.drafts.merging import Conflict, Merged, merged
from question_bank.drafts.paths import changes_between, flatten, unflatten

BATCH = 100
"""How many texts are kept by one statement."""

_TAB = re.compile(r"[A-Za-z0-9_-]{1,40}", re.ASCII)
"""The name that a page has given itself."""


class DraftClosed(Refusal):
    """A draft that is not written on any more."""

    message = "This draft is closed: it was published or dropped. What you typed was not saved."


class SavedMeanwhile(Refusal):
    """Somebody else saved, or closed the draft, at the same moment."""

    message = "Somebody saved this draft at the same moment. Save it again."


class DraftOverfull(Refusal):
    """What is to be saved holds more than a draft may."""

    http_status = 413

    def __init__(self, limit: DraftTooLarge) -> None:
        super().__init__(f"{limit} Nothing of this was saved.")


@dataclass(frozen=True)
class Joined:
    """What the page that saved does not show yet: at *path* another person's text stands."""

    path: str
    leaf: Any
    by: str


@dataclass(frozen=True)
class SavedDraft:
    """A draft after a save.

    `joined`: what others wrote at other places, or beside the same words. `conflicts`: places
    where the texts do not go together; there the draft says what the other wrote, and the text of
    who saved waits (see `queries.waiting_of`). `kept`: rows that one removed and another wrote in.
    `left_out`: what was sent and has no place in a draft.
    """

    draft: Draft
    joined: tuple[Joined, ...]
    conflicts: tuple[Conflict, ...]
    kept: tuple[str, ...]
    left_out: tuple[Problem, ...]


def save(
    person: User,
    draft_id: int,
    changed_body: object,
    *,
    from_revision: int,
    tab: str,
    now: datetime,
    seq: int | None = None,
) -> SavedDraft:
    """Have a draft say *changed_body*, joined with what others have saved since.

    What says nothing new is no new revision, so that a save may be sent again. One that arrives
    after a later one of its page is acknowledged and changes nothing: that page has said more.

    Args:
        person: Who saves; roles loaded.
        draft_id: The draft.
        changed_body: All of it, as the page has it; any JSON.
        from_revision: The revision that the page was made from; of one that the draft never had,
            every place that differs is a conflict.
        tab: Which page sends it: 1 to 40 letters and digits.
        now: When.
        seq: Which of the page's saves it is, from 1; None: of a page that does not count them.

    Raises:
        NotFound, KeysKept, ReviewsIt: *person* may not write in it.
        DraftClosed: it is published or dropped.
        Invalid: the page has no name.
        DraftOverfull: the draft would hold too much.
        SavedMeanwhile: somebody else saved at the same moment.
    """
    tab = tab_of(tab)
    draft = open_for_writing(person, draft_id, now)
    if seq is not None and not note_save(draft, person, tab=tab, seq=seq, now=now):
        return SavedDraft(draft, (), (), (), ())
    since = queries.events_since(draft, from_revision)
    try:
        mine = taken(changed_body)
        result = merged(_seen_by(draft, since, person, tab), draft.body, mine.body)
    except DraftTooLarge as limit:
        raise DraftOverfull(limit) from limit
    take(draft, result.body, person, tab=tab, note="", now=now)
    keep_waiting(draft, result.conflicts, since or (), person, tab, now)
    joined = _not_shown(result, mine.body, since or (), person)
    return SavedDraft(draft, joined, result.conflicts, result.kept, mine.left_out)


def go_on(draft: Draft, person: User, before: Body, after: Body, *, now: datetime) -> None:
    """Have *draft*, as just saved, say too what a button of its page made of *before*: *after*.

    It is a revision that the page does not know of, so that nothing that the page saves later,
    because somebody typed on or went back to it, undoes what the button did.

    Raises:
        DraftOverfull: the draft would hold too much.
    """
    try:
        result = merged(before, draft.body, after)
    except DraftTooLarge as limit:
        raise DraftOverfull(limit) from limit
    take(draft, result.body, person, tab="", note="", now=now)


def tab_of(name: str) -> str:
    """Return the name of a page, as it has sent it.

    Raises:
        Invalid: it is none.
    """
    if _TAB.fullmatch(name) is None:
        raise Invalid("The page that sent this has no name. Open the draft again.")
    return name


def open_for_writing(person: User, draft_id: int, now: datetime) -> Draft:
    """Return a draft that is not closed, and that nobody else changes now; errors as `save`."""
    draft = queries.open_draft(draft_id, person, now, locked=True)
    if draft.state not in OPEN:
        raise DraftClosed
    return draft


def take(draft: Draft, body: Body, by: User, *, tab: str, note: str, now: datetime) -> None:
    """Have *draft* say *body* from now on, as one more revision, if that changes anything.

    Raises:
        SavedMeanwhile: it is not any more as it was read, or was closed.
    """
    changes = changes_between(draft.body, body)
    if not changes:
        return
    revision = draft.revision + 1
    advanced = db.session.scalar(
        update(Draft)
        .where(Draft.id == draft.id, Draft.revision == draft.revision, Draft.state.in_(OPEN))
        .values(body=body, revision=revision, changed_at=now)
        .returning(Draft.id)
    )
    if advanced is None:
        raise SavedMeanwhile
    db.session.add(
        DraftEvent(
            draft_id=draft.id,
            revision=revision,
            by_id=by.id,
            at=now,
            tab=tab,
            changes=[[each.path, each.before, each.after] for each in changes],
            note=note,
        )
    )
    db.session.flush()
    keep_draft(draft.id, draft.case_id, body)


def _seen_by(draft: Draft, since: Sequence[DraftEvent] | None, person: User, tab: str) -> Body:
    """Return what the page *tab* of *person* had before it was changed.

    It is the draft as the page was made from it, with what the page itself has saved since: the
    answer to that may have been lost. A place where its text waits is as it was before both texts,
    until one is chosen.
    """
    if since is None:
        return {}
    leaves = queries.leaves_before(draft.body, since)
    for event in since:
        if event.by_id == person.id and event.tab == tab:
            for change in queries.changes_of(event):
                if leaves.get(change.path) == change.before:
                    queries.put(leaves, change.path, change.after)
    for each in queries.waiting_of(draft, person):
        if each.tab == tab:
            queries.put(leaves, each.path, each.base)
    return unflatten(leaves)


def keep_waiting(
    draft: Draft,
    conflicts: Sequence[Conflict],
    since: Sequence[DraftEvent],
    person: User,
    tab: str,
    now: datetime,
) -> None:
    """Keep the texts of *person* that could not be joined, until one of each two is chosen."""
    if not conflicts:
        return
    last = {
        change.path: event
        for event in since
        if event.by_id != person.id or event.tab != tab
        for change in queries.changes_of(event)
    }
    rows = [
        {
            "draft_id": draft.id,
            "by_id": person.id,
            "path": each.path,
            "tab": tab,
            "base": each.base,
            "mine": each.mine,
            "theirs_by_id": last[each.path].by_id if each.path in last else None,
            "theirs_at": last[each.path].at if each.path in last else None,
            "at": now,
        }
        for each in conflicts
    ]
    for start in range(0, len(rows), BATCH):
        batch = rows[start : start + BATCH]
        kept = insert_or_change(WaitingText, batch, key=["draft_id", "by_id", "tab", "path"])
        db.session.execute(kept)


def _not_shown(
    result: Merged, mine: Body, since: Sequence[DraftEvent], person: User
) -> tuple[Joined, ...]:
    """Return where *result* says something else than *mine*, which was sent, and whose it is."""
    last = {
        change.path: event.by.name
        for event in since
        if event.by_id != person.id
        for change in queries.changes_of(event)
    }
    leaves = flatten(result.body)
    return tuple(
        Joined(path, leaves.get(path), last.get(path, person.name)) for path in result.joined
    )


def restore(person: User, draft: Draft, revision: int, *, now: datetime) -> None:
    """Have *draft*, which nobody else changes now, say what it said at *revision*, anew.

    It is one more revision: what was written since stays among the earlier states.

    Raises:
        NotFound: it never had that revision.
        DraftClosed: it is published or dropped.
    """
    if draft.state not in OPEN:
        raise DraftClosed
    body = queries.body_at(draft, revision)
    take(draft, body, person, tab="", note=f"Brought back state {revision}", now=now)
    record(person, "draft.restore", "draft", draft.id, now=now, after={"state": revision})
