"""The rules of the house, checked on the code itself."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from lms.config import ROUTES, SCHEDULE
from lms.features import TASK_MODULES

ROOT = Path(__file__).resolve().parent.parent
MODULES = sorted([*ROOT.glob("lms/**/*.py"), *ROOT.glob("question_bank/**/*.py")])

ORDER = (
    "question_bank",
    "lms.addresses",
    "lms.zones",
    "lms.config",
    "lms.core",
    "lms.accounts",
    "lms.notices",
    "lms.program",
    "lms.cases",
    "lms.panels",
    "lms.bank",
    "lms.quizzes",
    "lms.attempts",
    "lms.marking",
    "lms.progress",
    "lms.mentoring",
    "lms.operations",
    "lms.pages",
    "lms.demo_answers",
    "lms.demo",
    "lms.features",
    "lms.app",
    "lms.serve",
    "lms.cli",
)
"""Who may import whom: only what stands before."""

LAYERS = ("models", "queries", "services", "tasks", "cli", "forms", "views")
"""In a feature, the same; `tasks`, `cli`, `forms` and `views` are of one height."""

DOMAIN_MAY_USE = {"pydantic", "pydantic_core", "yaml", "question_bank"}


def name_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imports_of(path: Path) -> Iterator[str]:
    """Yield each module named by an import; `from a import b` gives both `a` and `a.b`."""
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            yield node.module or ""
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def rank_of(module: str) -> int | None:
    ranks = [
        place for place, part in enumerate(ORDER) if module == part or module.startswith(f"{part}.")
    ]
    return max(ranks) if ranks else None


def by_name(path: Path) -> str:
    return name_of(path)


@pytest.mark.parametrize("path", MODULES, ids=by_name)
def test_imports_point_one_way(path: Path) -> None:
    own = rank_of(name_of(path))
    if name_of(path) == "lms":
        return
    assert own is not None, f"{name_of(path)} has no place in the order"
    for imported in imports_of(path):
        other = rank_of(imported)
        if other is not None:
            assert other <= own, f"{name_of(path)} imports {imported}, which stands above it"


IN_FEATURES = sorted([*ROOT.glob("lms/*/*.py"), *ROOT.glob("lms/*/*/*.py")])


@pytest.mark.parametrize("path", IN_FEATURES, ids=by_name)
def test_in_a_feature_imports_point_down(path: Path) -> None:
    folder = name_of(path).removesuffix(f".{path.stem}")
    if path.stem not in LAYERS:
        return
    own = LAYERS.index(path.stem)
    heights = {"tasks": 3, "cli": 3, "forms": 3, "views": 4}
    for imported in imports_of(path):
        layer = imported.removeprefix(f"{folder}.").split(".")[0]
        if imported.startswith(f"{folder}.") and layer in LAYERS:
            assert heights.get(layer, LAYERS.index(layer)) <= heights.get(path.stem, own), imported


@pytest.mark.parametrize("path", sorted(ROOT.glob("question_bank/**/*.py")), ids=by_name)
def test_the_domain_knows_no_web_database_clock_or_chance(path: Path) -> None:
    banned = {"time", "random", "secrets", "os", "socket", "pathlib", "subprocess", "sqlite3"}
    for imported in imports_of(path):
        top = imported.split(".")[0]
        assert top not in banned, imported
        assert top in DOMAIN_MAY_USE or _is_stdlib(top), imported
    calls = {node.attr for node in ast.walk(tree_of(path)) if isinstance(node, ast.Attribute)}
    assert not calls & {"now", "utcnow", "today"}


def _is_stdlib(top: str) -> bool:
    return top in __import__("sys").stdlib_module_names


OF_THE_WEB = {"views", "forms", "cli", "tasks", "access", "door", "limits", "onward"}
"""Modules of a feature that may know that there is a web, or a command line."""

SERVING = [
    path
    for path in IN_FEATURES
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


GIVING_TO_TEMPLATES = {"jinja_env", "context_processor", "app_context_processor"}


def test_a_room_is_reached_by_imports_only() -> None:
    """Else the order above would not see it: no table by its name, no global of a room."""
    by_name = [
        name_of(path)
        for path in MODULES
        if {"sqlalchemy.table", "sqlalchemy.literal_column"} & set(imports_of(path))
    ]
    speaking_to_templates = {
        name_of(path)
        for path in MODULES
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Attribute)
        and (node.attr.startswith("app_template") or node.attr in GIVING_TO_TEMPLATES)
    }

    assert by_name == []
    assert speaking_to_templates == {"lms.core.assets", "lms.pages"}


def test_one_module_settles_what_is_inserted_twice() -> None:
    speaking = {
        name_of(path)
        for path in MODULES
        if any(name.startswith("sqlalchemy.dialects") for name in imports_of(path))
    }

    assert speaking == {"lms.core.inserts"}


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
