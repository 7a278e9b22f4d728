"""The rules of the house that hold each module, checked on the code itself."""

import ast
import re
from pathlib import Path

import pytest

from lms.rooms import TASK_MODULES
from lms.workers import ROUTES, SCHEDULE
from tests.source import MODULES, ROOT, by_name, imports_of, name_of, tree_of

OF_THE_WEB = {
    "views",
    "forms",
    "cli",
    "tasks",
    "access",
    "limits",
    "redirects",
    "navigation",
    "pages",
}
"""Modules of a room that may know that there is a web, or a command line."""

SERVING = [
    path
    for path in sorted(ROOT.glob("lms/*/**/*.py"))
    if not name_of(path).startswith("lms.core.") and path.stem not in OF_THE_WEB
]


@pytest.mark.parametrize("path", SERVING, ids=by_name)
def test_services_and_what_helps_them_know_no_flask(path: Path) -> None:
    assert not [name for name in imports_of(path) if name.split(".")[0] == "flask"]


def test_one_committer() -> None:
    committers = [
        name_of(path)
        for path in MODULES
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Attribute) and node.attr == "commit"
    ]

    assert set(committers) == {"lms.core.db"}


def test_one_clock() -> None:
    clocks = [
        name_of(path)
        for path in MODULES
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Attribute)
        and node.attr in {"now", "utcnow", "today"}
        and isinstance(node.value, ast.Name)
        and node.value.id in {"datetime", "date"}
    ]

    assert set(clocks) == {"lms.core.clock"}


def test_tests_ask_which_day_it_is_where_people_live_and_not_in_utc() -> None:
    of_utc = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in sorted(ROOT.glob("tests/**/*.py"))
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Attribute)
        and node.attr == "date"
        and "utcnow()" in ast.unparse(node.value)
        and "local(" not in ast.unparse(node.value)
    ]

    assert of_utc == []


def test_services_are_told_the_time() -> None:
    askers = [
        name_of(path)
        for path in SERVING
        if any(name.endswith("clock.utcnow") for name in imports_of(path))
    ]

    assert askers == []


@pytest.mark.parametrize("path", MODULES, ids=by_name)
def test_modules_and_functions_are_short(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").count("\n")
    assert lines <= 300, f"{lines} lines"
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or 0) - node.lineno + 1
            assert length <= 40 + _docstring_lines(node), f"{node.name}: {length} lines"


def _docstring_lines(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return (ast.get_docstring(node) or "").count("\n") + 1


@pytest.mark.parametrize("path", MODULES, ids=by_name)
def test_nothing_is_imported_inside_a_function(path: Path) -> None:
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            inner = [n for n in ast.walk(node) if isinstance(n, ast.Import | ast.ImportFrom)]
            assert inner == [], f"{node.name} imports"


def test_no_template_comes_from_a_string_and_no_form_fills_a_row() -> None:
    banned = {"render_template_string", "from_string", "populate_obj"}
    found = [
        f"{name_of(path)}: {node.attr}"
        for path in MODULES
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Attribute) and node.attr in banned
    ]

    assert found == []


def test_markup_is_made_in_one_module() -> None:
    makers = {
        name_of(path)
        for path in MODULES
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "Markup"
    }
    trusting = [
        str(path.relative_to(ROOT))
        for path in ROOT.glob("lms/templates/**/*.html")
        if "|safe" in path.read_text(encoding="utf-8").replace(" ", "")
    ]

    assert makers == {"lms.core.markdown"}
    assert trusting == ["lms/templates/components/icon.html"], "drawings of ours, no input"


def test_one_module_settles_what_is_inserted_twice() -> None:
    speaking = {
        name_of(path)
        for path in MODULES
        if any(name.startswith("sqlalchemy.dialects") for name in imports_of(path))
    }

    assert speaking == {"lms.core.inserts"}


def test_one_module_composes_what_was_typed_and_it_asks_how_long_that_may_be() -> None:
    composing = {
        name_of(path)
        for path in MODULES
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Attribute) and node.attr in {"normalize", "is_normalized"}
    }

    assert composing == {"question_bank.composing"}


def test_every_scheduled_and_every_rung_task_is_known(app) -> None:
    known = set(app.extensions["celery"].tasks)
    rung = {
        node.args[0].value
        for path in MODULES
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "enqueue"
        and isinstance(node.args[0], ast.Constant)
    }

    assert TASK_MODULES
    assert set(SCHEDULE) <= known
    assert rung
    assert rung <= known
    assert all(
        any(name.startswith(route.removesuffix("*")) for route in ROUTES) for name in SCHEDULE
    )


def test_every_route_is_guarded(app) -> None:
    unguarded = [
        endpoint
        for endpoint, view in app.view_functions.items()
        if endpoint != "static" and not getattr(view, "allowed", None)
    ]

    assert unguarded == []


TERMS = {
    "opens_at",
    "due_at",
    "closes_at",
    "results_at",
    "time_limit",
    "attempts_allowed",
    "hidden_until",
    "feedback",
}
"""What an assignment says for all; what holds for a fellow is another matter."""

READERS_OF_TERMS = {
    "lms.quizzes.terms": "the one loader",
    "lms.quizzes.assigning.services": "what makes and changes them",
    "lms.quizzes.assigning.extending": "what grants other ones",
    "lms.quizzes.assigning.forms": "the form that asks for them",
    "lms.supervision.dates.forms": "the form that asks for other ones",
    "lms.quizzes.queries": "public dates: the order of a quiz's assignments",
    "lms.quizzes.given": "public dates: when a cohort was given what",
}


def test_of_an_assignments_dates_and_rules_nobody_reads_but_the_loader_and_who_is_named() -> None:
    readers = {
        name_of(path)
        for path in MODULES
        for node in ast.walk(tree_of(path))
        if name_of(path).startswith("lms.")
        and isinstance(node, ast.Attribute)
        and node.attr in TERMS
        and not _is_published(node.value)
    }
    templates = [
        f"{path.relative_to(ROOT)}: {found.group()}"
        for path in ROOT.glob("lms/templates/**/*.html")
        for found in re.finditer(r"(\w+)\.(\w+)", path.read_text(encoding="utf-8"))
        if found[2] in TERMS and found[1] not in {"published", "form"}
    ]

    assert readers <= set(READERS_OF_TERMS)
    assert templates == []


def _is_published(node: ast.expr) -> bool:
    """Whether it is `published(assignment)`, which the loader returns."""
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "published"
    )


def test_the_clock_of_an_attempt_is_set_by_one_module() -> None:
    setters = {
        name_of(path)
        for path in MODULES
        for node in ast.walk(tree_of(path))
        if _sets(node, "deadline_at")
    }

    assert setters == {"lms.attempts.retiming"}


def _sets(node: ast.AST, column: str) -> bool:
    """Whether *node* writes *column*: as an attribute, in a row, or in a statement."""
    if isinstance(node, ast.Attribute):
        return node.attr == column and isinstance(node.ctx, ast.Store)
    if isinstance(node, ast.Dict):
        return any(isinstance(key, ast.Constant) and key.value == column for key in node.keys)
    if not isinstance(node, ast.Call):
        return False
    called = node.func.attr if isinstance(node.func, ast.Attribute) else ast.unparse(node.func)
    writes = called in {"Attempt", "values"} or called.startswith("insert")
    return writes and any(each.arg == column for each in node.keywords)
