"""Words that say too little, or what only its makers know: no page says them."""

import re
from pathlib import Path

import pytest

from tests.design.test_templates import EVERY, name

VAGUE = (
    "Records",
    "Attempts to look at",
    "Set aside",
    "set aside",
    "seats",
    "All that wait",
    "You were {{",
    "of the fact base",
    "What the server said",
)


@pytest.mark.parametrize("path", EVERY, ids=name)
def test_no_page_says_what_only_its_makers_know(path: Path) -> None:
    said = re.sub(r"{#.*?#}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)

    assert [words for words in VAGUE if words in said] == []
