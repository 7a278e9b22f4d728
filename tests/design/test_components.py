"""The components, rendered: the ties and figures that people and screen readers rely on."""

import re
from fractions import Fraction
from html.parser import HTMLParser
from pathlib import Path

import css_inline
import pytest
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from werkzeug.datastructures import MultiDict
from wtforms import EmailField, Form, RadioField, SelectMultipleField, validators
from wtforms.fields.choices import SelectChoice

import lms
from lms.progress import wording
from lms.template_context import FILTERS, GLOBALS
from question_bank.scoring import Tally

TEMPLATES = Path(lms.__file__).parent / "templates"


JINJA = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined)


JINJA.filters.update(FILTERS)


JINJA.globals.update(GLOBALS | {"product_name": "Pain Rounds"})


HALF = Tally(Fraction(21), 40)


ALL = Tally(Fraction(24), 24)


FEW = Tally(Fraction(9, 2), 8)


NONE = Tally(Fraction(0), 0)


class Invitation(Form):  # type: ignore[misc]
    email = EmailField(
        "Email",
        [validators.Regexp(".+@.+", message="Enter an address.")],
        description="The invitation goes here.",
    )
    roles = SelectMultipleField(
        "Roles",
        [validators.Length(min=1, message="Choose at least one role.")],
        choices=[SelectChoice("fellow", "Fellow"), SelectChoice("mentor", "Mentor")],
    )
    which = RadioField(
        "Attempt that counts",
        choices=[SelectChoice("first", "First"), SelectChoice("best", "Best")],
    )


