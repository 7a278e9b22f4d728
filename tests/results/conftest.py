"""The pages served to a real browser, as in `tests/taking`."""

from tests.taking.conftest import context, page, troubles

__all__ = ["context", "page", "troubles"]
