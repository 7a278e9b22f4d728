"""CommonMark with tables, cleaned; rendered once per text."""

import re
from functools import lru_cache

import nh3
from markdown_it import MarkdownIt
from markupsafe import Markup

_PARSER = MarkdownIt("commonmark", {"html": False}).enable("table")
_TAGS = {
    "p", "br", "hr", "em", "strong", "code", "pre", "blockquote", "ul", "ol", "li",
    "table", "thead", "tbody", "tr", "th", "td", "h3", "h4", "sub", "sup", "a",
}  # fmt: skip
_ATTRIBUTES = {"a": {"href"}, "ol": {"start"}, "td": {"align"}, "th": {"align", "scope"}}


@lru_cache(maxsize=8192)
def render(text: str) -> Markup:
    """Return *text* as safe HTML blocks."""
    html = re.sub(r"<th\b", '<th scope="col"', _PARSER.render(text))
    return Markup(nh3.clean(html, tags=_TAGS, attributes=_ATTRIBUTES, url_schemes={"https"}))  # noqa: S704


@lru_cache(maxsize=8192)
def render_inline(text: str) -> Markup:
    """Return *text* as safe HTML without a paragraph around it."""
    html = _PARSER.renderInline(text)
    return Markup(nh3.clean(html, tags={"em", "strong", "code", "sub", "sup"}, attributes={}))  # noqa: S704
