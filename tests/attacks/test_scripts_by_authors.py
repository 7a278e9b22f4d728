"""What authors write, upload and name runs nowhere: as Markdown, as SVG, as a file's name."""

from collections.abc import Iterator
from contextlib import suppress
from itertools import product
from xml.etree import ElementTree

import pytest
from playwright.sync_api import Browser, Page

from lms.cases.pictures.made import NotAPicture
from lms.cases.pictures.vector import ATTRIBUTES, ELEMENTS, redrawn
from lms.core import markdown

RUN = "ran()"
SPACE = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'

IN_SHAPES = (
    f"<script>{RUN}</script>",
    f"<script><![CDATA[{RUN}]]></script>",
    f'<script type="text/javascript" href="data:text/javascript,{RUN}"/>',
    f'<x:script xmlns:x="http://www.w3.org/2000/svg">{RUN}</x:script>',
    f'<h:script xmlns:h="http://www.w3.org/1999/xhtml">{RUN}</h:script>',
    f'<foreignObject><body xmlns="http://www.w3.org/1999/xhtml" onload="{RUN}"/></foreignObject>',
    f'<image href="x" onerror="{RUN}"/>',
    f'<image xlink:href="data:image/svg+xml,&lt;svg onload={RUN}&gt;"/>',
    f'<use href="data:image/svg+xml,&lt;svg id=a onload={RUN}&gt;#a"/>',
    f'<a href="javascript:{RUN}"><rect width="9" height="9"/></a>',
    f'<a xlink:href="javascript:{RUN}"><rect width="9" height="9"/></a>',
    f'<animate attributeName="href" values="javascript:{RUN}" onbegin="{RUN}"/>',
    f'<set attributeName="onload" to="{RUN}"/>',
    f'<animateTransform onbegin="{RUN}" attributeName="transform" dur="1s"/>',
    f"<style>@import 'data:text/css,*{{}}'; * {{ background: url(javascript:{RUN}) }}</style>",
    f'<iframe src="javascript:{RUN}"/>',
    f'<handler type="application/ecmascript">{RUN}</handler>',
    f'<title><h:img xmlns:h="http://www.w3.org/1999/xhtml" src="x" onerror="{RUN}"/></title>',
    f"<desc>&lt;script&gt;{RUN}&lt;/script&gt;</desc>",
    f'<text>&lt;img src="x" onerror="{RUN}"&gt;</text>',
    f'<metadata><script xmlns="http://www.w3.org/2000/svg">{RUN}</script></metadata>',
    f'<g style="fill:url(javascript:{RUN});background:expression({RUN})"><rect width="9"/></g>',
    f'<rect fill="url(javascript:{RUN})" width="9" height="9"/>',
    f'<rect id="x" transform="translate(1) &quot; onload=&quot;{RUN}" width="9" height="9"/>',
)
EVENTS = (
    *("onload", "onclick", "onerror", "onbegin", "onend", "onfocus", "onfocusin", "onmouseover"),
    *(
        "onactivate",
        "onrepeat",
        "onresize",
        "onscroll",
        "onunload",
        "onzoom",
        "ONLOAD",
        "onpointerover",
    ),
)
PLACES = ("svg", "g", "rect", "path", "text", "title", "circle", "tspan", "linearGradient")

