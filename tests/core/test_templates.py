"""What is drawn once is said again to who tells the same, and to nobody else."""

from flask import Flask
from markupsafe import Markup

from lms.core.templates import Templates, drawn_once


def test_a_component_is_drawn_once_for_each_thing_it_is_told() -> None:
    drawn = []

    def macro(name: object, size: int = 20) -> Markup:
        drawn.append((name, size))
        return Markup("<b>{} {}</b>").format(name, size)

    component = drawn_once(macro)
    said = [component(name="flag"), component(name="clock"), component(name="flag", size=18)]
    again = [component(name="flag"), component(name="clock"), component(name="flag", size=18)]

    assert said == again == ["<b>flag 20</b>", "<b>clock 20</b>", "<b>flag 18</b>"]
    assert drawn == [("flag", 20), ("clock", 20), ("flag", 18)]


def test_plain_text_is_escaped_though_markup_that_reads_alike_was_drawn_before() -> None:
    component = drawn_once(lambda text: Markup("<p>{}</p>").format(text))

    assert component(text=Markup("<b>")) == "<p><b></p>"
    assert component(text="<b>") == "<p>&lt;b&gt;</p>"


def test_numbers_that_equal_a_truth_are_not_taken_for_it() -> None:
    component = drawn_once(Markup)

    assert [component(object=1), component(object=True)] == ["1", "True"]


def test_what_the_service_draws_with_keeps_its_templates(app: Flask) -> None:
    environment = app.jinja_env

    assert isinstance(environment, Templates)
    assert isinstance(environment.get_template("layout.html"), environment.template_class)
    assert environment.cache is not None
    assert not hasattr(environment.cache, "capacity"), "it forgets none"


def test_components_are_imported_once_and_know_who_asks(app: Flask) -> None:
    source = (
        '{% from "components/csrf_input.html" import csrf_input %}{{ csrf_input(token=token) }}'
    )
    page = app.jinja_env.from_string(source)

    said = [page.render(token=each) for each in ("one", "two")]

    assert ['value="one"' in said[0], 'value="two"' in said[1]] == [True, True]
    component = app.jinja_env.get_template("components/csrf_input.html")
    assert component.module is component.module
