"""`lms bank check` and `lms bank coverage`: what is wrong, in which line, and the exit status."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from lms.cases.cli import group
from lms.cases.content import starter_files
from lms.cases.models import CaseVersion
from lms.cases.services import LoadReport, load_cases
from lms.core.db import db, transaction
from question_bank.formats.native import line_of, read_case
from tests.cases.texts import load, publisher
from tests.factories import NOW


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(group, list(map(str, words)))


@pytest.fixture
def sound(tmp_path: Path) -> Path:
    """A case of the starter bank that may be published, as a file."""
    name, text = starter_files()[0]
    file = tmp_path / Path(name).name
    file.write_text(text, encoding="utf-8")
    return file


def flaw(file: Path, old: str, new: str) -> int:
    """Write a flaw into *file*; return its line."""
    text = file.read_text(encoding="utf-8")
    assert old in text
    changed = text.replace(old, new, 1)
    file.write_text(changed, encoding="utf-8")
    return changed[: changed.index(new)].count("\n") + 1


def test_the_starter_bank_may_be_published() -> None:
    done = run("check")

    assert done.exit_code == 0, done.output
    assert f"{len(starter_files())} cases: 0 to mend" in done.output.splitlines()[-1]


def test_what_keeps_a_case_back_is_named_with_its_line_and_exit_status(sound: Path) -> None:
    line = flaw(sound, "takeaway: ", "takeaway: Take .5 mg. ")

    done = run("check", sound)

    assert done.exit_code == 1
    expected = f"{sound}:{line}: L21 E: “.5” has no zero before the point (write 0.5)"
    assert expected in done.output.splitlines()
    assert done.output.splitlines()[-1].startswith("1 cases: 1 to mend, ")


def test_an_item_without_its_level_keeps_a_case_back(sound: Path) -> None:
    lines = sound.read_text(encoding="utf-8").splitlines(keepends=True)
    flaw(sound, next(line for line in lines if "level:" in line), "")

    done = run("check", sound)

    assert done.exit_code == 1
    assert "file E: items[0].level is missing" in done.output


def test_what_may_be_waived_leaves_the_exit_status_alone(sound: Path) -> None:
    flaw(sound, "takeaway: ", "takeaway: Lyrica. ")

    done = run("check", sound)

    assert done.exit_code == 0
    assert "L22 W: “Lyrica” is a brand (use the generic name)" in done.output


@pytest.mark.parametrize(
    "content", [b"format: 1\n", b"title: \xff\xfe\n", b"", b"a: [b\n"], ids=str
)
def test_a_file_that_holds_no_case_is_named_and_the_others_are_checked(
    sound: Path, content: bytes
) -> None:
    bad = sound.parent / "bad.yaml"
    bad.write_bytes(content)

    done = run("check", sound.parent)

    assert done.exit_code == 1
    assert f"{bad}:" in done.output
    assert done.output.splitlines()[-1].startswith("1 cases, 1 files unreadable: ")


def test_findings_stand_by_file_and_line(sound: Path) -> None:
    other = sound.with_name("zzz.yaml")
    other.write_text(sound.read_text(encoding="utf-8"), encoding="utf-8")
    for file in (other, sound):
        flaw(file, "takeaway: ", "takeaway: Lyrica. ")
        flaw(file, "title: ", "title: Lyrica ")

    found = json.loads(run("check", other, sound, "--format", "json").output)["findings"]

    places = [(each["file"], each["line"]) for each in found]
    assert places == sorted(places)
    assert {each["file"] for each in found} == {str(sound), str(other)}


def test_the_same_is_said_to_programs(sound: Path) -> None:
    line = flaw(sound, "takeaway: ", "takeaway: Take .5 mg. ")

    done = run("check", sound, "--format", "json")
    said = json.loads(done.output)

    assert done.exit_code == 1
    assert said["cases"] == said["counts"]["E"] == 1
    assert said["unreadable"] == []
    (found,) = (each for each in said["findings"] if each["level"] == "E")
    assert found == {
        "file": str(sound),
        "line": line,
        "rule": "L21",
        "level": "E",
        "field": "takeaway",
        "message": "“.5” has no zero before the point",
        "mend": "write 0.5",
    }


def test_coverage_shows_both_tracks_and_the_dimensions() -> None:
    done = run("coverage", "--items", "20")

    assert done.exit_code == 0
    assert "Track ipm, items for a form of 20" in done.output
    assert "Track fm, items for a form of 20" in done.output
    assert "Cases by dimension" in done.output
    assert "(short in" not in done.output


def test_the_whole_bank_reaches_its_floors_and_its_check_shows_what_it_covers() -> None:
    done = run("check")

    assert "Track fm, items for a form of 40" in done.output
    assert "bank: C01 " not in done.output
    assert "bank: C02 " not in done.output


def test_cases_that_say_nearly_the_same_are_named(sound: Path) -> None:
    twin = sound.with_name("twin.yaml")
    text = sound.read_text(encoding="utf-8")
    twin.write_text(text.replace(f"slug: {sound.stem}", "slug: twin"), encoding="utf-8")

    done = run("check", sound.parent)

    assert " L32 W: " in done.output
    assert " C0" not in done.output


def test_what_the_starter_bank_rests_on_is_counted() -> None:
    done = run("count")

    assert done.exit_code == 0
    assert f"{len(starter_files())} cases: " in done.output
    assert " 0 items rest on one without a source; " in done.output
    assert " 0 marks name no act of it; 0 options look like one and are not marked." in done.output


def test_each_reference_without_doi_and_pmid_is_named_with_its_reason(sound: Path) -> None:
    flaw(sound, "references:\n", f"references:\n{BOOK}")

    done = run("count", "--references", sound)

    assert f"  {sound.stem}: Mosby (no article in a journal)" in done.output.splitlines()


BOOK = """\
  - authors: Fordyce WE
    title: Behavioral Methods
    source: Mosby
    year: 1976
    supports: Time as the signal.
