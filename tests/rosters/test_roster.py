import csv
import io
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.core.days import parse_day
from lms.core.errors import Invalid
from lms.core.formulas import GUARDED, guard
from lms.people.models import Role
from lms.rosters.reading import (
    COLUMNS,
    MOST_BYTES,
    MOST_ROWS,
    Roster,
    decode,
    read_roster,
)

HEAD = "name,email,roles,track,cohort,starts_on,ends_on,mentor_email,time_zone"


FULL = (
    f"{HEAD}\n"
    "Dr. Amara Okafor,Amara@Example.org,fellow,IPM,Class of 2027,2026-07-01,6/30/2027,"
    "m@example.org n@example.org,America/Chicago\n"
)


def flaws(row: str, head: str = HEAD) -> dict[str, str]:
    (read,) = read_roster(f"{head}\n{row}\n").rows
    return {flaw.column: flaw.message for flaw in read.flaws}


def test_a_full_row_is_read() -> None:
    (row,) = read_roster(FULL).rows

    assert row.flaws == ()
    assert (row.line, row.email, row.name) == (2, "amara@example.org", "Dr. Amara Okafor")
    assert (row.track, row.cohort, row.time_zone) == ("ipm", "Class of 2027", "America/Chicago")
    assert (row.starts_on, row.ends_on) == (date(2026, 7, 1), date(2027, 6, 30))
    assert row.roles == {Role.FELLOW}
    assert row.mentors == ("m@example.org", "n@example.org")


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("\ufeff" + FULL, id="byte order mark"),
        pytest.param(FULL.replace(",", ";"), id="semicolons"),
        pytest.param(FULL.replace(",", "\t"), id="tabs"),
        pytest.param(FULL.replace("\n", "\r\n"), id="CRLF"),
        pytest.param(FULL.replace("\n", "\r"), id="CR"),
        pytest.param(
            "\n".join(
                ",".join(f'"{cell}"' for cell in line.split(",")) for line in FULL.splitlines()
            ),
            id="quoted, no line end",
        ),
        pytest.param(
            "\n".join(
                ", ".join(f'"{cell}"' for cell in line.split(",")) for line in FULL.splitlines()
            ),
            id="quoted, with a space before each quote",
        ),
        pytest.param(FULL.replace("email,roles", "E-Mail , Role(s)"), id="other titles"),
        pytest.param(FULL + "\n,,,,,,,,\n   \n", id="blank rows"),
    ],
)
def test_a_roster_is_read_however_a_spreadsheet_wrote_it(text: str) -> None:
    roster = read_roster(text)
    assert roster.problems == ()
    (row,) = roster.rows
    (plain,) = read_roster(FULL).rows

    assert row == plain


@pytest.mark.parametrize(
    ("row", "column", "part"),
    [
        (",not an address,fellow", "email", "“not an address” is not a mail address"),
        ("Dr. X,,fellow", "email", "missing"),
        ("Dr. X,x@example.org,boss", "roles", "“boss” is not a role"),
        ("Dr. X,x@example.org,fellow,,,31/12/2026", "starts_on", "“31/12/2026” is not a date"),
        ("Dr. X,x@example.org,fellow,,,,2026-02-30", "ends_on", "is not a date"),
        ("Dr. X,x@example.org,fellow,,,0001-01-01", "starts_on", "is not a date"),
        ("Dr. X,x@example.org,fellow,,,,,nobody", "mentor_email", "“nobody”"),
        (f"Dr. X,x@example.org,fellow,,,,,{'m@b.org ' * 21}", "mentor_email", "at most 20"),
        ("Dr. X,x@example.org,fellow,,,,,,Mars/One", "time_zone", "“Mars/One”"),
        ("a\u202eb,x@example.org,fellow", "name", "cannot be shown"),
        ("=?utf-8?q?J=C3=BCrgen?=,x@example.org,fellow", "name", "in the code of mail headers"),
        ("Dr. X,x@example.org,fellow,,,,,,,extra", "row", "more cells"),
    ],
)
def test_an_error_names_its_column_and_cell(row: str, column: str, part: str) -> None:
    assert part in flaws(row).get(column, "nothing is said")


def test_a_mentors_address_may_have_every_sign_that_an_address_may() -> None:
    row = "Dr. X,x@example.org,fellow,,,,,lee+mentor@b.org o/brien@b.org;c|d@b.org"

    (read,) = read_roster(f"{HEAD}\n{row}").rows

    assert read.mentors == ("lee+mentor@b.org", "o/brien@b.org", "c|d@b.org")


@pytest.mark.parametrize(
    ("first", "sign"),
    [("sep=;\n", ";"), ('"sep=;"\r\n', ";"), ("SEP=\t\n", "\t"), ("sep=,\r", ",")],
)
def test_a_first_line_for_spreadsheets_says_what_stands_between_cells(
    first: str, sign: str
) -> None:
    (row,) = read_roster(first + FULL.replace(",", sign)).rows or [None]

    assert row is not None, "the roster is not read"
    assert (row.name, row.email, row.line) == ("Dr. Amara Okafor", "amara@example.org", 3)


