"""Case files: however one is damaged, it is a case or a named problem."""

from collections.abc import Callable
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from question_bank.case import Case
from question_bank.formats.native import CaseFileError, read_case, write_case
from question_bank.formats.plain_yaml import Unreadable, compose, cut_texts, read, value_of
from tests.question_bank.builders import a_case_file

TEXT = a_case_file()

PIECES = (
    "\t", "\0", "\x85", "\ufeff", "\ud800", "&a ", "*a", "!!bool ", "!!int ", "!!float ", "!!null ",
    "!!timestamp ", "!!binary ", "!!set ", "!!omap ", "!!map ", "!!seq ", "!!str ", "!x ", "!<y> ",
    "!!python/name:os.system ", "- ", "? ", ": ", "<<: ", "=: ", "|\n", ">-\n", "---\n", "...\n",
    "%YAML 9.9\n", "[", "]", "{", "}", '"', "'", "#", "'\\ud800'", "0x", "1:30", "-.inf", ".nan",
    "2026-99-99", "2026-01-01T00:00:00+99:99", "~", "[" * 15, "-" * 20 + "\n",
    "9" * 5_000, "\n", "é",
)  # fmt: skip
"""What has a meaning in YAML, or has broken a reader of it."""

PLACE = st.integers(0, len(TEXT))
EDIT = st.tuples(PLACE, st.integers(0, 40), st.sampled_from(PIECES) | st.text(max_size=5))


def case_or_error(text: str) -> Case | CaseFileError:
    """Return the case in *text*, or why there is none; anything else is raised."""
    try:
        return read_case(text, "stiff.yaml")
    except CaseFileError as error:
        return error


@given(st.lists(EDIT, min_size=1, max_size=4))
def test_however_a_file_is_damaged_it_is_a_case_or_a_case_file_error(
    edits: list[tuple[int, int, str]],
) -> None:
    text = TEXT
    for start, length, piece in edits:
        text = text[:start] + piece + text[start + length :]

    found = case_or_error(text)

    if isinstance(found, Case):
        assert read_case(write_case(found), "again") == found
    else:
        assert found.problems
        assert all(each.line >= 1 and each.field and each.message for each in found.problems)


@given(st.lists(EDIT, max_size=4))
def test_what_is_read_in_one_go_is_what_a_close_look_reads(
    edits: list[tuple[int, int, str]],
) -> None:
    text = TEXT
    for start, length, piece in edits:
        text = text[:start] + piece + text[start + length :]

    assert said_of(text, read) == said_of(text, read_closely)


def read_closely(text: str) -> tuple[Any, list[Unreadable]]:
    root = compose(text)
    return value_of(root), list(cut_texts(root, text))


def said_of(text: str, way: Callable[[str], tuple[Any, list[Unreadable]]]) -> str:
    try:
        value, cut = way(text)
    except Unreadable as refusal:
        return f"refused: {refusal}"
    return f"{value!r} {[str(each) for each in cut]}"


@given(st.sampled_from(PIECES), st.data())
def test_a_value_of_any_kind_is_taken_or_refused(piece: str, data: st.DataObject) -> None:
    lines = TEXT.splitlines()
    place = data.draw(st.sampled_from([n for n, line in enumerate(lines) if ": " in line]))
    name, _, value = lines[place].partition(": ")
    kept = value if data.draw(st.booleans()) else ""
    lines[place] = f"{name}: {piece}{kept}"

    found = case_or_error("\n".join(lines))

    assert said_of("\n".join(lines), read) == said_of("\n".join(lines), read_closely)
    if isinstance(found, CaseFileError):
        assert {each.file for each in found.problems} == {"stiff.yaml"}
        assert all(each.line >= 1 for each in found.problems)
