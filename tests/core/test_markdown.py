"""Whatever people write as Markdown, what comes out runs nothing and loads nothing."""

from html.parser import HTMLParser

import pytest

from lms.core.markdown import render, render_inline

HARMLESS = {
    "p", "br", "hr", "em", "strong", "code", "pre", "blockquote", "ul", "ol", "li",
    "table", "thead", "tbody", "tr", "th", "td", "h3", "h4", "sub", "sup", "a",
}  # fmt: skip

HOSTILE = [
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//evil.example/x.js></SCRIPT>",
    "text <img src=x onerror=alert(1)> text",
    "<svg onload=alert(1)>",
    "<iframe src='https://evil.example'></iframe>",
    "<a href='javascript:alert(1)' onclick='alert(1)'>x</a>",
    "<style>body{display:none}</style>",
    "<p style='position:fixed'>x</p>",
    "<form action='https://evil.example'><input name='password'></form>",
    "<base href='https://evil.example'><meta http-equiv='refresh' content='0'>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](java\tscript:alert(1))",
    "[x](vbscript:x)",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](file:///etc/passwd)",
    "[x](http://evil.example)",
    "<javascript:alert(1)>",
    "[x]: javascript:alert(1)\n\n[x]",
    "![x](https://evil.example/pixel.png)",
    "![x](/static/x.png)",
    "![x](data:image/svg+xml,<svg/onload=alert(1)>)",
    '[x](https://good.example "a\\" onmouseover=\\"alert(1)")',
    "`<script>alert(1)</script>`",
    "```\n</code></pre><script>alert(1)</script>\n```",
    "| <th onclick=alert(1)> | b |\n|---|---|\n| <script>x</script> | d |",
    "<!-- --><script>alert(1)</script>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "\x00<script>alert(1)</script>",
]


class Reader(HTMLParser):
    """Notes each element with its attributes, as a browser would make them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("rendered", [render, render_inline])
def test_hostile_text_comes_out_harmless(rendered, text: str) -> None:
    elements = Reader(rendered(text)).elements

    assert {tag for tag, _ in elements} <= HARMLESS
    for tag, attributes in elements:
        assert set(attributes) <= {"href", "rel", "title", "scope", "align", "start"}, (
            tag,
            attributes,
        )
        assert attributes.get("href", "https:").startswith("https:"), attributes


def test_raw_html_is_shown_as_it_was_written() -> None:
    assert "&lt;b&gt;bold&lt;/b&gt;" in render("Say <b>bold</b>")


def test_a_link_elsewhere_leaves_no_trace_of_the_page_it_was_on() -> None:
    ((_, link),) = [e for e in Reader(render("[CDC](https://www.cdc.gov)")).elements if e[0] == "a"]

    assert link["href"] == "https://www.cdc.gov"
    assert set((link["rel"] or "").split()) >= {"noopener", "noreferrer"}


def test_what_authors_use_comes_out() -> None:
    html = render("Give **10 mg** of *X*.\n\n- one\n- two\n\n1. first\n\n> said\n\nx < y & z")

    for part in ("<strong>10 mg</strong>", "<em>X</em>", "<li>one</li>", "<ol>", "<blockquote>"):
        assert part in html
    assert "x &lt; y &amp; z" in html


@pytest.mark.parametrize("line", ["|---|---|", "|:--|--:|"])
def test_the_heads_of_a_table_are_heads_of_columns(line: str) -> None:
    elements = Reader(render(f"| Drug | Dose |\n{line}\n| A | 5 |")).elements

    heads = [attributes for tag, attributes in elements if tag == "th"]
    assert [head.get("scope") for head in heads] == ["col", "col"]
    assert [tag for tag, _ in elements].count("td") == 2


def test_inline_text_makes_no_block_and_no_link() -> None:
    html = render_inline("**Bold** [x](https://cdc.gov)\n\n# Title")

    assert {tag for tag, _ in Reader(html).elements} == {"strong"}
