"""A source as it was found in a file, and the row of a draft that it makes."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

MOST_AUTHORS = 6
"""Authors that are named; of more, the first three."""

YEAR = re.compile(r"(?<!\d)(19\d\d|20\d\d)(?!\d)")
DOI = re.compile(r"10\.\d{4,9}/[^\s\"<>{}]+")

_INITIALS = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True)
class Citation:
    """What a record says of its source, each as it was written; `rest` names what else it had."""

    authors: Sequence[str] = ()
    title: str = ""
    journal: str = ""
    published: str = ""
    volume: str = ""
    issue: str = ""
    pages: str = ""
    doi: str = ""
    rest: Sequence[str] = field(default=())

    @property
    def row(self) -> dict[str, str]:
        """The row of a draft's references, without its handle; what is not known is left out."""
        found = {
            "authors": _named(self.authors),
            "title": _one_line(self.title).removesuffix("."),
            "source": self._source,
            "year": self._year,
            "doi": doi_in(self.doi),
        }
        return {name: text for name, text in found.items() if text}

    @property
    def _year(self) -> str:
        year = YEAR.search(self.published)
        return year[0] if year else ""

    @property
    def _source(self) -> str:
        """Journal, year, volume and pages, like `MMWR 2022;71(3):1-95`."""
        issue = f"({self.issue})" if self.issue else ""
        place = f"{self.volume}{issue}"
        pages = f":{self.pages}" if self.pages else ""
        when = ";".join(filter(None, (self._year, place + pages)))
        return _one_line(f"{self.journal} {when}") if self.journal else ""


def doi_in(text: str) -> str:
    """Return the DOI in *text*; empty: there is none."""
    found = DOI.search(text[:2000])
    return found[0].rstrip(".,;:)]") if found else ""


def family_first(name: str) -> str:
    """Return *name*, as files have it, with initials behind the family: `Coffey RJ`."""
    family, comma, given = _one_line(name).partition(",")
    if not comma:
        return family
    initials = "".join(part[0].upper() for part in _INITIALS.findall(given))
    return f"{family.strip()} {initials}".strip()


def first_of(fields: Mapping[str, Sequence[str]], *names: str) -> str:
    """Return the first value of the first of *names* that has one; empty: none has."""
    return next((value for name in names for value in fields.get(name, ()) if value.strip()), "")


def _named(authors: Sequence[str]) -> str:
    names = [name for name in map(_one_line, authors) if name]
    return ", ".join([*names[:3], "et al."] if len(names) > MOST_AUTHORS else names)


def _one_line(text: str) -> str:
    return " ".join(text.split())
