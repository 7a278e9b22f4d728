"""Reading sources from whatever was pasted or uploaded. Nothing is looked up anywhere."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from question_bank.formats.references.bibtex import is_bibtex, read_bibtex
from question_bank.formats.references.citation import Citation
from question_bank.formats.references.cited import read_cited
from question_bank.formats.references.tagged import is_medline, is_ris, read_medline, read_ris

LONGEST = 200_000
"""Characters that a text with sources may have."""

MOST = 40
"""Sources that are taken at once."""

_WANTED = {
    "authors": "authors",
    "title": "title",
    "source": "journal or publisher",
    "year": "year",
}
"""What a source needs, each with its name; what it supports, its reader says."""

_APART = re.compile(r"\n\s*\n|\n(?=\s*(?:\[\d{1,3}\]|\d{1,3}[.)])\s)")


@dataclass(frozen=True)
class ReadSources:
    """Rows of a draft's references, without handles; and what could not be taken, in sentences."""

    rows: tuple[dict[str, str], ...]
    left_out: tuple[str, ...]


def read_references(text: str) -> ReadSources:
    """Return the sources in *text*: RIS, MEDLINE (.nbib), BibTeX, or citations as they are printed.

    Nothing is ever raised; what a source lacks, or had beside what a case keeps, is said.
    """
    if len(text) > LONGEST:
        return ReadSources((), (f"This is longer than {LONGEST:,} characters. Choose fewer.",))
    plain = text.replace("\r\n", "\n").replace("\r", "\n").removeprefix("\ufeff")
    found = list(_citations(plain))
    rows, said = [], []
    for number, citation in enumerate(found[:MOST], start=1):
        row = citation.row
        if not row:
            said.append(f"Source {number} says nothing that could be taken.")
            continue
        rows.append(row)
        said += [f"Source {number}: {each}" for each in _left(row, citation)]
    if not found:
        said.append("No source was found in it.")
    if len(found) > MOST:
        said.append(f"Only the first {MOST} of {len(found)} sources were taken.")
    return ReadSources(tuple(rows), tuple(said))


def _citations(text: str) -> Iterable[Citation]:
    if is_ris(text):
        return read_ris(text)
    if is_medline(text):
        return read_medline(text)
    if is_bibtex(text):
        return read_bibtex(text)
    return (read_cited(each) for each in _APART.split(text) if each.strip())


def _left(row: dict[str, str], citation: Citation) -> Iterator[str]:
    if set(row) == {"doi"}:
        yield "a DOI alone. Nothing was looked up; write the rest."
        return
    lacking = [name for field, name in _WANTED.items() if field not in row]
    if lacking:
        yield f"no {' and no '.join(lacking)} was found."
    if citation.rest:
        names = ", ".join(each[:40] for each in citation.rest[:12])
        yield f"not taken: {names}{', …' if len(citation.rest) > 12 else ''}."
