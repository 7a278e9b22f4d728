"""Where in a draft the words stand that a reviewer quotes."""

from collections.abc import Iterable
from dataclasses import dataclass

from lms.authoring.reviews.queries import Thread
from question_bank.drafts.bodies import Body
from question_bank.drafts.fields import path_of
from question_bank.drafts.paths import flatten
from question_bank.drafts.places import place_said
from question_bank.quoting import stand_in_one


@dataclass(frozen=True)
class PlaceInDraft:
    """A place of a draft: its path, and what it is called, as a sentence goes on with it."""

    path: str
    said: str


def places_in(body: Body, threads: Iterable[Thread]) -> dict[int, PlaceInDraft]:
    """Return the place in *body* that each of *threads* is about, by its comment's id.

    It is where the quoted words stand: where they stood before, else the first place that has
    them. Of words that are gone it is where they stood. What is about the whole case has none.
    """
    leaves = {path: leaf for path, leaf in flatten(body).items() if isinstance(leaf, str)}
    found = {}
    for each in threads:
        path, quoted = path_of(body, each.comment.path), each.comment.quoted
        if not each.gone and not stand_in_one([leaves.get(path, "")], quoted):
            path = next((at for at in leaves if stand_in_one([leaves[at]], quoted)), path)
        if path:
            found[each.comment.id] = PlaceInDraft(path, place_said(body, path))
    return found