def test_several_roles_stand_in_one_cell_and_a_line_number_survives_line_breaks() -> None:
    roster = read_roster('email,roles,name\na@example.org,"mentor,\nfaculty",A\nb@example.org,x,B')

    assert roster.rows[0].roles == {Role.MENTOR, Role.FACULTY}
    assert roster.rows[1].line == 4


def test_a_person_is_in_one_row_only() -> None:
    roster = read_roster("email\na@example.org\nA@Example.org\nb@example.org")

    assert [len(row.flaws) for row in roster.rows] == [0, 1, 0]
    assert roster.rows[1].flaws[0].message.startswith("Line 2 names the same person")


def test_unknown_columns_are_named_and_left_out() -> None:
    roster = read_roster("email,phone,Mentor_Mail\na@example.org,1,2")

    assert roster.remarks == (
        "The column “phone” is not known and is left out.",
        "The column “Mentor_Mail” is not known and is left out.",
    )
    assert roster.rows[0].flaws == ()


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("", "empty"),
        (" \n\n", "empty"),
        ("name,mail\nx,y", "does not name an “email” column"),
        ("email,e-mail\nx,y", "“email” is there twice"),
        ('email\n"a@example.org', "line 2 cannot be read"),
        ('email\n"a"b@example.org\n', "line 2 cannot be read"),
        ("email\n" + "x" * 140_000, "line 2 cannot be read"),
        ("email\n" + "a@example.org\n" * (MOST_ROWS + 1), "more than 500 rows"),
        ("email\n" + "x" * MOST_BYTES, "larger than 1 MB"),
    ],
)
def test_what_cannot_be_read_at_all_is_one_clear_sentence(text: str, part: str) -> None:
    roster = read_roster(text)

    assert roster.rows == ()
    assert any(part in problem for problem in roster.problems)


@given(st.text(max_size=400))
def test_any_text_gives_a_report(text: str) -> None:
    assert isinstance(read_roster(text), Roster)


@given(
    st.lists(
        st.lists(
            st.text(max_size=30)
            | st.sampled_from(["a@example.org", "fellow", "2026-07-01", "=1+1", "'=x", "\x00"]),
            min_size=1,
            max_size=12,
        ),
        max_size=8,
    ),
    st.sampled_from(",;\t"),
)
def test_any_cells_give_a_report_with_a_line_for_every_row(
    cells: list[list[str]], delimiter: str
) -> None:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter).writerows([COLUMNS, *cells])

    roster = read_roster(out.getvalue())

    assert roster.problems == ()
    assert len(roster.rows) == sum(any(cell.strip() for cell in row) for row in cells)
    for row in roster.rows:
        assert row.line >= 2
        assert all(flaw.message.endswith((".", ")")) for flaw in row.flaws)


@given(st.binary(max_size=300))
def test_any_file_is_text_or_refused(data: bytes) -> None:
    try:
        text = decode(data)
    except Invalid:
        text = ""
    assert isinstance(read_roster(text), Roster)


def test_a_file_that_is_no_utf8_says_how_to_save_it() -> None:
    with pytest.raises(Invalid, match="CSV UTF-8"):
        decode("Müller".encode("utf-16"))
    with pytest.raises(Invalid, match="larger than 1 MB"):
        decode(b"x" * (MOST_BYTES + 1))


@given(st.text(max_size=20))
def test_no_spreadsheet_takes_a_guarded_cell_for_a_formula(cell: str) -> None:
    assert not guard(cell).startswith(GUARDED)


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "2026;=", "2026; -", '2026;"+'])
def test_the_mark_before_a_formula_is_taken_off_again(start: str) -> None:
    cohort = f"{start}Cohort"
    text = io.StringIO(newline="")
    csv.writer(text).writerows([("email", "cohort"), ("a@example.org", guard(cohort))])

    (row,) = read_roster(text.getvalue()).rows

    assert guard(cohort) != cohort
    assert row.cohort == cohort


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-07-01", date(2026, 7, 1)),
        ("2026-7-1", date(2026, 7, 1)),
        ("7/1/2026", date(2026, 7, 1)),
        ("07/04/2026", date(2026, 7, 4)),
        ("13/1/2026", None),
        ("0000-01-01", None),
        ("1.7.2026", None),
        ("2026", None),
        ("٢٠٢٦-٠٧-٠١", None),
    ],
)
def test_a_day_is_iso_or_american(text: str, day: date | None) -> None:
    assert parse_day(text) == day


@pytest.mark.parametrize("space", ["\u00a0", "\u2007", "\u202f", " \u00a0 "])
@pytest.mark.parametrize("between", [",", ";", "\t"])
def test_a_space_that_does_not_break_leaves_quotes_what_they_are(space: str, between: str) -> None:
    (row,) = read_roster(f'email{between}name\na@b.org{between}{space}"Kim{between} Lee"\n').rows

    assert row.flaws == ()
    assert row.name == " ".join(f"Kim{between} Lee".split())


def test_a_name_in_quotes_that_stay_is_flawed() -> None:
    assert "quotation marks" in flaws('a@b.org,\t"Kim Lee"', "email,name").get("name", "")
    assert flaws('a@b.org,Kim ""Bo"" Lee', "email,name") == {}