class Tags(HTMLParser):
    """Collects every start tag with its attributes."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(markup)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    @property
    def ids(self) -> list[str | None]:
        return [attrs["id"] for _, attrs in self.tags if "id" in attrs]


def render(file: str, call: str, **context: object) -> str:
    macro = re.split(r"\W", call)[0]
    source = f'{{% from "{file}" import {macro} %}}{{{{ {call} }}}}'
    return JINJA.from_string(source).render(**context)


def refused() -> Invitation:
    form = Invitation(MultiDict({"email": "nobody", "which": "first"}))
    assert not form.validate()
    return form


def test_a_refused_field_points_to_its_hint_and_its_error() -> None:
    page = Tags(render("components/field.html", "field(f=form.email)", form=refused()))

    control = next(attrs for tag, attrs in page.tags if tag == "input")
    assert control["aria-invalid"] == "true"
    assert control["aria-describedby"] == "email-hint email-error"
    assert {"email", "email-hint", "email-error"} <= set(page.ids)


def test_a_field_in_order_points_to_its_hint_alone() -> None:
    page = Tags(render("components/field.html", "field(f=form.email)", form=Invitation()))

    control = next(attrs for tag, attrs in page.tags if tag == "input")
    assert control["aria-describedby"] == "email-hint"
    assert "aria-invalid" not in control


def test_the_error_summary_takes_the_focus_and_links_to_each_field() -> None:
    markup = render("components/error_summary.html", "error_summary(form=form)", form=refused())
    page = Tags(markup)

    assert "2 entries need a change" in markup
    assert [attrs["href"] for tag, attrs in page.tags if tag == "a"] == ["#email", "#roles"]
    assert page.tags[0][1]["tabindex"] == "-1"
    assert "autofocus" in page.tags[0][1]


def test_the_error_summary_is_absent_where_nothing_is_wrong() -> None:
    assert (
        render(
            "components/error_summary.html", "error_summary(form=form)", form=Invitation()
        ).strip()
        == ""
    )


def test_choices_are_a_fieldset_that_its_error_describes() -> None:
    page = Tags(render("components/choices.html", "choices(f=form.roles)", form=refused()))

    assert page.tags[0][0] == "fieldset"
    assert page.tags[0][1]["id"] == "roles"
    assert page.tags[0][1]["aria-describedby"] == "roles-error"
    assert [attrs["type"] for tag, attrs in page.tags if tag == "input"] == ["checkbox"] * 2


def test_the_chosen_radio_button_is_checked() -> None:
    page = Tags(render("components/field.html", "field(f=form.which)", form=refused()))

    checked = [attrs["value"] for tag, attrs in page.tags if tag == "input" and "checked" in attrs]
    assert checked == ["first"]


def test_what_people_wrote_is_escaped() -> None:
    markup = render("components/notice.html", "notice(title='<b>x</b>', text='<i>')")

    assert "&lt;b&gt;x&lt;/b&gt;" in markup
    assert "<i>" not in markup


@pytest.mark.parametrize("file", ["components/dot_row.html", "mail/components/dot_row.html"])
def test_a_share_is_rounded_half_up_and_has_its_count(file: str) -> None:
    markup = render(file, "dot_row(label='Interventional', tally=t)", t=HALF)

    assert "53%" in markup
    assert "21 of 40" in markup


@pytest.mark.parametrize("file", ["components/dot_row.html", "mail/components/dot_row.html"])
def test_fewer_than_ten_items_have_no_share(file: str) -> None:
    markup = render(file, "dot_row(label='Psychological', tally=t)", t=FEW)

    assert "too few for a share (10 needed)" in markup.lower()
    assert "4.5 of 8" in markup
    assert "%" not in re.sub(r'="[^"]*"', "", markup)


@pytest.mark.parametrize("file", ["components/dot_row.html", "mail/components/dot_row.html"])
def test_no_items_are_said_in_words(file: str) -> None:
    assert "No items yet" in render(file, "dot_row(label='Psychological', tally=t)", t=NONE)


def test_the_dot_stands_at_the_share_within_its_interval() -> None:
    page = Tags(render("components/dot_row.html", "dot_row(label='x', tally=t)", t=HALF))

    span = next(attrs for _, attrs in page.tags if attrs.get("class") == "span")
    assert (span["x"], span["width"]) == ("37.5%", "29.6%")
    assert next(attrs for tag, attrs in page.tags if tag == "circle")["cx"] == "52.5%"


@pytest.mark.parametrize("tally", [HALF, ALL])
def test_the_cells_of_a_mail_mark_fill_the_row(tally: Tally) -> None:
    page = Tags(render("mail/components/dot_row.html", "dot_row(label='x', tally=t)", t=tally))

    cells = [attrs for _, attrs in page.tags if attrs.get("class") in {"track", "span", "dot"}]
    widths = [float((attrs["width"] or "").rstrip("%")) for attrs in cells]
    assert len(widths) == 5
    assert min(widths) >= 0
    assert sum(widths) == pytest.approx(100, abs=0.3)


@pytest.mark.parametrize(
    ("right", "items", "step", "said"),
    [
        pytest.param(21, 40, "h1", "53% 21 of 40 95% interval 37 to 67% Below 70%", id="below"),
        pytest.param(23, 40, None, "58% 23 of 40 95% interval 42 to 71%", id="open: low"),
        pytest.param(16, 20, None, "80% 16 of 20 95% interval 58 to 92%", id="open: high"),
        pytest.param(38, 40, "h3", "95% 38 of 40 95% interval 83 to 99% Above 70%", id="above"),
        pytest.param(0, 9, None, "0 of 9", id="too few"),
        pytest.param(0, 0, None, "none yet", id="none"),
    ],
)
def test_a_heat_cell_is_shaded_by_its_interval_and_says_so(
    right: int, items: int, step: str | None, said: str
) -> None:
    call = "heat_cell(tally=t, column='Interventional', line=70, say=say)"
    tally = Tally(Fraction(right), items)
    page = render("components/heat_cell.html", call, t=tally, say=wording)

    assert " ".join(re.sub(r"<[^>]*>", " ", page).split()) == f"Interventional {said}"
    assert (f'class="{step}"' in page) if step else ('class="h' not in page)


def chips(*marks: dict[str, object], hidden: bool = False, **more: object) -> str:
    """Return the chips of one case; each mark is answered, flagged and so on if it says so."""
    blank = {"answered": False, "flagged": False, "locked": False, "refused": None}
    call = "item_chips(groups=groups, hidden=hidden, form=form, url=url, slim=slim)"
    context = {"form": None, "url": None, "slim": False} | more
    return render(
        "components/item_chips.html",
        call,
        groups=[[blank | mark for mark in marks]],
        hidden=lambda _mark: hidden,
        **context,
    )


def test_a_chip_says_in_words_what_it_shows() -> None:
    markup = chips({"position": 3, "answered": True, "flagged": True}, {"position": 4})

    words = re.sub(r"<[^>]*>", "", markup)
    assert "Item 3, answered, flagged" in words
    assert "Item 4, open" in words


def test_a_chip_says_that_what_was_typed_last_is_not_saved() -> None:
    markup = chips({"position": 3, "answered": True, "refused": "60 bananas"}, {"position": 4})

    assert "Item 3, answered, last entry not saved" in re.sub(r"<[^>]*>", "", markup)
    assert markup.count("Last entry not saved") == 1
    assert "Last entry not saved" not in chips({"position": 4})


def test_a_chip_is_a_button_of_the_form_or_a_link() -> None:
    button = chips({"position": 3}, form="answer-form")
    link = chips({"position": 3}, url=lambda mark: f"/{mark['position']}")

    assert '<button class="chip" form="answer-form" name="go" value="3"' in button
    assert 'href="/3"' in link


def test_an_item_that_has_not_appeared_is_no_button_and_says_so() -> None:
    markup = chips({"position": 9}, hidden=True, form="answer-form")

    assert "Item 9, open, appears later" in re.sub(r"<[^>]*>", "", markup)
    assert "<button" not in markup


def test_the_legend_names_what_appears_later_where_there_is_such_an_item() -> None:
    assert "Appears later" in chips({"position": 9}, hidden=True)
    assert "Appears later" not in chips({"position": 9})


def test_a_slim_rail_still_names_its_cases_to_a_screen_reader() -> None:
    assert '<h2 class="vh">Case 1</h2>' in chips({"position": 9}, slim=True)


def test_a_locked_item_takes_nothing_and_cannot_be_flagged() -> None:
    call = "{% call item(number=3, lead_in='Which?', flag_name='flag-3', locked=%s) %}{% endcall %}"
    source = '{% from "components/item.html" import item %}' + call
    locked, open_ = (
        JINJA.from_string(source.replace("%s", each).replace("'flag-3'", flag)).render()
        for each, flag in (("True", "None"), ("False", "'flag-3'"))
    )

    assert "<fieldset disabled" in locked
    assert "Locked" in locked
    assert "flag-3" not in locked
    assert "<fieldset disabled" not in open_
    assert 'name="flag-3"' in open_


def test_a_digest_of_six_fellows_in_need_stays_under_60_kb_and_keeps_its_dark_scheme() -> None:
    source = """{% extends "mail/layout.html" %}
    {% from "mail/components/button.html" import button %}
    {% from "mail/components/card.html" import card %}
    {% from "mail/components/dot_row.html" import dot_row %}
    {% from "mail/components/dot_table.html" import dot_table %}
    {% from "mail/components/fellow_head.html" import fellow_head %}
    {% block content %}{% for i in range(6) %}{% call card() %}{{ fellow_head(name="Dr. Okafor") }}
    {% call dot_table(caption="Share correct") %}
    {% for j in range(4) %}{{ dot_row(label="x", tally=t) }}{% endfor %}{% endcall %}
    {{ button(label="Open", url="https://example.org") }}{% endcall %}
    {% endfor %}{% endblock %}"""
    inliner = css_inline.CSSInliner(keep_style_tags=True, load_remote_stylesheets=False)

    html = inliner.inline(JINJA.from_string(source).render(t=HALF))

    assert len(html.encode()) < 60_000
    assert "@media (prefers-color-scheme: dark)" in html
    assert re.search(r'<td class="button" style="[^"]*background-color: #0b5e73', html)
