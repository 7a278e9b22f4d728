"""What of an index has the words of a query, in each database's own words.

Every word is quoted by us: what people type (`follow-up`, `1.0 mg/d`, `AND`) is no syntax.
"""

from sqlalchemy import ColumnElement, and_, text, true

from lms.core.db import db
from question_bank.searching.words import Query, Term

_ON_SQLITE = (
    "+search_entry.id IN (SELECT rowid FROM search_entry_words WHERE search_entry_words MATCH :{0})"
)
"""The plus has SQLite read the narrow index on what lists are made of, not the rows one by one."""

_ON_POSTGRESQL = "search_entry.{0} @@ (SELECT to_tsquery('simple', :{0}))"
"""The SELECT keeps the words from the planner: where it sees that most entries have them, it reads
all entries, and does not reckon what their words cost to unpack; the index has them ready."""


def has_words(query: Query) -> ColumnElement[bool]:
    """Return that an entry has all of *query*, which asks for something, wherever it stands."""
    return _condition("all", query)


def shows_words(query: Query) -> ColumnElement[bool]:
    """Return that the title and the tags of an entry have all of *query*."""
    return _condition("open", query)


def _condition(part: str, query: Query) -> ColumnElement[bool]:
    if db.engine.dialect.name == "sqlite":
        asked = " AND ".join(_for_sqlite(term) for term in query)
        return _bound(_ON_SQLITE.format(part), part, f"{{{part}_words}} : ({asked})")
    name = f"{part}_terms"
    asked = " & ".join(f"({_for_postgresql(term)})" for term in query)
    return _bound(_ON_POSTGRESQL.format(name), name, asked)


def _bound(clause: str, name: str, value: str) -> ColumnElement[bool]:
    return and_(true(), text(clause).bindparams(**{name: value}))


def _for_sqlite(term: Term) -> str:
    return f'"{" ".join(term.words)}"' + ("*" if term.begins else "")


def _for_postgresql(term: Term) -> str:
    *others, last = (f"'{word}'" for word in term.words)
    return " <-> ".join([*others, f"{last}:*" if term.begins else last])