IN_MARKDOWN = (
    f"<script>{RUN}</script>",
    f'<img src=x onerror="{RUN}">',
    f'<svg onload="{RUN}">',
    f"<svg><script>{RUN}</script></svg>",
    f"[a](javascript:{RUN})",
    f"[a](JaVaScRiPt:{RUN})",
    f"[a](java&#115;cript:{RUN})",
    f"[a](<java\tscript:{RUN}>)",
    f"[a](data:text/html,<script>{RUN}</script>)",
    f"[a](vbscript:{RUN})",
    f"![a](javascript:{RUN})",
    f'![a](x "onerror={RUN}")',
    f'![a" onerror="{RUN}](x)',
    f"<javascript:{RUN}>",
    f'<a href="javascript:{RUN}">a</a>',
    f'<iframe srcdoc="<script>{RUN}</script>">',
    f'<details open ontoggle="{RUN}">',
    f"<math><mtext><script>{RUN}</script></mtext></math>",
    f'<style>@import "javascript:{RUN}"</style>',
    f"`<script>{RUN}</script>`",
    f"| <script>{RUN}</script> |\n|---|\n| <img src=x onerror={RUN}> |",
    f"[a]: javascript:{RUN}\n\n[a]",
    f'<form><button formaction="javascript:{RUN}">a</button></form>',
    f'<object data="javascript:{RUN}">',
    f'<embed src="javascript:{RUN}">',
    f'<meta http-equiv="refresh" content="0;url=javascript:{RUN}">',
    f'<base href="javascript:{RUN}//">',
    f"<!--><script>{RUN}</script>-->",
    f"<noscript><p title='</noscript><script>{RUN}</script>'>",
    f'<input autofocus onfocus="{RUN}">',
    f"&lt;script&gt;{RUN}&lt;/script&gt;",
    f"\\<script>{RUN}\\</script>",
    f"<scr\0ipt>{RUN}</script>",
    f"<ScRiPt/x>{RUN}</ScRiPt>",
    f"***<b onmouseover={RUN}>a</b>***",
    f"<template><script>{RUN}</script></template>",
    f'<video><source onerror="{RUN}"></video>',
    f'<marquee onstart="{RUN}">a</marquee>',
    f'<body onload="{RUN}">',
    f'<link rel="stylesheet" href="javascript:{RUN}">',
)


def drawings() -> Iterator[str]:
    """Yield SVG that would run something, were it passed on."""
    for shape in IN_SHAPES:
        yield f'<svg {SPACE} viewBox="0 0 9 9">{shape}</svg>'
    for event, place in product(EVENTS, PLACES):
        if place == "svg":
            yield f'<svg {SPACE} viewBox="0 0 9 9" {event}="{RUN}"/>'
        else:
            yield f'<svg {SPACE} viewBox="0 0 9 9"><{place} {event}="{RUN}">a</{place}></svg>'
    yield f'<?xml-stylesheet href="javascript:{RUN}"?><svg {SPACE} viewBox="0 0 9 9"/>'
    yield f'<!DOCTYPE svg [<!ATTLIST svg onload CDATA "{RUN}">]><svg {SPACE} viewBox="0 0 9 9"/>'
    bare = f'<svg {SPACE} viewBox="0 0 9 9"><script>{RUN}</script></svg>'
    yield bare.encode("utf-16").decode("latin-1")


def taken(vectors: Iterator[str]) -> list[str]:
    """Return what is left of those that are taken at all."""
    found = []
    for vector in vectors:
        with suppress(NotAPicture):
            found.append(redrawn(vector.encode("latin-1", "replace")).content.decode())
    return found


def looked_at(page: Page, markup: str) -> None:
    """Show *markup* with no policy to hold it, and have a visitor go over and press all of it."""
    page.set_content(f"<!doctype html><main>{markup}</main>")
    page.evaluate(
        """addEventListener("click", (event) => {
             const link = event.target.closest("a[href]");
             if (link && link.protocol !== "javascript:") event.preventDefault();
           });
           for (const each of document.querySelectorAll("main *"))
             for (const event of ["mouseover", "click"])
               each.dispatchEvent(new MouseEvent(event, { bubbles: true, cancelable: true }))"""
    )


def test_there_are_two_hundred_ways_to_try() -> None:
    assert len({*drawings(), *IN_MARKDOWN}) >= 200


@pytest.mark.parametrize("vector", [pytest.param(v, id=str(n)) for n, v in enumerate(drawings())])
def test_no_drawing_keeps_what_runs_or_loads(vector: str) -> None:
    for kept in taken(iter([vector])):
        for element in ElementTree.fromstring(kept).iter():
            assert element.tag.removeprefix("{http://www.w3.org/2000/svg}") in ELEMENTS
            assert set(element.attrib) <= ATTRIBUTES | {"role"}
            assert not any("url(" in value for value in element.attrib.values())


def test_none_of_them_runs_in_a_browser(browser: Browser) -> None:
    page, runs = browser.new_page(), list[str]()
    page.expose_function("ran", lambda: runs.append("ran"))
    looked_at(page, f"<img src=x onmouseover='{RUN}'>")
    assert runs, "what is not cleaned does run here"

    runs.clear()
    for kept in [*taken(drawings()), *map(markdown.render, IN_MARKDOWN)]:
        looked_at(page, kept)
        assert runs == [], kept

    page.close()