"""


def test_coverage_leaves_out_what_cannot_be_read(sound: Path) -> None:
    bad = sound.parent / "bad.yaml"
    bad.write_text("nothing", encoding="utf-8")

    done = run("coverage", sound.parent)

    assert done.exit_code == 0
    assert f"{bad} cannot be read and is left out." in done.output
    assert "Cases by dimension" in done.output


TEXT = (
    "title: A\nitems:\n  - key: a\n    options:\n      - text: b\n      - text: >-\n          c\n"
)


@pytest.mark.parametrize(
    ("field", "line"),
    [
        ("title", 1),
        ("items[0].options[1].text", 6),
        ("items[0].options[0].why", 5),
        ("items[7].key", 2),
        ("nowhere", 1),
    ],
)
def test_the_line_of_a_field_is_its_own_or_that_of_the_part_around_it(
    field: str, line: int
) -> None:
    assert line_of(TEXT, field) == line


def test_a_file_that_cannot_be_read_has_one_line_for_all() -> None:
    assert line_of("a: [b", "title") == 1


@pytest.mark.usefixtures("in_app")
def test_a_case_of_the_bank_is_written_as_the_file_that_gives_it_back() -> None:
    for name, text in starter_files()[:10]:
        load((name, text))

        done = run("show", Path(name).stem)

        assert done.exit_code == 0
        assert read_case(done.output, name) == read_case(text, name)


@pytest.mark.usefixtures("in_app")
def test_a_damaged_case_cannot_be_written() -> None:
    name, text = starter_files()[0]
    load((name, text))
    with transaction():
        version = db.session.scalars(db.select(CaseVersion)).one()
        version.body, version.content_hash = version.body | {"items": "gone"}, "damaged"

    done = run("show", Path(name).stem)

    assert done.exit_code == 1
    assert done.output.startswith(f"Error: The case “{Path(name).stem}” is damaged: ")


@pytest.mark.usefixtures("in_app")
def test_a_case_that_is_not_in_the_bank_cannot_be_written() -> None:
    done = run("show", "no-such-case")

    assert done.exit_code == 1
    assert done.output == "Error: There is no case “no-such-case” in the bank.\n"


@pytest.mark.usefixtures("in_app")
def test_two_files_of_one_slug_are_named_and_the_first_is_kept(sound: Path, tmp_path: Path) -> None:
    other = tmp_path / "z-copy.yaml"
    other.write_text(sound.read_text(encoding="utf-8"), encoding="utf-8")

    checked, loaded = run("check", sound, other), load_result(sound, other)

    said = f"“{sound.stem}” is the slug of {sound} too"
    assert checked.exit_code == 1
    assert said in checked.output
    assert loaded.problems == [f"{other}: slug: {said}"]
    assert (len(loaded.new), loaded.changed) == (1, [])


def load_result(*files: Path) -> LoadReport:
    with transaction():
        return load_cases(
            publisher(),
            [(str(file), file.read_text(encoding="utf-8")) for file in files],
            now=NOW,
        )


def test_a_folder_without_a_case_and_a_file_that_cannot_be_read_are_said(tmp_path: Path) -> None:
    (tmp_path / "folder.yaml").mkdir()
    (tmp_path / "gone.yaml").symlink_to(tmp_path / "nowhere")

    done = run("check", tmp_path)

    assert done.exit_code == 1
    assert done.output == f"Error: {tmp_path} has no file that ends in .yaml.\n"
