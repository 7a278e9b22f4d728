"""Case files: what is written is read back, and nothing breaks the reader."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from question_bank.case import content_hash
from question_bank.formats.native import CaseFileError, FileProblem, read_case, write_case
from question_bank.items.numeric import Numeric
from tests.question_bank.builders import (
    a_case_file,
    an_unfolding_case_file,
    case_files,
    make_case,
    number,
    several,
    words,
)

TEXT = a_case_file()
WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=60).filter(str.strip)


def problems(text: str) -> tuple[FileProblem, ...]:
    with pytest.raises(CaseFileError) as caught:
        read_case(text, "stiff.yaml")
    return caught.value.problems


def line_of(text: str, part: str) -> int:
    """Return the first line of *text*, from 1, that holds *part*."""
    return text[: text.index(part)].count("\n") + 1


def told_of(text: str) -> tuple[FileProblem, ...]:
    """Return what is wrong with a file; nothing, if it is taken as a case."""
    try:
        read_case(text, "stiff.yaml")
    except CaseFileError as error:
        return error.problems
    return ()


def with_answer(written: str) -> str:
    """Return a case file that writes the key of its numeric item so, and knows no mistakes."""
    head, _, rest = TEXT.partition("answer: 1500\n")
    before, _, after = rest.partition("    mistakes:\n")
    return f"{head}answer: {written}\n{before}{after[after.index('  - key: name-it') :]}"


def test_a_file_is_read_as_it_was_written() -> None:
    case = read_case(TEXT, "a-case.yaml")

    one, several_, dose, name = case.items
    assert [case.slug, case.tracks, case.facts] == ["a-case", ("ipm", "fm"), ("R01", "R112")]
    assert case.vignette.splitlines()[-1] == "| External rotation | 20° |"
    assert [one.key, several_.points, name.accept[1]] == ["next-step", 2, "frozen shoulder*"]
    assert isinstance(dose, Numeric)
    assert [dose.answer, dose.tolerance.relative] == ["1500", "0.01"]


@pytest.mark.parametrize(
    "text", [TEXT, an_unfolding_case_file(), *(path.read_text("utf-8") for path in case_files())]
)
def test_a_case_is_the_same_after_writing_and_reading(text: str) -> None:
    case = read_case(text, "first")

    again = read_case(write_case(case), "second")

    assert again == case
    assert content_hash(again) == content_hash(case)
    assert write_case(again) == write_case(case)


@given(takeaway=WORDS, vignette=WORDS, option=WORDS, pattern=WORDS, fact=st.just("R99"))
def test_any_words_survive_writing_and_reading(
    takeaway: str, vignette: str, option: str, pattern: str, fact: str
) -> None:
    case = make_case(
        several({0}, (f"a {option}", f"b {option}", f"c {option}")),
        number("1e-9", relative="0.05", mistakes=("7",)),
        words(f"{pattern}*"),
        takeaway=" ".join(takeaway.split()[:25]),
        vignette=vignette,
        facts=[fact],
    )

    assert read_case(write_case(case), "any") == case


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param("", "is empty", id="empty"),
        pytest.param("# nothing\n", "is empty", id="a comment"),
        pytest.param(TEXT + "#" * 200_000, "longer than 200,000", id="too long"),
        pytest.param("title: \0", "not YAML", id="a control character"),
        pytest.param("title: \ud800", "not YAML", id="half a character"),
        pytest.param("%YAML 9.9\n---\na: b", "not YAML", id="another YAML"),
        pytest.param("%", "not YAML", id="a lone percent sign"),
    ],
)
def test_what_is_no_file_of_a_case_is_refused_as_a_whole(text: str, message: str) -> None:
    (found,) = problems(text)

    assert (found.line, found.field) == (1, "file")
    assert message in found.message


@pytest.mark.parametrize("text", ["- a\n- b\n", "seven", "7", "~", "[]", "--- a\n--- b\n"])
def test_what_is_no_mapping_is_no_case(text: str) -> None:
    assert problems(text)


def test_every_problem_is_named_at_once() -> None:
    text = TEXT.replace("points: 2", "points: 0").replace("R01", "r1").replace("year:", "yaer:")

    found = problems(text)

    assert {each.field for each in found} == {
        "facts[0]", "items[1].points", "references[0].year", "references[0].yaer",
    }  # fmt: skip
    assert str(CaseFileError(found)) == "\n".join(
        f"stiff.yaml:{each.line}: {each.field}: {each.message}" for each in found
    )


@pytest.mark.parametrize(
    "written", ["0.50", "1500.0", "12", '"0.50"', "-3.25", '"1e-9"'], ids=lambda each: f"as {each}"
)
def test_a_number_is_kept_as_it_was_written(written: str) -> None:
    text = TEXT.replace("answer: 1500\n", f"answer: {written}\n", 1)
    text = text.replace('value: "', 'value: "77')
    assert text != TEXT

    dose = read_case(text, "a-case.yaml").items[2]

    assert isinstance(dose, Numeric)
    assert dose.answer == written.strip('"')
    assert dose.key_text.startswith(written.strip('"'))
    assert read_case(write_case(read_case(text, "one")), "two").items[2] == dose


@pytest.mark.parametrize("written", ["9" * 41, f'"{"9" * 41}"', f"1.{'9' * 150_000}"])
def test_a_number_of_many_digits_is_refused_before_it_is_counted_with(written: str) -> None:
    (found,) = problems(TEXT.replace("answer: 1500\n", f"answer: {written}\n", 1))

    assert (found.field, found.message) == (
        "items[2].answer", "is too long; write at most 40 characters",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("010", "as 10"),
        ("-007.50", "as -7.50"),
        ("1_000", "as 1000"),
        ("7_2", "as 72"),
        ("0x1F", "in plain digits, like 12.5"),
        ("1:30", "in plain digits, like 12.5"),
        (".inf", "in plain digits, like 12.5"),
        (".nan", "in plain digits, like 12.5"),
        ("1.5e+3", "in plain digits, like 12.5"),
    ],
)
def test_a_number_that_may_be_read_as_another_is_refused_with_how_to_write_it(
    written: str, plain: str
) -> None:
    (found,) = problems(TEXT.replace("answer: 1500\n", f"answer: {written}\n", 1))

    assert found.field == "items[2].answer"
    assert f"“{written}” may be read as another number: write it {plain};" in found.message


@given(st.decimals(-(10**12), 10**12, places=3).map(lambda number: f"{number:f}"))
def test_whatever_plain_digits_are_written_the_key_has_those_digits(written: str) -> None:
    dose = read_case(with_answer(written), "a-case.yaml").items[2]

    assert isinstance(dose, Numeric)
    assert dose.answer == written


@given(st.text("0123456789_:.+-eExXobB", min_size=1, max_size=12))
def test_no_number_is_read_as_other_digits_than_were_written(written: str) -> None:
    """What a file says of a key is the key, or it is refused: nothing in between."""
    try:
        dose = read_case(with_answer(written), "a-case.yaml").items[2]
    except CaseFileError:
        return

    assert isinstance(dose, Numeric)
    assert dose.value == Fraction(written)


@pytest.mark.parametrize(
    ("old", "new", "field", "comment"),
    [
        pytest.param("A stiff", "Dose #2 of a stiff", "title", "#2 of a stiff", id="a title"),
        pytest.param(
            "Which two findings fit?", "Which findings fit? # two", "items[1].lead_in", "# two",
            id="a comment of the author",
        ),
        pytest.param("[ipm, fm]", "\n  - ipm\n  - # fm", "tracks[1]", "# fm", id="nothing left"),
    ],
)  # fmt: skip
def test_a_text_that_a_comment_cuts_off_is_refused_with_its_line(
    old: str, new: str, field: str, comment: str
) -> None:
    text = TEXT.replace(old, new, 1)
    assert text != TEXT

    found = [each for each in told_of(text) if each.field == field]

    assert found, "nothing is said of the comment"
    assert found[0].line == line_of(text, comment)
    assert f"is cut off before “{comment}" in found[0].message


def test_a_comment_that_cuts_nothing_off_is_left_alone() -> None:
    text = TEXT.replace("points: 2", "points: 2 # heavy").replace("format:", "# a note\nformat:", 1)
    quoted = text.replace("title: A stiff shoulder", 'title: "A stiff shoulder" # dose #2')
    assert quoted != text != TEXT

    assert read_case(quoted, "one") == read_case(TEXT, "two")
