"""What the buttons of the editor do with a draft besides saving it: each is a verb and a place."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from werkzeug.datastructures import FileStorage, MultiDict

from lms.authoring.advice.pressing import VERBS, Adviser, after_press
from lms.authoring.editor.fields import FieldGroup, RowList
from lms.authoring.editor.handles import fresh_handles
from lms.authoring.editor.kinds import KINDS, known_kind
from lms.authoring.editor.pasting import LARGEST_FILE, with_list, with_sources
from lms.core.errors import Invalid
from question_bank.drafts.bodies import Body
from question_bank.drafts.filling import Filled
from question_bank.drafts.offers import STARTERS
from question_bank.drafts.reshaping import (
    NoSuchRow,
    added,
    blank_row,
    group_at,
    moved,
    removed,
    split,
    with_text,
)
from question_bank.drafts.retyping import item_at
from question_bank.items.editing import SHUFFLE


@dataclass(frozen=True)
class Acted:
    """A draft after a button: what it says, and the place to go on at, a path; empty: its top.

    `done` says what came of it, `refused` why nothing did, `left_out` what of it did not.
    """

    body: Body
    place: str = ""
    refused: str = ""
    done: str = ""
    left_out: str = ""


@dataclass(frozen=True)
class Pressed:
    """A button that was pressed: its verb, and what comes after that; with all that was sent.

    `file` is the one that came along, as far as one is looked at: a byte more than is taken.
    """

    verb: str
    at: str
    sent: MultiDict[str, str]
    file: bytes = b""


def pressed_in(sent: MultiDict[str, str], file: FileStorage | None = None) -> Pressed:
    """Return which button sent a form; without one, that of saving."""
    verb, _, at = sent.get("do", "save").partition(":")
    return Pressed(verb, at, sent, file.read(LARGEST_FILE + 1) if file else b"")


def acted(form: FieldGroup, button: Pressed, advise: Adviser) -> Acted:
    """Return the draft of *form* after *button*; one whose place is gone changes nothing.

    *advise* says what is advised on it, for the buttons of advice.
    """
    act = _ACTS.get(button.verb)
    try:
        if button.verb in VERBS:
            return Acted(*after_press(form.body, button.verb, button.at, button.sent, advise))
        return act(form, button) if act else Acted(form.body)
    except Invalid as refusal:
        place = button.at.partition(":")[0] or _PLACES.get(button.verb, "")
        return Acted(form.body, place, refusal.message)
    except (NoSuchRow, ValueError, IndexError):
        return Acted(form.body)


def rows_named(group: FieldGroup, name: str) -> RowList | None:
    """Return the list of rows of that name in *group*, at any depth; None: there is none."""
    for field in group:
        if isinstance(field, RowList) and name.startswith(field.name):
            if field.name == name:
                return field
            for row in field.entries:
                if name.startswith(f"{row.name}/"):
                    return rows_named(row.form, name)
    return None


def _add(form: FieldGroup, button: Pressed) -> Acted:
    rows = rows_named(form, button.at)
    if rows is None:
        raise NoSuchRow(button.at)
    if rows.part.name == "items":
        kind = known_kind(button.sent.get(f"kind:{button.at}"))
        parts = KINDS[kind].editor()
        row = blank_row(parts, fresh_handles()) | {"type": kind}
        if SHUFFLE in parts:
            row["shuffle"] = True
        return Acted(added(form.body, button.at, row), f"{button.at}/{row['#']}/lead_in")
    begun = blank_row((replace(rows.part, name="rows"),), fresh_handles()).get("rows", ())
    new = begun if begun and not rows.entries else [blank_row(rows.part.of, fresh_handles())]
    body = form.body
    for row in new:
        body = added(body, button.at, row)
    return Acted(body, f"{button.at}/{new[0]['#']}/{rows.part.of[0].name}")


def _begin(form: FieldGroup, button: Pressed) -> Acted:
    """Go on from the plan to the story; a draft without a stage is given one."""
    rows = form["stages"]
    if not rows.entries:
        handle = next(fresh_handles())
        return Acted(added(form.body, "stages", {"#": handle}), f"stages/{handle}/text")
    return Acted(form.body, f"{rows.entries[0].name}/text")


def _move(by: int) -> Callable[[FieldGroup, Pressed], Acted]:
    def move(form: FieldGroup, button: Pressed) -> Acted:
        return Acted(moved(form.body, button.at, by), button.at)

    return move


def _remove(form: FieldGroup, button: Pressed) -> Acted:
    return Acted(removed(form.body, button.at), "removed")


def _split(form: FieldGroup, button: Pressed) -> Acted:
    path, _, at = button.at.partition(":")
    handle = next(fresh_handles())
    body = split(form.body, path, handle, int(at[:6]) if at else None)
    return Acted(body, f"stages/{handle}/text")


def _ask_kind(form: FieldGroup, button: Pressed) -> Acted:
    """Change nothing: a page asks what the item at the place is to be."""
    item_at(form.body, button.at)
    return Acted(form.body, button.at)


def _paste(form: FieldGroup, button: Pressed) -> Acted:
    """Split the list that was pasted beside the rows at a place, or into the row that is there."""
    path, since, text = button.at, "", button.sent.get(f"list:{button.at}", "")
    rows = rows_named(form, path)
    if rows is None:
        path, _, since = button.at.rpartition("/")
        rows = rows_named(form, path)
        text = group_at(form.body, button.at).get("text", "")
    if rows is None:
        raise NoSuchRow(button.at)
    return _filled(with_list(form.body, path, rows.part, text, fresh_handles(), since), rows)


def _cite(form: FieldGroup, button: Pressed) -> Acted:
    """Have the sources in a file, and those that were pasted, among those of the case."""
    rows = form["references"]
    pasted = button.sent.get("sources", "")
    return _filled(with_sources(form.body, rows.part, button.file, pasted, fresh_handles()), rows)


def _filled(after: Filled, rows: RowList) -> Acted:
    count, one = len(after.places), rows.part.one
    place = f"{rows.name}/{after.places[0]}/{rows.part.of[0].name}" if count else rows.name
    said = f"{count} {one if count == 1 else f'{one}s'} taken from what was pasted."
    return Acted(after.body, place, "", said if count else "", after.said_left_out)


def _say(form: FieldGroup, button: Pressed) -> Acted:
    path, _, which = button.at.partition(":")
    return Acted(with_text(form.body, path, STARTERS[int(which[:2])]), path)


_PLACES = {"cite": "references"}
"""The lists of buttons that name no place."""

_ACTS: Mapping[str, Callable[[FieldGroup, Pressed], Acted]] = {
    "add": _add,
    "begin": _begin,
    "cite": _cite,
    "kind": _ask_kind,
    "up": _move(-1),
    "down": _move(1),
    "paste": _paste,
    "remove": _remove,
    "split": _split,
    "say": _say,
}
