"""The locks: production installs what the product needs, in tested versions, and no tool."""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

PRODUCTION = "requirements-production.txt"


def locked(name: str) -> dict[str, str]:
    """Return the version of each package of a lock; none, if there is no such lock."""
    path = ROOT / name
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    return dict(re.findall(r"^([a-z0-9._-]+)(?:\[[a-z,]+\])?==(\S+)", text, re.M))


def named(specifiers: list[str]) -> set[str]:
    return {re.split(r"[^A-Za-z0-9._-]", each)[0].lower() for each in specifiers}


PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def test_the_image_installs_from_a_lock_of_what_production_needs() -> None:
    compose = (ROOT / "compose.yaml").read_text(encoding="utf-8")

    installed = re.findall(r"--require-hashes -r (\S+)", compose)

    assert installed == [PRODUCTION]
    assert named(PROJECT["dependencies"]) <= locked(PRODUCTION).keys()


def test_production_has_no_tool_of_ours_and_nothing_that_was_not_tested() -> None:
    tools = named(PROJECT["optional-dependencies"]["dev"])

    assert tools
    assert locked(PRODUCTION)
    assert tools & locked(PRODUCTION).keys() == set()
    assert locked(PRODUCTION).items() <= locked("requirements.txt").items()
