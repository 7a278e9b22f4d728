"""Tables that spreadsheets open: texts stay texts, in CSV however cells are parted, and in XLSX."""

import csv
import io
import zipfile
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.core.tables import csv_bytes, csv_text, table_page, xlsx_bytes

NOW = datetime(2026, 11, 30, tzinfo=UTC)

SIGNS = "=+-@\t\r"

TEXTS = st.lists(
    st.lists(st.text(st.sampled_from(SIGNS + ";,\"' \nab1"), max_size=12), min_size=1, max_size=4),
    max_size=4,
)


@given(TEXTS, st.sampled_from([",", ";", "\t"]))
def test_no_cell_begins_like_a_formula_however_cells_are_parted(
    rows: list[list[str]], delimiter: str
) -> None:
    text = csv_text([["head"], *rows])

    cells = [
        cell
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        for cell in row
    ]
    assert [cell for cell in cells if cell.lstrip(' "\t\r\n')[:1] in set("=+-@")] == []


@given(TEXTS)
def test_a_text_of_a_workbook_is_never_a_formula_nor_a_link(rows: list[list[str]]) -> None:
    book = zipfile.ZipFile(io.BytesIO(xlsx_bytes([["head"], *rows, ["=1+1", "http://a.b"]], NOW)))

    sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert "hyperlink" not in sheet
    assert "=1+1" in book.read("xl/sharedStrings.xml").decode()


def test_excel_is_told_that_it_is_utf_8() -> None:
    assert csv_bytes([["Marín", 3, None]], NOW) == "\ufeffMarín,3,\r\n".encode()


def test_the_same_rows_at_the_same_moment_are_the_same_bytes() -> None:
    assert xlsx_bytes([["a", 1.5]], NOW) == xlsx_bytes([["a", 1.5]], NOW)


@pytest.mark.parametrize(("ending", "kind"), [("csv", "text/csv"), ("xlsx", "spreadsheetml")])
def test_a_table_is_a_file_to_be_kept(ending: str, kind: str) -> None:
    page = table_page("scores-1", ending, [["a"]], now=NOW)

    assert kind in page.mimetype
    assert f"filename=scores-1.{ending}" in page.headers["Content-Disposition"]
