"""Files with a tag at the beginning of each line: RIS, and the MEDLINE format of PubMed (.nbib)."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from question_bank.formats.references.citation import Citation, family_first, first_of

Fields = Mapping[str, Sequence[str]]

_RIS = re.compile(r"([A-Z][A-Z0-9])  -(?: (.*))?")
_MEDLINE = re.compile(r"([A-Z]{2,4}) {0,2}- ?(.*)")

_RIS_TAKEN = {
    "TY", "ER", "AU", "A1", "TI", "T1", "JO", "JF", "JA", "T2", "PB", "PY", "Y1", "DA", "VL", "IS",
    "SP", "EP", "DO", "CT",
}  # fmt: skip
_MEDLINE_TAKEN = {"PMID", "AU", "FAU", "CN", "TI", "TA", "JT", "DP", "VI", "IP", "PG", "AID", "LID"}


def is_ris(text: str) -> bool:
    """Return whether *text* is RIS: a record of it begins with its type."""
    return re.search(r"^TY  - ", text, re.MULTILINE) is not None


def is_medline(text: str) -> bool:
    """Return whether *text* is what PubMed writes: a record of it begins with its number."""
    return re.search(r"^PMID- ", text, re.MULTILINE) is not None


def read_ris(text: str) -> Iterator[Citation]:
    """Yield the sources in *text*, record by record; the last may lack its end."""
    fields: defaultdict[str, list[str]] = defaultdict(list)
    for tag, value in _tagged(text, _RIS):
        if tag in ("TY", "ER") and len(fields) > 1:
            yield _of_ris(fields)
            fields = defaultdict(list)
        fields[tag].append(value)
    if set(fields) - {"TY", "ER"}:
        yield _of_ris(fields)


def read_medline(text: str) -> Iterator[Citation]:
    """Yield the sources in *text*, record by record."""
    fields: defaultdict[str, list[str]] = defaultdict(list)
    for tag, value in _tagged(text, _MEDLINE):
        if tag == "PMID" and fields:
            yield _of_medline(fields)
            fields = defaultdict(list)
        fields[tag].append(value)
    if fields:
        yield _of_medline(fields)


def _tagged(text: str, line: re.Pattern[str]) -> Iterator[tuple[str, str]]:
    """Yield tag and value; a line without a tag goes on with the one before it."""
    tag, parts = "", [""]
    for each in text.splitlines():
        found = line.fullmatch(each.rstrip())
        if found is None:
            parts.append(each.strip())
            continue
        if tag:
            yield tag, " ".join(filter(None, parts))
        tag, parts = found[1], [found[2] or ""]
    if tag:
        yield tag, " ".join(filter(None, parts))


def _of_ris(fields: Fields) -> Citation:
    pages = [first_of(fields, "SP"), first_of(fields, "EP")]
    return Citation(
        authors=[family_first(name) for name in (*fields.get("AU", ()), *fields.get("A1", ()))],
        title=first_of(fields, "TI", "T1", "CT"),
        journal=first_of(fields, "JA", "JO", "JF", "T2", "PB"),
        published=first_of(fields, "PY", "Y1", "DA"),
        volume=first_of(fields, "VL"),
        issue=first_of(fields, "IS"),
        pages="-".join(filter(None, pages)),
        doi=first_of(fields, "DO"),
        rest=[tag for tag in fields if tag not in _RIS_TAKEN],
    )


def _of_medline(fields: Fields) -> Citation:
    ids = [each for each in (*fields.get("LID", ()), *fields.get("AID", ())) if "[doi]" in each]
    names = fields.get("AU") or [family_first(name) for name in fields.get("FAU", ())]
    return Citation(
        authors=[*names, *fields.get("CN", ())],
        title=first_of(fields, "TI"),
        journal=first_of(fields, "TA", "JT"),
        published=first_of(fields, "DP"),
        volume=first_of(fields, "VI"),
        issue=first_of(fields, "IP"),
        pages=first_of(fields, "PG"),
        doi=ids[0] if ids else "",
        rest=[tag for tag in fields if tag not in _MEDLINE_TAKEN],
    )
