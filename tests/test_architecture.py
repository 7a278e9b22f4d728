"""The house: its rooms, their order, the layers in each, and what may point up."""

import ast
import re
import sys
from collections import Counter
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

import question_bank
from lms.core.db import Base
from tests.source import (
    MODULES,
    PATHS,
    ROOT,
    TEMPLATES,
    blueprints,
    by_name,
    endpoints_of,
    imports_of,
    name_of,
    tree_of,
)

ORDER = (
    "question_bank",
    "lms.addresses",
    "lms.zones",
    "lms.keys",
    "lms.workers",
    "lms.allocating",
    "lms.config",
    "lms.private_files",
    "lms.place",
    "lms.later",
    "lms.starting",
    "lms.core",
    "lms.ringing",
    "lms.people",
    "lms.signin",
    "lms.notices",
    "lms.jobs",
    "lms.program",
    "lms.rosters",
    "lms.cases",
    "lms.exposure",
    "lms.quizzes",
    "lms.attempts",
    "lms.panels",
    "lms.grading",
    "lms.results",
    "lms.taking",
    "lms.authoring",
    "lms.bank",
    "lms.supervision",
    "lms.progress",
    "lms.mentoring",
    "lms.accounts",
    "lms.operations",
    "lms.home",
    "lms.template_context",
    "lms.demo_answers",
    "lms.demo",
    "lms.rooms",
    "lms.app",
    "lms.web_server",
    "lms.forking",
    "lms.serve",
    "lms.parts",
    "lms.upkeep",
    "lms.commands",
    "lms.cli",
)
"""Who may import whom: only what stands before."""

LAYERS = {"models": 0, "queries": 1, "services": 2, "tasks": 3, "cli": 3, "forms": 3, "views": 4}
"""The height of a module in its room; others stand where what they import lets them."""

FACING_OUT = 3
"""From this height on a module speaks with people or with other processes."""

UP = {
    ("lms.authoring.drafts", "bank.index"),
    ("lms.authoring.editor", "bank.coverage"),
    ("lms.authoring.editor", "bank.exhibit"),
    ("lms.authoring.facts", "bank.case"),
    ("lms.authoring.history", "bank.case"),
    ("lms.authoring.pictures", "bank.exhibit"),
    ("lms.authoring.publishing", "bank.case"),
    ("lms.authoring.reviews", "home.index"),
    ("lms.authoring.trying", "bank.case"),
    ("lms.authoring.work", "bank.case"),
    ("lms.authoring.work", "bank.index"),
    ("lms.grading.withholding", "bank.case"),
    ("lms.mentoring.directing", "accounts.person"),
    ("lms.notices", "accounts.settings"),
    ("lms.notices", "home.fellow"),
    ("lms.panels", "bank.case"),
    ("lms.program", "accounts.invite"),
    ("lms.supervision.accommodating", "accounts.person"),
    ("lms.supervision.calendar", "accounts.settings"),
    ("lms.taking", "calendar.quiz"),
    ("lms.program", "mentoring.cohort"),
    ("lms.program", "mentoring.fellow"),
    ("lms.program", "directing.person"),
    ("lms.program.deputies", "accounts.person"),
    ("lms.supervision", "directing.person"),
    ("lms.program.deputies", "mentoring.fellows"),
    ("lms.program", "rosters.export"),
    ("lms.program", "rosters.roster"),
    ("lms.quizzes", "adding.find"),
    ("lms.quizzes", "bank.case"),
    ("lms.quizzes", "supervision.assignment"),
    ("lms.quizzes", "trying.quiz"),
    ("lms.quizzes.arranging", "adding.find"),
    ("lms.quizzes.assigning", "supervision.assignment"),
    ("lms.results", "home.fellow"),
    ("lms.results", "taking.begin"),
    ("lms.results", "taking.overview"),
    ("lms.results", "taking.status"),
    ("lms.signin", "home.index"),
    ("lms.taking", "home.fellow"),
}
"""Addresses that point up: a room, and the page of a higher room that its pages lead to."""

SHARED_TEMPLATES = {"components", "errors", "items", "mail"}
"""Folders of templates that belong to no room; nor do those beside the folders."""

DOMAIN_MAY_USE = {"pydantic", "pydantic_core", "yaml", "question_bank"}

MAY_USE_BESIDES = {"question_bank.drafts.texts": {"merge3"}}  # two changes of one text


def rank_of(module: str) -> int | None:
    ranks = [
        place for place, part in enumerate(ORDER) if module == part or module.startswith(f"{part}.")
    ]
    return max(ranks) if ranks else None


def layer_of(module: str) -> int | None:
    return LAYERS.get(module.rsplit(".", 1)[-1])


def in_room(path: Path) -> list[str]:
    """Return the modules of its own room that a module imports."""
    room = name_of(path).rsplit(".", 1)[0]
    return [each for each in imports_of(path) if each in PATHS and each.startswith(f"{room}.")]


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


@pytest.mark.parametrize("path", sorted(ROOT.glob("lms/*/**/*.py")), ids=by_name)
def test_in_a_room_imports_point_down(path: Path) -> None:
    own = layer_of(name_of(path))
    for imported in in_room(path):
        other = layer_of(imported)
        if other is not None:
            assert other <= (FACING_OUT - 1 if own is None else own), imported


