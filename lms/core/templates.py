"""How templates are kept: read once, imported once, and what stays the same drawn once."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from flask import Flask
from flask.templating import Environment
from jinja2 import Template
from jinja2.environment import TemplateModule
from jinja2.runtime import Context
from markupsafe import Markup

MOST_DRAWN = 8192
"""Of how many different calls a component keeps what it said."""


class _Template(Template):
    """A template whose components are imported once a process.

    Jinja compares at each import what the page and the component know without being told. Here all
    templates know the same.
    """

    def _get_default_module(self, ctx: Context | None = None) -> TemplateModule:
        return super()._get_default_module()


class Templates(Environment):
    """The templates of the service."""

    template_class = _Template


def init_templates(app: Flask) -> None:
    """Have *app* keep its templates. To be called before anything that draws, or adds to it."""
    app.jinja_environment = Templates
    app.jinja_options = {"cache_size": -1}


def drawn_once(macro: Callable[..., Markup]) -> Callable[..., Markup]:
    """Return *macro* as one that keeps what it said, and says it again when told the same.

    Only for what follows from what it is told: not from who asks, nor where, nor when. Plain text
    and markup that read alike are told apart where they are told as such, not within other values.
    """

    @lru_cache(maxsize=MOST_DRAWN, typed=True)
    def drawn(**said: Any) -> Markup:
        return macro(**said)

    return drawn
