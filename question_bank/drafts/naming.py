"""Names for what has none yet: keys of items and exhibits, and the slug of a case."""

import re
from collections.abc import Collection, Sequence
from copy import deepcopy
from itertools import count

from question_bank.composing import composed
from question_bank.drafts.bodies import Body
from question_bank.rules.words import STOP

LONGEST = 60
"""Characters that a proposed name may have before the number that tells it apart."""

SEEN = 400
"""Characters of a text that are looked at."""

MOST_TELLING = 4
"""Words that a key is made of."""

_ASKING = STOP | {"best", "following", "most", "next", "patient", "which"}
_WORD = re.compile(r"[a-z0-9]+")


def proposed_slug(title: str, known: Collection[str]) -> str:
    """Return a slug of the words of *title*, one that *known* does not have."""
    return _told_apart(_words(title), known, "case")


def proposed_key(text: str, known: Collection[str], otherwise: str) -> str:
    """Return a key of what tells *text* from others, one that *known* does not have.

    *otherwise* is the key if no word of *text* tells anything.
    """
    telling = [word for word in _words(text) if len(word) > 2 and word not in _ASKING]
    return _told_apart(telling[:MOST_TELLING], known, otherwise)


def _words(text: str) -> list[str]:
    apart = composed(text[:SEEN], longest=SEEN, form="NFD")
    plain = apart.encode("ascii", "ignore").decode()
    return _WORD.findall(plain.casefold())


def _told_apart(words: Sequence[str], known: Collection[str], otherwise: str) -> str:
    name = "-".join(words)[:LONGEST].strip("-") or otherwise
    numbered = (name if n == 1 else f"{name}-{n}" for n in count(1))
    return next(each for each in numbered if each not in known)


def with_names(
    body: Body, known_keys: Collection[str] = (), known_slugs: Collection[str] = ()
) -> Body:
    """Return *body* with a slug, and a key for each item and exhibit that has none.

    Args:
        body: What `taken` made.
        known_keys: Keys of items that stand for other questions, retired ones too: never given.
        known_slugs: Slugs of other cases: never given.
    """
    named = deepcopy(body)
    if not str(named.get("slug", "")).strip():
        said = str(named.get("title") or named.get("decision") or "")
        named["slug"] = proposed_slug(said, known_slugs)
    stages = named.get("stages", [])
    _name_rows([row for each in stages for row in each.get("items", [])], "lead_in", known_keys)
    _name_rows([row for each in stages for row in each.get("exhibits", [])], "title", ())
    return named


def _name_rows(rows: list[Body], said_in: str, known: Collection[str]) -> None:
    names = {*known, *(str(row.get("key", "")).strip() for row in rows)}
    otherwise = "question" if said_in == "lead_in" else "exhibit"
    for row in rows:
        if not str(row.get("key", "")).strip():
            row["key"] = proposed_key(str(row.get(said_in, "")), names, otherwise)
            names.add(row["key"])