def test_in_a_room_no_two_modules_need_each_other() -> None:
    needs = {name_of(path): set(in_room(path)) for path in ROOT.glob("lms/*/**/*.py")}

    assert tuple(TopologicalSorter(needs).static_order())


def test_in_the_domain_no_two_modules_need_each_other() -> None:
    """A package stands for its `__init__`, which Python runs before any module in it."""
    domain = [path for path in MODULES if name_of(path).startswith("question_bank")]
    needs = {
        name_of(path): {
            package
            for each in imports_of(path)
            if each in PATHS and each.startswith("question_bank.")
            for package in (each, each.rsplit(".", 1)[0])
            if not name_of(path).startswith(package)
        }
        for path in domain
    }

    assert tuple(TopologicalSorter(needs).static_order())


@pytest.mark.parametrize("path", sorted(ROOT.glob("question_bank/**/*.py")), ids=by_name)
def test_the_domain_knows_no_web_database_clock_or_chance(path: Path) -> None:
    banned = {"time", "random", "secrets", "os", "socket", "pathlib", "subprocess", "sqlite3"}
    for imported in imports_of(path):
        top = imported.split(".")[0]
        assert top not in banned, imported
        may_use = DOMAIN_MAY_USE | MAY_USE_BESIDES.get(name_of(path), set())
        assert top in may_use or top in sys.stdlib_module_names, imported
    calls = {node.attr for node in ast.walk(tree_of(path)) if isinstance(node, ast.Attribute)}
    assert not calls & {"now", "utcnow", "today"}


GIVING_TO_TEMPLATES = {"jinja_env", "context_processor", "app_context_processor"}


def test_a_room_is_reached_by_imports_only() -> None:
    """Else the order above would not see it: no table by its name, no global of a room."""
    by_table_name = [
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

    assert by_table_name == []
    assert speaking_to_templates == {"lms.core.assets", "lms.template_context"}


def test_sql_written_as_text_names_no_table_of_a_room_above() -> None:
    owners = {mapper.local_table.name: mapper.class_.__module__ for mapper in Base.registry.mappers}
    for path in MODULES:
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.Call) and _called(node) in {"text", "exec_driver_sql"}:
                words = set(re.findall(r"\w+", ast.unparse(node)))
                for table in words & owners.keys():
                    assert _rank(owners[table]) <= _rank(name_of(path)), f"{path} names {table}"


def _called(call: ast.Call) -> str:
    return ast.unparse(call.func).rsplit(".", 1)[-1]


def _rank(module: str) -> int:
    rank = rank_of(module)
    assert rank is not None, module
    return rank


INTERFACES = {"question_bank.items", "lms.core.mail"}
"""Packages whose `__init__` is how others know them, and so names what lives within."""


@pytest.mark.parametrize("path", MODULES, ids=by_name)
def test_what_is_imported_is_imported_from_where_it_lives(path: Path) -> None:
    for node in ast.walk(tree_of(path)):
        if not isinstance(node, ast.ImportFrom) or node.module not in PATHS:
            continue
        for alias in node.names:
            if node.module not in INTERFACES and f"{node.module}.{alias.name}" not in PATHS:
                assert alias.name in _defined_in(node.module), f"{alias.name} of {node.module}"


def _defined_in(module: str) -> set[str]:
    names: set[str] = set()
    for node in tree_of(PATHS[module]).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            parts = [part for target in targets for part in ast.walk(target)]
            names |= {part.id for part in parts if isinstance(part, ast.Name)}
    return names


def test_no_module_says_that_it_offers_what_others_hold() -> None:
    offering = {name for name, path in PATHS.items() if "__all__" in _defined_in(name)}

    assert offering <= INTERFACES


def test_no_class_name_stands_for_two_things() -> None:
    names = Counter(
        node.name
        for path in MODULES
        for node in tree_of(path).body
        if isinstance(node, ast.ClassDef)
    )

    assert [name for name, count in names.items() if count > 1] == []


def room_of(template: Path) -> str | None:
    """Return the room that a template belongs to; None: every room uses it."""
    parts = template.relative_to(ROOT / "lms" / "templates").parts
    if len(parts) == 1 or parts[0] in SHARED_TEMPLATES:
        return None
    return blueprints()[parts[0]].rsplit(".", 1)[0]


def test_an_address_points_up_only_where_the_table_says_so() -> None:
    makers = blueprints()
    texts = [
        *((name_of(path).rsplit(".", 1)[0], path.read_text("utf-8")) for path in MODULES),
        *((room_of(path), path.read_text("utf-8")) for path in TEMPLATES),
    ]
    pointing_up = {
        (owner, endpoint)
        for owner, text in texts
        if owner not in (None, "lms")
        for endpoint in endpoints_of(text)
        if _rank(makers[endpoint.split(".")[0]]) > _rank(owner)
    }

    assert pointing_up == UP


def test_every_table_is_a_noun_of_the_glossary() -> None:
    glossary = " ".join((question_bank.__doc__ or "").split())
    nouns = {table.replace("_", " ") for table in Base.metadata.tables}

    assert {noun for noun in nouns if noun not in glossary} == set()


def test_every_noun_of_the_glossary_stands_in_it_once() -> None:
    entries = re.findall(r"^    (\S[^:\n]*):", question_bank.__doc__ or "", re.M)

    assert len(entries) > 50
    assert [entry for entry, count in Counter(entries).items() if count > 1] == []
