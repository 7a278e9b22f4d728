"""What is pasted into a draft or comes as a file: lists become rows, and sources are read."""

from collections.abc import Iterator

from lms.core.errors import Invalid
from question_bank.drafts.bodies import Body
from question_bank.drafts.filling import Filled, filled
from question_bank.drafts.pasted import LONGEST as LONGEST_LIST
from question_bank.drafts.pasted import split_list
from question_bank.formats.references.reading import LONGEST, read_references
from question_bank.items.editing import ListPart

LARGEST_FILE = 4 * LONGEST
"""Bytes of a file with sources: a character takes four at most."""


def with_list(
    body: Body, path: str, part: ListPart, text: str, handles: Iterator[str], since: str = ""
) -> Filled:
    """Return *body* with the rows of the pasted *text*; for the rest see `filled`.

    Raises:
        Invalid: there is no list in it, or too long a one.
        NoSuchRow: see `filled`.
    """
    if len(text) > LONGEST_LIST:
        raise Invalid(f"A list of up to {LONGEST_LIST:,} characters is split. Paste less at once.")
    rows = split_list(text)
    if not rows:
        raise Invalid("Paste a list first, or write one: each on a line of its own.")
    return filled(body, path, rows, part, handles, since)


def with_sources(
    body: Body, part: ListPart, file: bytes, pasted: str, handles: Iterator[str]
) -> Filled:
    """Return *body* with the sources in *file* and in the *pasted* text among its references.

    One whose DOI is there already is not taken again.

    Raises:
        Invalid: both are empty, or the file is too large, or no text.
    """
    texts = [text for text in (_text_in(file), pasted) if text.strip()]
    if not texts:
        raise Invalid("Paste a DOI or the text of a file first, or choose a file.")
    found = [read_references(text) for text in texts]
    known = {_doi(row) for row in body.get("references", ())} - {""}
    rows, said = [], [each for sources in found for each in sources.left_out]
    for row in (row for sources in found for row in sources.rows):
        if _doi(row) in known:
            said.append(f"{row['doi']} is there already.")
        else:
            rows.append(row)
            known |= {_doi(row)} - {""}
    after = filled(body, "references", rows, part, handles)
    return Filled(after.body, after.places, (*after.left_out, *said))


def _doi(row: Body) -> str:
    return str(row.get("doi", "")).casefold()


def _text_in(file: bytes) -> str:
    """Return the text of an uploaded file.

    Raises:
        Invalid: it is too large, or no text.
    """
    if len(file) > LARGEST_FILE:
        raise Invalid(f"The file is larger than {LARGEST_FILE // 1000} kB. Choose fewer sources.")
    if b"\0" in file:
        raise Invalid("The file is no text. Save it as .ris, .nbib or .bib.")
    try:
        return file.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Invalid("The file is not UTF-8 text. Save it so, or paste what it says.") from None
