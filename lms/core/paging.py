"""Lists, a page at a time."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from operator import itemgetter
from typing import Any, Generic, TypeVar

from flask_sqlalchemy.pagination import Pagination
from sqlalchemy import Row, Select, func, literal, select

from lms.core.db import db

Line = TypeVar("Line")
Found = Row[*tuple[Any, ...]]

AHEAD = 20
"""How many pages beyond its own a page of an endless list knows of."""

FARTHEST = 1_000_000
"""No list has as many pages; databases have no greater offsets without end."""


class Page(Pagination, ABC, Generic[Line]):
    """One page of a list: its `items`, and which `page` it is of how many `pages`, both from 1.

    A number beyond the last page gives the last, one below the first the first. `total` counts
    the items of all pages. If it `goes_on`, there are more: no further was counted.
    """

    items: list[Line]
    goes_on = False

    def __init__(self, number: int, size: int, **source: Any) -> None:
        super().__init__(
            page=min(number, FARTHEST), per_page=size, max_per_page=None, error_out=False, **source
        )

    @property
    def pages(self) -> int:
        """How many pages there are; an empty list has one."""
        return max(super().pages, 1)

    def _query_items(self) -> list[Line]:
        """Return the items of this page, or else of the last one."""
        lines, self._count = self._read()
        last = max(-(-self._count // self.per_page), 1)
        if self.page > last:
            self.page = last
            lines, self._count = self._read()
        return lines

    def _query_count(self) -> int:
        return self._count

    @abstractmethod
    def _read(self) -> tuple[list[Line], int]:
        """Return the items of page number `page`, and the number of all."""


class _Queried(Page[Line]):
    def _read(self) -> tuple[list[Line], int]:
        query, read = self._query_args["query"], self._query_args["read"]
        counted = select(func.count()).select_from(self._to_count(query).subquery())
        rows = db.session.execute(
            query.add_columns(counted.scalar_subquery())
            .limit(self.per_page)
            .offset(self._query_offset)
        ).all()
        if rows or not self._query_offset:
            return [read(row) for row in rows], rows[0][-1] if rows else 0
        return [], db.session.scalar(counted) or 0

    def _to_count(self, query: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
        return query.order_by(None)


class _Endless(_Queried[Line]):
    def _read(self) -> tuple[list[Line], int]:
        lines, count = super()._read()
        self.goes_on = count > self._most
        return lines, min(count, self._most)

    def _to_count(self, query: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
        counted = self._query_args["counted"]
        listed = query if counted is None else counted
        bare = listed.with_only_columns(literal(1), maintain_column_froms=True)
        return bare.order_by(None).limit(self._most + 1)

    @property
    def _most(self) -> int:
        """Return how many are counted at most."""
        return (self.page + AHEAD) * self.per_page


class _Listed(Page[Line]):
    def _read(self) -> tuple[list[Line], int]:
        lines = self._query_args["lines"]
        return list(lines[self._query_offset :][: self.per_page]), len(lines)


def page_of(
    query: Select[*tuple[Any, ...]], number: int, *, size: int, read: Callable[[Found], Line]
) -> Page[Line]:
    """Return page *number* of what *query*, which is in order, finds, in one statement.

    Args:
        query: May load what belongs to its objects as any query may.
        number: From 1; one out of bounds is the nearest.
        size: How many items a page has.
        read: Makes an item of a row; `whole` if a row is one object.
    """
    return _Queried(number, size, query=query, read=read)


def page_of_endless(
    query: Select[*tuple[Any, ...]],
    number: int,
    *,
    size: int,
    read: Callable[[Found], Line],
    counted: Select[*tuple[Any, ...]] | None = None,
) -> Page[Line]:
    """Return a page as `page_of` does, of what grows as long as the program lives.

    What lies farther than a few pages ahead is not counted, so that a page costs the same however
    much there is, if the order of *query* is that of an index.

    Args:
        counted: Finds as many rows as *query* for less; None: *query* itself is counted.
    """
    return _Endless(number, size, query=query, read=read, counted=counted)


def page_in(lines: Sequence[Line], number: int, *, size: int) -> Page[Line]:
    """Return page *number* of *lines*, which were read anyway; as `page_of`."""
    return _Listed(number, size, lines=lines)


whole: Callable[[Found], Any] = itemgetter(0)
"""Read a row that is one object."""
