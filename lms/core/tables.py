"""Tables that spreadsheets open, as CSV or XLSX: no cell of them is ever a formula."""

import csv
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime

from flask import Response
from xlsxwriter import Workbook

from lms.core.errors import NotFound
from lms.core.formulas import guard

Cell = str | int | float | None
"""What stands in a table; None: nothing."""

Rows = Iterable[Sequence[Cell]]

BOM = "\ufeff"
"""Without it Excel takes UTF-8 for something else."""


def csv_text(rows: Rows) -> str:
    """Return *rows* as CSV, in which no spreadsheet takes a cell or a part of one for a formula.

    That holds also for those that part cells at semicolons or tabs.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    for row in rows:
        writer.writerow([guard(cell) if isinstance(cell, str) else cell for cell in row])
    return out.getvalue()


def csv_bytes(rows: Rows, _now: datetime) -> bytes:
    """Return `csv_text` of *rows* as Excel reads it."""
    return (BOM + csv_text(rows)).encode()


def xlsx_bytes(rows: Rows, now: datetime) -> bytes:
    """Return *rows* as a workbook made at *now*; the first one is its head. Texts are texts."""
    out = io.BytesIO()
    with Workbook(out, {"in_memory": True}) as book:
        book.set_properties({"created": now.replace(tzinfo=None)})
        sheet, bold = book.add_worksheet(), book.add_format({"bold": True})
        for line, row in enumerate(rows):
            for column, cell in enumerate(row):
                if isinstance(cell, str):
                    sheet.write_string(line, column, cell, None if line else bold)
                elif cell is not None:
                    sheet.write_number(line, column, cell)
        sheet.freeze_panes(1, 0)
    return out.getvalue()


_KINDS: Mapping[str, tuple[str, Callable[[Rows, datetime], bytes]]] = {
    "csv": ("text/csv", csv_bytes),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", xlsx_bytes),
}


def table_page(name: str, ending: str, rows: Rows, *, now: datetime) -> Response:
    """Return *rows* as a file to be kept, called *name*; *ending* is "csv" or "xlsx".

    Raises:
        NotFound: it is another one.
    """
    if ending not in _KINDS:
        raise NotFound
    kind, write = _KINDS[ending]
    page = Response(write(rows, now), mimetype=kind)
    page.headers.set("Content-Disposition", "attachment", filename=f"{name}.{ending}")
    return page
