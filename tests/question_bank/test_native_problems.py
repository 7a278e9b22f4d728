"""Case files: what is wrong is named with its file, line and field."""

import pytest

from question_bank.formats.native import CaseFileError, FileProblem, read_case, write_case
from tests.question_bank.builders import a_case_file, an_unfolding_case_file

TEXT = a_case_file()
STIFF = "A stiff shoulder"


def problems(text: str) -> tuple[FileProblem, ...]:
    with pytest.raises(CaseFileError) as caught:
        read_case(text, "stiff.yaml")
    return caught.value.problems


def line_of(text: str, part: str) -> int:
    """Return the first line of *text*, from 1, that holds *part*."""
    return text[: text.index(part)].count("\n") + 1


@pytest.mark.parametrize(
    ("old", "new", "at", "field", "message"),
    [
        pytest.param("level: app", "levle: app", "format:", "level", "is missing", id="missing"),
        pytest.param(
            "level: app", "levle: app", "levle:", "levle", "is not a field", id="unknown"
        ),
        pytest.param(
            "choose: 2", "Choose2: 2", "Choose2", "items[1].Choose2", "is not a", id="odd name"
        ),
        pytest.param(
            "choose: 2", "type-2: 2", "type-2", "items[1].type-2", "is not a", id="like a field"
        ),
        pytest.param("setting: s", "numeric: s", "numeric: s", "numeric", "is not a", id="a type"),
        pytest.param(
            "    lead_in: Which two findings fit?\n", "", "- key: signs", "items[1].lead_in",
            "is missing", id="missing in an item",
        ),
        pytest.param(
            "        why: A sling", "        # A sling", "- text: A sling",
            "items[0].options[0].why", "is missing",
            id="missing in an option",
        ),
        pytest.param(
            "numeric", "riddle", "- key: daily", "items[2]", "needs a “type” among",
            id="no such type",
        ),
        pytest.param(
            "    type: numeric\n", "", "- key: daily", "items[2]", "needs a “type”", id="no type"
        ),
        pytest.param(
            "text: Surgery this week", "text: Surgery\n        key: true", "- key: next-step",
            "items[0]", "exactly one option", id="two keys",
        ),
        pytest.param(
            "comfort\n        key: true", "comfort", "- key: next-step", "items[0]",
            "0 are marked", id="no key",
        ),
        pytest.param("key: signs", "key: name-it", "format:", "case", "of its own", id="same item"),
        pytest.param(
            "R112]", "R112x]", "facts:", "facts[1]", "id of a fact", id="a fact of another form"
        ),
        pytest.param("[ipm, fm]", "[fm, fm]", "tracks:", "tracks", "only once", id="same track"),
        pytest.param(
            "[pop-older-adult]", "\n  - pop-pets\n  - pop-pets", "population:", "population",
            "only once", id="a list under its name",
        ),
        pytest.param("[ipm, fm]", "ipm", "tracks:", "tracks", "is not a list", id="no list"),
        pytest.param("year: 2020", "year: '20'", "year:", "references[0].year", "1900", id="year"),
        pytest.param("doi: 10.", "doi: 11.", "doi:", "references[0].doi", "is not a DOI", id="doi"),
        pytest.param(STIFF, "2026", "title: 2026\n", "title", "in quotes", id="a number"),
        pytest.param(STIFF, "no", "title: no", "title", "in quotes", id="a boolean"),
        pytest.param(STIFF, "2026-01-01", "title: 2026", "title", "in quotes", id="a date"),
        pytest.param(STIFF, "", "title: \n", "title", "is empty", id="nothing"),
        pytest.param(
            "on: 2026-01-01", "on: 2026-01-01 09:30:00", "reviewed_on", "reviewed_on",
            "the date alone", id="a moment",
        ),
        pytest.param(
            "on: 2026-01-01", "on: 2026-02-30", "reviewed_on", "reviewed_on", "in quotes",
            id="no such day",
        ),
        pytest.param(
            "on: 2026-01-01", "on: 864000", "reviewed_on", "reviewed_on", "not a date like",
            id="a number for a day",
        ),
        pytest.param(
            "on: 2026-01-01", "on: May 2026", "reviewed_on", "reviewed_on", "not a date like",
            id="words for a day",
        ),
        pytest.param(
            "on: 2026-01-01", "on:", "reviewed_on", "reviewed_on", "is empty", id="no day",
        ),
        pytest.param("by: 2028", "by: 2025", "format:", "case", "comes after", id="backwards"),
        pytest.param(
            "takeaway: Keep", "takeaway:" + " very" * 30 + " keep", "takeaway:", "takeaway",
            "these are 35", id="a long takeaway",
        ),
    ],
)  # fmt: skip
def test_a_problem_is_named_with_file_line_and_field(
    old: str, new: str, at: str, field: str, message: str
) -> None:
    text = TEXT.replace(old, new, 1)
    assert text != TEXT

    found = [each for each in problems(text) if each.field == field]

    assert [(each.file, each.line) for each in found] == [("stiff.yaml", line_of(text, at))]
    assert message in found[0].message


