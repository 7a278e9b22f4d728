"""What somebody may have meant whose words nothing has."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, text

from lms.cases.search.queries import hits_of
from lms.core.db import db
from question_bank.searching.nearest import MOST_APART, nearest_word
from question_bank.searching.words import LONGEST_QUERY, folded, read_query

_ON_SQLITE = """
    SELECT term FROM search_entry_terms WHERE term >= :first AND term < :next
    ORDER BY doc DESC, term
"""
_ON_POSTGRESQL = """
    SELECT word FROM ts_stat('SELECT all_terms FROM search_entry ORDER BY id DESC LIMIT 1000')
    WHERE word >= :first COLLATE "C" AND word < :next COLLATE "C" ORDER BY ndoc DESC, word
"""
"""The words of the newest thousand entries are nearly all that a bank has."""


@dataclass(frozen=True)
class Meant:
    """Words that something has, and how many cases do."""

    words: str
    cases: int


def did_you_mean(
    words: str,
    *,
    within: Sequence[ColumnElement[bool]] = (),
    readable: ColumnElement[bool] | None = None,
) -> Meant | None:
    """Return what *words*, which nothing has, may have been meant to be; None: nobody knows.

    A statement a word of the query. What is offered is found by who asks, with *within* and
    *readable* as `search` has them: it tells nothing of what they may not read.
    """
    typed = [word for term in read_query(words) for word in term.words if _may_be_wrong(word)]
    meant = {word: near for word in typed if (near := _nearest(word))}
    if not meant:
        return None
    said = " ".join(meant.get(word, word) for word in folded(words[:LONGEST_QUERY]).split())
    cases = hits_of(said, within=within, readable=readable)
    return Meant(said, cases) if cases else None


def _nearest(word: str) -> str | None:
    """Return the word that is most like *word*, with the same first letter; None: it is known."""
    sqlite = db.engine.dialect.name == "sqlite"
    within = {"first": word[0], "next": chr(ord(word[0]) + 1)}
    rows = db.session.execute(text(_ON_SQLITE if sqlite else _ON_POSTGRESQL), within)
    known = [row[0] for row in rows]
    if any(each.startswith(word) for each in known):
        return None
    return nearest_word(word, known)


def _may_be_wrong(word: str) -> bool:
    return word.isalpha() and len(word) > MOST_APART + 1
