"""A source as one line, as PubMed and journals print it; or a DOI alone."""

import re

from question_bank.formats.references.citation import DOI, YEAR, Citation

_NOT_A_SOURCE = re.compile(
    r"\b(?:doi|pmid|pmcid|epub|https?)\b:?.*$|\[(?:pubmed|internet)\]", re.IGNORECASE
)
_SENTENCE = re.compile(r"(?<=[.?!])\s+")
_PLACE = re.compile(
    r"(?P<volume>\d{1,4}|[A-Z]?\d{1,4})\s?(?:\((?P<issue>[^()]{1,20})\))?\s?:\s?(?P<pages>[\w–-]{1,20})"
)
_NUMBER = re.compile(r"^\s*(?:\[\d{1,3}\]|\d{1,3}[.)])\s+")


def read_cited(text: str) -> Citation:
    """Return the source that *text* cites: authors, title, journal and date, sentence by sentence.

    A line with fewer sentences is a title, but for its DOI, if it is no DOI alone.
    """
    found = DOI.search(text)
    doi = found[0] if found else ""
    line = _NUMBER.sub("", " ".join(text.split()), count=1)
    behind = _NOT_A_SOURCE.search(line)
    rest = [each for each in [_said_besides(behind[0]) if behind else ""] if each]
    bare = DOI.sub("", _NOT_A_SOURCE.sub("", line)).strip(" .;,/:")
    parts = _SENTENCE.split(bare)
    if len(parts) < 3:
        years = YEAR.findall(bare)
        return Citation(title=bare, published=years[-1] if years else "", doi=doi, rest=rest)
    authors, title, *source = parts
    journal = " ".join(source)
    year = YEAR.search(journal)
    place = _PLACE.search(journal, year.end() if year else 0)
    numbers = place.groupdict(default="") if place else {}
    return Citation(
        authors=[name.strip() for name in authors.rstrip(".").split(",")],
        title=title,
        journal=(journal[: year.start()] if year else journal).strip(" .;,("),
        published=year[0] if year else "",
        volume=numbers.get("volume", ""),
        issue=numbers.get("issue", ""),
        pages=numbers.get("pages", ""),
        doi=doi,
        rest=rest,
    )


def _said_besides(text: str) -> str:
    """Return what *text*, from its first number of a register on, says beside a DOI."""
    words = DOI.sub("", text).split()
    telling = [word for word in words if word.casefold().strip(".:/") not in ("doi", "https", "")]
    return " ".join(each for each in telling if "doi.org" not in each).strip(" .;")
