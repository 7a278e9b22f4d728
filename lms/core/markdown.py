"""Markup, which is made here and nowhere else: CommonMark with tables, cleaned, and marked text."""

import re
from functools import lru_cache
from html import escape

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


def redlined(html: str) -> Markup:
    """Return *html* as safe HTML that tells what came and what went, and nothing else."""
    return Markup(nh3.clean(html, tags={"ins", "del", "br"}, attributes={}))  # noqa: S704


_TAG = re.compile(r"(<[^>]*>)")


def pinned(html: Markup, words: str, number: int) -> Markup | None:
    """Return *html* with the first *words* in it marked, and pinned to comment *number*.

    None: they do not stand in it, or run over a tag.
    """
    wanted = escape(words, quote=False)
    pin = f'<a class="pin" href="#c{number}"><span class="vh">Comment </span>{number}</a>'
    pieces = _TAG.split(html)
    for place, piece in enumerate(pieces):
        if place % 2 == 0 and wanted in piece:
            marked = f'<mark id="q{number}">{wanted}</mark>{pin}'
            pieces[place] = piece.replace(wanted, marked, 1)
            return Markup("".join(pieces))  # noqa: S704
    return None
