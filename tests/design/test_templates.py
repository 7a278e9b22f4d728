"""The templates: nothing the content policy forbids, short lines, and every macro explained."""

import re
from pathlib import Path

import pytest
from jinja2 import Environment, nodes
from jinja2.defaults import DEFAULT_FILTERS
from jinja2.meta import find_referenced_templates, find_undeclared_variables

import lms
from lms.template_context import FILTERS

TEMPLATES = Path(lms.__file__).parent / "templates"
PAGES = sorted(p for p in TEMPLATES.rglob("*.html") if p.relative_to(TEMPLATES).parts[0] != "mail")
MAILS = sorted((TEMPLATES / "mail").rglob("*.html"))
COMPONENTS = sorted(
    p for p in TEMPLATES.rglob("*.html") if p.parent.name in {"components", "parts"}
)

PARSER = Environment()
PARSER.filters.update(FILTERS)


EVERY = sorted(p for p in TEMPLATES.rglob("*") if p.is_file())


AUTHORED = {
    "answer.item.model_answer", "asked.lead_in", "case.takeaway", "each.question.finding",
    "each.question.idea", "each.question.lead_in", "fact.statement", "item.lead_in", "left",
    "line.text", "line.why", "part.text",
    "place.item.finding", "place.item.idea", "place.item.lead_in", "question.finding",
    "question.idea", "question.lead_in", "stem", "text",
}  # fmt: skip
"""What cases and facts say, by its names in templates; `text` is that of an option."""


def name(path: Path) -> str:
    return str(path.relative_to(TEMPLATES))


def tree_of(path: Path) -> nodes.Template:
    """Return a template as Jinja reads it."""
    return PARSER.parse(path.read_text(encoding="utf-8"))


def forbidden(markup: str) -> list[str]:
    """Return what a page may not hold under the policy: styles, scripts and handlers in line."""
    found = re.findall(r"""\sstyle\s*=\s*["']|<style\b|\son[a-z]+\s*=\s*["']""", markup)
    found += [tag for tag in re.findall(r"<script\b[^>]*>", markup) if "src=" not in tag]
    found += re.findall(r"""(?:src|href)\s*=\s*["'](?:data:|javascript:|//|http:)""", markup)
    return found


@pytest.mark.parametrize(
    "markup",
    [
        '<p style="color: red">',
        "<style>p {}</style>",
        "<script>run()</script>",
        '<button onclick="run()">',
        '<img src="data:image/png;base64,AA">',
        '<a href="javascript:run()">',
    ],
)
def test_the_search_finds_what_is_forbidden(markup: str) -> None:
    assert forbidden(markup)


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_pages_hold_nothing_the_policy_forbids(path: Path) -> None:
    assert forbidden(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("path", MAILS, ids=name)
def test_mails_have_no_image_and_no_script(path: Path) -> None:
    assert not re.search(r"<(img|script|svg|link)\b|url\(", path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", COMPONENTS, ids=name)
def test_components_begin_with_how_to_use_them(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    usage = text[: text.index("#}")]

    assert text.startswith("{# ")
    for macro in re.findall(r"{% macro ([a-z]\w*)\(", text):
        if f"{macro}(" not in text.replace(f"macro {macro}(", ""):
            pytest.fail(f"{macro} is neither explained nor used")
    assert "{{ " in usage or "{% " in usage


@pytest.mark.parametrize("path", COMPONENTS, ids=name)
def test_a_component_stands_in_a_file_of_its_name(path: Path) -> None:
    """A helper that only this component calls may stand beside it, with a low line before."""
    macros = re.findall(r"{%-? *macro +(\w+)", path.read_text(encoding="utf-8"))

    assert [macro for macro in macros if not macro.startswith("_")] == [path.stem]


@pytest.mark.parametrize("path", EVERY, ids=name)
def test_no_line_is_longer_than_a_reader_sees(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()

    assert [line for line in lines if len(line) > 120] == []


@pytest.mark.parametrize("path", EVERY, ids=name)
def test_what_is_drawn_once_follows_from_what_it_is_told(path: Path) -> None:
    """It would show one person, at one address, what was drawn for another."""
    if "drawn_once(" not in path.read_text(encoding="utf-8"):
        return

    used, waiting = set(), [path]
    while waiting:
        used.add(each := waiting.pop())
        named = {TEMPLATES / str(one) for one in find_referenced_templates(tree_of(each))}
        waiting += named - used

    for tree in map(tree_of, used):
        assert find_undeclared_variables(tree) <= {"drawn_once"}
        assert {
            each.name for each in tree.find_all(nodes.Filter)
        } <= FILTERS.keys() | DEFAULT_FILTERS.keys()


def test_every_component_is_used() -> None:
    markup = "".join(p.read_text(encoding="utf-8") for p in TEMPLATES.rglob("*.html"))

    assert [name(p) for p in COMPONENTS if f'from "{name(p)}" import' not in markup] == []


def test_there_are_error_pages_for_every_refusal() -> None:
    pages = {path.stem for path in (TEMPLATES / "errors").glob("*.html")}

    assert pages >= {"403", "404", "409", "422", "429", "500"}


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_only_what_authors_wrote_is_read_as_markdown(path: Path) -> None:
    """A person's own lines would lose their signs: `+ SLR left` is no item of a list."""
    text = re.sub(r"{#.*?#}", "", path.read_text(), flags=re.DOTALL)

    assert set(re.findall(r"([\w.]+)\|markdown", text)) <= AUTHORED


TYPED_IN = (
    r"""\b(?:field|choices|words)\(|<textarea|<select|type="(?:radio|checkbox|text)"|-form\""""
)


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_what_is_typed_comes_back_with_what_its_page_showed(path: Path) -> None:
    """A browser that goes back fills it into the form as it is by then."""
    for form in re.findall(r"<form.*?</form>", path.read_text(encoding="utf-8"), re.DOTALL):
        if "sight(of=" in form:
            assert ("typed=True)" in form) == bool(re.search(TYPED_IN, form)), form[:200]
