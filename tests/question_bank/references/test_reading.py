"""Sources as reference managers, PubMed and journals write them, and whatever else is sent."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from question_bank.case import Reference
from question_bank.drafts.bodies import taken
from question_bank.formats.references.reading import LONGEST, MOST, read_references

ROW = {
    "authors": "Roe J, Müller AB",
    "title": "Backs that rest: a review",
    "source": "J Backs 2020;12(3):45-51",
    "year": "2020",
    "doi": "10.1000/backs.1",
}

RIS = """TY  - JOUR
AU  - Roe, Jane
AU  - Müller, Anna Berta
TI  - Backs that rest: a review
JO  - J Backs
PY  - 2020/03//
VL  - 12
IS  - 3
SP  - 45
EP  - 51
DO  - https://doi.org/10.1000/backs.1
AB  - Many backs.
KW  - back
ER  -
"""

MEDLINE = """
PMID- 12345678
OWN - NLM
DP  - 2020 Mar
TI  - Backs that rest:
      a review.
FAU - Roe, Jane
AU  - Roe J
FAU - Müller, Anna Berta
AU  - Müller AB
TA  - J Backs
JT  - Journal of backs
VI  - 12
IP  - 3
PG  - 45-51
LID - 10.1000/backs.1 [doi]
"""

BIBTEX = r"""
@comment{nothing here}
@article{roe2020,
  author = {Roe, Jane and Anna Berta M{\"u}ller},
  title = "{Backs} that rest: a review",
  journal = {J Backs}, volume = 12, number = {3}, pages = {45--51},
  year = 2020, doi = {10.1000/backs.1}, abstract = {Many {backs}, {and more}},
}
"""

PRINTED = (
    "1. Roe J, Müller AB. Backs that rest: a review. J Backs. 2020 Mar;12(3):45-51. "
    "doi: 10.1000/backs.1. PMID: 12345678."
)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        pytest.param(RIS, "AB, KW", id="RIS"),
        pytest.param(MEDLINE, "OWN", id="MEDLINE"),
        pytest.param(BIBTEX, "abstract", id="BibTeX"),
        pytest.param(PRINTED, "PMID: 12345678", id="as printed"),
    ],
)
def test_a_source_is_the_same_however_it_is_written(text: str, left: str) -> None:
    found = read_references(text)

    assert found.rows == (ROW,)
    assert found.left_out == (f"Source 1: not taken: {left}.",)
    assert Reference.model_validate({**ROW, "supports": "Rest."})


@pytest.mark.parametrize("text", [RIS, MEDLINE, BIBTEX, PRINTED])
def test_several_sources_of_one_file_are_several_rows_whatever_ends_its_lines(text: str) -> None:
    for joined in (f"{text}\n\n{text}", f"\ufeff{text}\r\n\r\n{text}"):
        assert read_references(joined).rows == (ROW, ROW)


def test_a_doi_alone_fills_in_nothing_else_and_says_so() -> None:
    for text in ("10.1000/182", "https://doi.org/10.1000/182", " doi:10.1000/182. "):
        found = read_references(text)

        assert found.rows == ({"doi": "10.1000/182"},)
        assert found.left_out == ("Source 1: a DOI alone. Nothing was looked up; write the rest.",)


def test_what_a_source_lacks_is_said() -> None:
    found = read_references("TY  - BOOK\nTI  - Backs\nER  -\n")

    assert found.rows == ({"title": "Backs"},)
    assert found.left_out == (
        "Source 1: no authors and no journal or publisher and no year was found.",
    )


def test_many_authors_are_three_and_others() -> None:
    names = "".join(f"AU  - Roe{n}, Jo\n" for n in range(7))

    (row,) = read_references(f"TY  - JOUR\n{names}ER  -\n").rows

    assert row["authors"] == "Roe0 J, Roe1 J, Roe2 J, et al."


def test_a_line_that_is_no_citation_is_a_title() -> None:
    assert read_references("Practice guideline on backs, 2019").rows == (
        {"title": "Practice guideline on backs, 2019", "year": "2019"},
    )


def test_letters_of_bibtex_are_the_letters_they_stand_for() -> None:
    text = (
        r"@book{x, title={Caf{\'e} \& na\"{\i}ve \v{s}koda {\o}re}, "
        r"author={{World Health Organization}}}"
    )

    (row,) = read_references(text).rows

    assert row["title"] == "Café & naïve škoda øre"
    assert row["authors"] == "World Health Organization"


def test_nothing_and_too_much_are_said() -> None:
    assert read_references(" \n").left_out == ("No source was found in it.",)
    assert read_references("x" * (LONGEST + 1)).rows == ()
    many = read_references("\n\n".join([PRINTED] * (MOST + 2)))
    assert len(many.rows) == MOST
    assert many.left_out[-1] == f"Only the first {MOST} of {MOST + 2} sources were taken."


PIECES = st.sampled_from([
    "TY  - ", "ER  - ", "AU  - ", "PMID- ", "\n", "\n\n", "@article{", "=", "{", "}", '"', ",",
    "author", " and ", "\\'", "10.1000/x", "doi: ", "2020", ". ", "1. ", PRINTED, RIS,
])  # fmt: skip


@given(st.text() | st.lists(PIECES | st.text(max_size=5), max_size=30).map("".join))
def test_any_text_gives_rows_that_a_draft_takes(text: str) -> None:
    found = read_references(text)

    raw = {"references": [dict(row) for row in found.rows]}
    assert taken(raw).left_out == ()
    assert all(set(row) <= {"authors", "title", "source", "year", "doi"} for row in found.rows)
    assert all(each.endswith(".") for each in found.left_out)
    assert found.rows or found.left_out


@pytest.mark.parametrize(
    "sign",
    ["{", "@a{", '"', "a=", "\n", "AU  - ", "TY  - x\n", "1. ", "10.1000/", "\\'", ". ", "x and "],
)
def test_a_long_text_costs_no_more_than_its_length(sign: str) -> None:
    for start in ("", "@a{b, author = ", "TY  - JOUR\n"):
        assert read_references(start + sign * ((LONGEST - 99) // len(sign)))
