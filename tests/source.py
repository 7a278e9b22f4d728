"""The product's own source, as the tests of its rules read it."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MODULES = sorted([*ROOT.glob("lms/**/*.py"), *ROOT.glob("question_bank/**/*.py")])
TEMPLATES = sorted(path for path in ROOT.glob("lms/templates/**/*") if path.is_file())


def name_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


PATHS = {name_of(path): path for path in MODULES}


@cache
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


def by_name(path: Path) -> str:
    return name_of(path)


@cache
def blueprints() -> dict[str, str]:
    """Return the module that makes each blueprint of pages, by the blueprint's name."""
    return {
        node.args[0].value: name_of(path)
        for path in MODULES
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "Blueprint"
        and isinstance(node.args[0], ast.Constant)
    }


def endpoints_of(text: str) -> set[str]:
    """Return the pages whose address *text*, Python or a template, asks for by room and name."""
    return set(re.findall(r"(?:url_for\(|endpoint=)\s*[\"']([a-z_]+\.[a-z_]+)[\"']", text))
