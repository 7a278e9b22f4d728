"""How numbers of rows stand in addresses: as they are, or as their aliases."""

from flask import Flask
from werkzeug.routing import BaseConverter, IntegerConverter, Map, ValidationError

from lms.core.aliases import alias_of, number_of
from lms.core.db import LARGEST_ID


class RowId(IntegerConverter):
    """A number in an address that a column can hold; a larger one is no page (404)."""

    def __init__(self, map: Map) -> None:  # noqa: A002
        super().__init__(map, max=LARGEST_ID)


class Alias(BaseConverter):
    """A number of a row that stands in an address as its alias; what is none is no page (404)."""

    regex = "[0-9a-f]{16}"

    def to_python(self, value: str) -> int:
        """Return the number."""
        try:
            return number_of(value)
        except ValueError:
            raise ValidationError from None

    def to_url(self, value: int) -> str:
        """Return the alias."""
        return alias_of(value)


def init_addresses(app: Flask) -> None:
    """Let the addresses of *app* have such numbers."""
    app.url_map.converters |= {"int": RowId, "alias": Alias}
