"""The ledger is written in one module, changed in none, and read by one way; held on the code."""

import ast
import re

import pytest

from lms.attempts.models import Response
from lms.core.db import Base
from lms.grading.models import Grade, Marking
from tests.source import MODULES, TEMPLATES, imports_of, name_of, tree_of

OF_THE_LEDGER = {"grade": Grade, "marking": Marking}

CHANGING = {"update", "delete", "insert_or_change", "merge", "bulk_update_mappings"}
"""Calls that change rows, or take them away."""

TEXT = re.compile(r"\b(?:update|delete\s+from|replace\s+into)\s+\"?(?:grade|marking)\b", re.I)

FIELDS = {column.name for model in OF_THE_LEDGER.values() for column in model.__table__.c}


def offenses(tree: ast.Module) -> list[str]:
    """Return the lines of a module that change or remove a grade, or a marking, that stands."""
    fields = _fields(tree)
    return [ast.unparse(node) for node in ast.walk(tree) if _is_offense(node, fields)]


def _fields(tree: ast.Module) -> set[str]:
    """Return the attributes a module must not write: those of the rows that it knows."""
    knows = any(
        isinstance(node, ast.ImportFrom)
        and (node.module or "").startswith("lms.grading")
        and {alias.name for alias in node.names} & {"Grade", "GradedResponse", "Marking"}
        for node in ast.walk(tree)
    )
    elsewhere = {
        column.name
        for table in Base.metadata.tables.values()
        if table.name not in OF_THE_LEDGER
        for column in table.c
    }
    return FIELDS if knows else FIELDS - elsewhere


def _is_offense(node: ast.AST, fields: set[str]) -> bool:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return bool(TEXT.search(node.value))
    if isinstance(node, ast.Attribute):
        return isinstance(node.ctx, ast.Store | ast.Del) and node.attr in fields
    if not isinstance(node, ast.Call):
        return False
    name = ast.unparse(node.func).rsplit(".", 1)[-1]
    if name in {"setattr", "delattr"}:
        return len(node.args) > 1 and ast.unparse(node.args[1]).strip("'\"") in fields
    touched = [ast.unparse(each) for each in (node.func, *node.args)]
    return name in CHANGING and any(re.search(r"\b_?(grade|marking)s?\b", each, re.I)
                                    for each in touched)  # fmt: skip


KNOWN = "from lms.grading.models import Grade\n"


@pytest.mark.parametrize(
    "code",
    [
        "update(Grade).values(state='waits')",
        "delete(Grade)",
        "db.session.execute(sa.update(_GRADE))",
        "_GRADE.update().values(number=2)",
        "Grade.__table__.delete()",
        "db.session.delete(grade)",
        "db.session.merge(grade)",
        "text('UPDATE grade SET number = 2')",
        "text('delete from \"grade\"')",
        "grade.credit_num = 1",
        "row.harms += ['overdose']",
        KNOWN + "grade.state = GradeState.WAITS",
        KNOWN + "setattr(grade, 'graded_at', now)",
        "update(Marking).values(note='')",
        "marking.levels = [1]",
    ],
)
def test_what_would_change_the_ledger_is_found(code: str) -> None:
    assert offenses(ast.parse(code))


@pytest.mark.parametrize(
    "code",
    [
        "update(Attempt).values(score=1, graded_at=now)",
        "attempt.state = AttemptState.GRADED",
        "insert(_GRADE)",
        KNOWN + "select(Grade).where(Grade.number == 1)",
    ],
)
def test_what_leaves_the_ledger_alone_is_not_found(code: str) -> None:
    assert offenses(ast.parse(code)) == []


def test_nothing_changes_or_removes_what_stands_in_the_ledger() -> None:
    found = {name_of(path): offenses(tree_of(path)) for path in MODULES}

    assert {name: lines for name, lines in found.items() if lines} == {}


def test_one_module_writes_grades_and_one_writes_markings() -> None:
    def writers(pattern: str) -> set[str]:
        return {
            name_of(path)
            for path in MODULES
            for node in ast.walk(tree_of(path))
            if isinstance(node, ast.Call) and re.match(pattern, ast.unparse(node))
        }

    assert writers(r"(Grade\(|(\w+\.)*insert\w*\((Grade|_GRADE)\b)") == {"lms.grading.ledger"}
    assert writers(r"(Marking\(|(\w+\.)*insert\w*\(Marking\b)") == {"lms.grading.marking.services"}


READERS = {
    "lms.attempts.models": "declares it",
    "lms.grading.queries": "joins by it",
    "lms.grading.judging": "reads it for who appends",
    "lms.grading.services": "numbers the first grade by it",
    "lms.grading.ledger": "moves it on",
    "lms.grading.regrading": "numbers by it the grade that follows a withhold",
}
"""Who names the number of the grade that counts, which is all that a response holds of grades."""

JOINING = {
    "lms.grading.earlier_keys": "what a changed key leaves to regrade",
    "lms.grading.ledger": "the score, anew",
    "lms.grading.marking.queries": "what waits for marks, and how one answer is marked",
    "lms.grading.regrading": "what is to be brought in line with what is withheld",
    "lms.mentoring.answers": "the acts of harm that a mentor is told of one answer",
    "lms.mentoring.goals.answers": "what first answers earned of what a goal counts",
    "lms.operations.troubled_attempts": "what was left out",
    "lms.progress.facts": "what first attempts say",
    "lms.progress.repeats": "what repeats say",
    "lms.supervision.exporting.queries": "the answers of one fellow, given out",
    "lms.supervision.itemwise": "how the items of a given quiz went",
    "lms.supervision.reminding.staff_queries": "what waits for marks, to tell of it",
}
"""Who else joins to a response the grade that counts."""

GONE = {"credit_num", "credit_den", "left_out", "waits", "harmful", "marks", "mark_note"}


def naming(name: str) -> set[str]:
    return {
        name_of(path)
        for path in MODULES
        for node in ast.walk(tree_of(path))
        if (isinstance(node, ast.Attribute) and node.attr == name)
        or (isinstance(node, ast.Name) and node.id == name)
        or (isinstance(node, ast.keyword) and node.arg == name)
    }


def test_a_response_holds_of_grades_but_which_one_counts() -> None:
    columns = {column.name for column in Response.__table__.c}
    in_templates = [path for path in TEMPLATES if "grade_number" in path.read_text("utf-8")]

    assert columns & GONE == set()
    assert naming("grade_number") == set(READERS)
    assert in_templates == []


def test_grades_that_count_are_joined_by_one_condition_and_in_few_places() -> None:
    joining = {
        name_of(path) for path in MODULES if "lms.grading.queries.COUNTS" in imports_of(path)
    }

    assert joining == set(JOINING)
