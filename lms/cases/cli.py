"""`lms bank`: bringing cases in, and checking them."""

import json
from pathlib import Path

import click

from lms.cases import queries, services
from lms.cases.checking import check_files, coverage_lines
from lms.cases.content import starter_files
from lms.cases.counting import count_lines
from lms.cases.incoming import read_incoming
from lms.cases.load_reports import report_of
from lms.cases.search.keeping import batches, index, wanting
from lms.core.clock import utcnow
from lms.core.commands import refusals
from lms.core.db import transaction
from lms.core.errors import NotFound
from lms.jobs.cli import by_hand
from lms.jobs.models import JobKind
from lms.jobs.services import finish
from lms.people.command_lines import person_with
from question_bank.case import InvalidCase
from question_bank.formats.native import write_case


@click.group("bank")
def group() -> None:
    """Look after the question bank."""


FORM = 40
"""How many items the form has that coverage is shown for, if nothing else is asked."""

_paths = click.argument("paths", nargs=-1, type=click.Path(exists=True, path_type=Path))


@group.command("load")
@_paths
@click.option("--by", "email", metavar="ADDRESS", help="Who publishes what is loaded.")
def load(paths: tuple[Path, ...], email: str | None) -> None:
    """Load the case files at PATHS (files or folders), or the starter bank.

    The installation publishes the starter bank's own files; others are published by the person
    with ADDRESS, or else proposed. What would take the place of a version that a person has
    published here is always proposed: the bank's pages show it, and `lms bank publish` takes it.
    """
    files = _read(paths)
    actor = None if email is None else person_with(email)
    with refusals(), by_hand(JobKind.LOAD, actor) as errand:
        incoming, problems = read_incoming(files)  # takes long, and others are to save meanwhile
        with transaction():
            report = services.bring_in(actor, incoming, problems, now=utcnow())
            finish(errand, report_of(report), now=utcnow())
    for problem in report.problems:
        click.echo(problem, err=True)
    click.echo(
        f"{len(report.new)} new, {len(report.changed)} changed, {len(report.unchanged)} as before."
    )
    if report.proposed:
        click.echo(f"{len(report.proposed)} proposed: {', '.join(report.proposed)}.")
        click.echo("They reach nobody until somebody publishes them, in the bank or by")
        click.echo(f"  lms bank publish --by ADDRESS {' '.join(report.proposed)}")
    if report.problems:
        raise click.exceptions.Exit(1)


@group.command("publish")
@click.argument("slugs", nargs=-1, required=True)
@click.option("--by", "email", metavar="ADDRESS", required=True, help="Who publishes it.")
def publish(slugs: tuple[str, ...], email: str) -> None:
    """Publish what is proposed of the cases SLUGS, all of them or none."""
    actor = person_with(email)
    with refusals(), transaction():
        versions = [services.publish_newest(actor, _text(slug), now=utcnow()) for slug in slugs]
    for slug, version in zip(slugs, versions, strict=True):
        click.echo(f"{slug}: version {version.number} is published.")


@group.command("check")
@_paths
@click.option("--format", "style", type=click.Choice(["text", "json"]), default="text")
def check(paths: tuple[Path, ...], style: str) -> None:
    """Check the case files at PATHS, or the whole starter bank, by the rules of item writing.

    Of the whole bank, what it covers of the blueprint is shown as well. The exit status is 1 if
    a case may not be published or a file cannot be read.
    """
    report = check_files(_read(paths), whole_bank=not paths)
    if style == "json":
        click.echo(json.dumps(report.to_json(), ensure_ascii=False, indent=2))
    else:
        for remark in report.remarks:
            click.echo(remark)
        for line in () if paths else coverage_lines(report.cases, FORM):
            click.echo(line)
        click.echo(report.summary)
    if not report.passes:
        raise click.exceptions.Exit(1)


@group.command("coverage")
@_paths
@click.option("--items", default=FORM, show_default=True, type=click.IntRange(1, 200))
def coverage(paths: tuple[Path, ...], items: int) -> None:
    """Show how far PATHS, or the starter bank, fill a form of so many ITEMS in each track."""
    report = check_files(_read(paths))
    for name in report.unreadable:
        click.echo(f"{name} cannot be read and is left out.", err=True)
    for line in coverage_lines(report.cases, items):
        click.echo(line)


@group.command("count")
@_paths
@click.option("--references", is_flag=True, help="Name each reference without DOI and PMID.")
def count(paths: tuple[Path, ...], references: bool) -> None:
    """Count what PATHS, or the starter bank, rest on: facts, references, acts that harm, levels."""
    report = check_files(_read(paths), whole_bank=not paths)
    for line in count_lines(report, references=references):
        click.echo(line)
    for name in report.unreadable:
        click.echo(f"{name} cannot be read and is left out.", err=True)


@group.command("index")
def make_index() -> None:
    """Make the index anew by which the bank's words are found, a part of it at a time.

    What was published is found meanwhile as it was. Safe to stop, and to do again.
    """
    wanted = wanting(anew=True)
    with click.progressbar(length=len(wanted), label="Versions") as bar:
        for batch in batches(wanted):
            with transaction():
                index(batch)
            bar.update(len(batch))
    click.echo(f"{len(wanted)} versions can be found by every word they have.")


@group.command("show")
@click.argument("slug")
def show(slug: str) -> None:
    """Write the case SLUG, as it is in use, as a file of the format that is loaded."""
    slug = _text(slug)
    try:
        text = write_case(queries.case_by_slug(slug).body)
    except NotFound as refusal:
        raise click.ClickException(f"There is no case “{slug}” in the bank.") from refusal
    except InvalidCase as damage:
        raise click.ClickException(f"The case “{slug}” is damaged: {damage}") from damage
    click.echo(text, nl=False)


def _text(word: str) -> str:
    """Return *word* without what no database takes."""
    return word.encode(errors="replace").decode()


def _read(paths: tuple[Path, ...]) -> list[tuple[str, str]]:
    """Return name and text of each file; what is no text is left for the reader to refuse."""
    if not paths:
        return starter_files()
    return [(str(file), _text_of(file)) for path in paths for file in _files_in(path)]


def _files_in(path: Path) -> list[Path]:
    if not path.is_dir():
        return [path]
    files = [file for file in sorted(path.rglob("*.yaml")) if file.is_file()]
    if not files:
        raise click.ClickException(f"{path} has no file that ends in .yaml.")
    return [file for file in files if file.name != "blueprint.yaml"]


def _text_of(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8", errors="surrogateescape")
    except OSError as error:
        raise click.ClickException(f"{file} cannot be read: {error.strerror}.") from error
