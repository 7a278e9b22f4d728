"""Bringing a picture into a draft."""

import secrets
from dataclasses import dataclass
from datetime import datetime

from lms.authoring.drafts.queries import open_draft
from lms.authoring.drafts.services import SavedDraft, save
from lms.authoring.pictures.queries import pictures_in
from lms.cases.pictures.services import keep_picture, say_of_picture
from lms.core.errors import Invalid, NotFound
from lms.people.models import User
from question_bank.drafts.bodies import HANDLE, Body
from question_bank.drafts.reshaping import NoSuchRow, added, group_at, with_text

TAB = "pictures"
"""The name of the page that saves, as the draft's earlier states have it."""


@dataclass(frozen=True)
class Said:
    """What is said of a picture: what it shows, where it comes from, by which right it is shown."""

    alt: str = ""
    source: str = ""
    licence: str = ""


@dataclass(frozen=True)
class BroughtIn:
    """A picture in a draft: its name, the path of what shows it, and the draft as saved."""

    name: str
    path: str
    saved: SavedDraft


def bring_in(
    person: User, draft_id: int, content: bytes, said: Said, *, at: str, now: datetime
) -> BroughtIn:
    """Keep the picture in *content*, and have a draft show it.

    Args:
        person: Who brings it in.
        draft_id: The draft.
        content: The file, as it was uploaded.
        said: What is said of it so far; the rest is asked for by advice.
        at: The path of an exhibit or a hotspot that is to show it, or of a list of exhibits, which
            gets one more.
        now: When.

    Raises:
        NotFound, KeysKept, ReviewsIt, DraftClosed: see `drafts.services.save`.
        NotAPicture: it is not taken.
        Invalid: the draft has no such place.
    """
    draft = open_draft(draft_id, person, now, locked=True)
    words = {"alt": said.alt, "source": said.source, "licence": said.licence}
    name = keep_picture(person, content, **words, now=now)
    body, path = _showing(draft.body, at, name, said.alt)
    saved = save(person, draft_id, body, from_revision=draft.revision, tab=TAB, now=now)
    return BroughtIn(name, path, saved)


def place_near(body: Body, path: str) -> str:
    """Return what of a draft is to show a picture that was pasted at *path*.

    It is the exhibit or the hotspot there, if that shows none yet; else one more exhibit of the
    stage, or of the first one. Empty: the draft has no stage.
    """
    row = "/".join(path.split("/")[:4])
    if _lacks_picture(body, row):
        return row
    stages = [f"stages/{stage[HANDLE]}" for stage in body.get("stages", ())]
    around = [stage for stage in stages if f"{path}/".startswith(f"{stage}/")]
    return next((f"{stage}/exhibits" for stage in (*around, *stages)), "")


def _lacks_picture(body: Body, path: str) -> bool:
    try:
        row = group_at(body, path)
    except NoSuchRow:
        return False
    of_exhibits = path.split("/")[-2:-1] == ["exhibits"]
    return not row.get("image") and (of_exhibits or row.get("type") == "hotspot")


def _showing(body: Body, at: str, name: str, alt: str) -> tuple[Body, str]:
    kind = at.rsplit("/", maxsplit=1)[-1]
    try:
        if kind == "exhibits":
            row = {HANDLE: secrets.token_hex(4), "image": name, "alt": alt}
            return added(body, at, row), f"{at}/{row[HANDLE]}"
        if at.split("/")[-2:-1] not in (["exhibits"], ["items"]):
            raise NoSuchRow(at)
        told = group_at(body, at).get("alt")
        body = with_text(body, f"{at}/image", name)
        return (body if told or not alt else with_text(body, f"{at}/alt", alt)), at
    except NoSuchRow:
        raise Invalid("That place of the draft is gone. Open the draft again.") from None


def say_more(person: User, draft_id: int, address: str, said: Said, *, now: datetime) -> None:
    """Say of a picture that a draft shows where it comes from, as far as nobody has said it.

    Raises:
        NotFound: the draft shows no such picture; and as `drafts.queries.open_draft`.
    """
    draft = open_draft(draft_id, person, now)
    if address not in {each.address for each in pictures_in(draft.body)}:
        raise NotFound
    say_of_picture(address, source=said.source, licence=said.licence)