@pytest.mark.parametrize(
    ("old", "new", "at", "field", "message"),
    [
        pytest.param("setting", "title: A\nsetting", "title: A\n", "title", "twice", id="twice"),
        pytest.param(
            "points: 2", "key: again\n    points: 2", "key: again", "items[1].key", "twice",
            id="twice in an item",
        ),
        pytest.param("[ipm, fm]", "&t [ipm]\nx: *t", "x: *t", "file", "write it out", id="alias"),
        pytest.param("[ipm, fm]", "\n  <<: {a: b}", "<<", "tracks", "not text", id="merge"),
        pytest.param("setting", "7: a\nsetting", "7: a", "file", "not text", id="number name"),
        pytest.param("setting", "[a]: a\nsetting", "[a]:", "file", "not text", id="list name"),
        pytest.param("[ipm, fm]", "[" * 12 + "]" * 12, "[[", "file", "12 levels", id="deep"),
        pytest.param("[ipm, fm]", "[ipm, fm", "level", "file", "not YAML", id="an open list"),
        pytest.param("title: A", "\ttitle: A", "\ttitle", "file", "not YAML", id="a tab"),
        pytest.param(
            STIFF, "!!python/name:os.system x", "title:", "title", "no use",
            id="code for text",
        ),
        pytest.param(
            "[ipm, fm]", "!!python/object/apply:os.system [id]", "tracks:", "tracks", "no use",
            id="code for a list",
        ),
        pytest.param("{relative", "!!set {relative", "tolerance:", "items[2].tolerance", "no use",
                     id="a set"),
        pytest.param("[ipm, fm]", "!!seq ipm", "tracks:", "tracks", "no use", id="text as list"),
        pytest.param(STIFF, "!x A", "title:", "title", "no use", id="an own tag"),
        pytest.param("points: 2", "points: !!int x", "points:", "items[1].points", "quotes",
                     id="no integer"),
        pytest.param("points: 2", "points: !!int ''", "points:", "items[1].points", "quotes",
                     id="an empty integer"),
        pytest.param("points: 2", "points: !!float ''", "points:", "items[1].points", "quotes",
                     id="an empty number"),
        pytest.param(STIFF, "!!bool maybe", "title:", "title", "quotes", id="maybe"),
        pytest.param(STIFF, "!!timestamp noon", "title:", "title", "quotes", id="noon"),
        pytest.param("answer: 1500", "answer: " + "9" * 5_000, "answer: 9", "items[2].answer",
                     "quotes", id="a very long number"),
    ],
)  # fmt: skip
def test_what_a_case_file_may_not_hold_is_refused_at_its_place(
    old: str, new: str, at: str, field: str, message: str
) -> None:
    text = TEXT.replace(old, new, 1)

    (found,) = problems(text)

    assert (found.file, found.line, found.field) == ("stiff.yaml", line_of(text, at), field)
    assert message in found.message


SECOND = write_case(read_case(an_unfolding_case_file(), "all-kinds.yaml"))
"""A case of format 2, in stages, with an item of every type."""


@pytest.mark.parametrize(
    ("old", "new", "at", "field", "message"),
    [
        pytest.param(
            "    level: judgement\n", "    # none\n", "  - key: next-step",
            "stages[0].items[0].level", "is missing", id="no level",
        ),
        pytest.param(
            "level: judgement", "level: Hard to say", "    level: Hard",
            "stages[0].items[0].level", "is not a lower-case name", id="a level in words",
        ),
        pytest.param(
            "slug: all-kinds", "slug: all-kinds\nlevel: recall", "level: recall", "level",
            "is not a field of the format", id="a level of the case",
        ),
        pytest.param(
            "slug: all-kinds", "slug: all-kinds\nreview_by: 2028-01-01", "review_by", "review_by",
            "is not a field of the format", id="an approval",
        ),
        pytest.param(
            "slug: all-kinds", "slug: all-kinds\nsibling_of: A case", "sibling_of", "sibling_of",
            "is not a lower-case name", id="a sibling in words",
        ),
        pytest.param(
            "slug: all-kinds", "slug: all-kinds\nsibling_of: all-kinds", "format:", "case",
            "no sibling of its own", id="its own sibling",
        ),
        pytest.param("format: 2", "format: 3", "format:", "format", "is not 1 or 2", id="format 3"),
        pytest.param("format: 2", "format: '2'", "format:", "format", "is not 2", id="format “2”"),
        pytest.param("format: 2\n", "", "slug:", "format", "is missing", id="no format"),
    ],
)  # fmt: skip
def test_a_problem_of_format_2_is_named_with_line_and_field(
    old: str, new: str, at: str, field: str, message: str
) -> None:
    text = SECOND.replace(old, new, 1)
    assert text != SECOND

    found = [each for each in problems(text) if each.field == field]

    assert [each.line for each in found] == [line_of(text, at)]
    assert message in found[0].message
