"""BibTeX: entries of fields in braces or quotes."""

import re
from collections.abc import Iterator, Mapping

from question_bank.composing import composed
from question_bank.formats.references.citation import Citation, family_first

_ENTRY = re.compile(r"@([A-Za-z]{1,30})[ \t\n]{0,20}[{(]")
_FIELD = re.compile(r"([A-Za-z][\w-]{0,40})\s{0,20}=\s{0,20}")
_BARE = re.compile(r"[^,{}\"\n]*")
_ACCENT = re.compile(r"\\([\"'`^~=.])\s?\{?(\\?[A-Za-z])\}?|\\([cvuHrkd])(?:\s|\{)\s?([A-Za-z])\}?")
_COMMAND = re.compile(r"\\(?:textit|textbf|emph|textsuperscript|textsubscript)\b")
_SPECIAL = {
    "\\&": "&", "\\%": "%", "\\_": "_", "\\$": "$", "\\#": "#", "---": "—", "--": "–", "~": " ",
    "\\ss": "ß", "\\ae": "æ", "\\AE": "Æ", "\\o": "ø", "\\O": "Ø", "\\l": "ł", "\\L": "Ł",
}  # fmt: skip
_MARKS = {
    '"': "\u0308", "'": "\u0301", "`": "\u0300", "^": "\u0302", "~": "\u0303", "=": "\u0304",
    ".": "\u0307", "c": "\u0327", "v": "\u030c", "u": "\u0306", "H": "\u030b", "r": "\u030a",
    "k": "\u0328", "d": "\u0323",
}  # fmt: skip

_NO_SOURCES = {"comment", "string", "preamble"}
_TAKEN = {
    "author", "title", "journal", "booktitle", "publisher", "institution", "year", "date", "volume",
    "number", "pages", "doi",
}  # fmt: skip


def is_bibtex(text: str) -> bool:
    """Return whether *text* has an entry of BibTeX."""
    return _ENTRY.search(text) is not None


def read_bibtex(text: str) -> Iterator[Citation]:
    """Yield the sources in *text*, entry by entry; what is broken off counts as far as it goes."""
    marks = list(_ENTRY.finditer(text))
    for mark, end in zip(marks, [*(m.start() for m in marks[1:]), len(text)], strict=True):
        if mark[1].casefold() not in _NO_SOURCES:
            yield _of(dict(_fields(text, mark.end(), end)))


def _fields(text: str, start: int, end: int) -> Iterator[tuple[str, str]]:
    place = start
    while field := _FIELD.search(text, place, end):
        value, place = _value(text, field.end(), end)
        yield field[1].casefold(), value


def _value(text: str, start: int, end: int) -> tuple[str, int]:
    """Return the value that begins at *start*, and where it ends; braces in it are in pairs."""
    if text[start : start + 1] not in ("{", '"'):
        bare = _BARE.match(text, start, end)
        return (bare[0], bare.end()) if bare else ("", end)
    depth, quoted = 0, text[start] == '"'
    for place in range(start, end):
        sign = text[place]
        if sign in "{}" and text[place - 1] != "\\":
            depth += 1 if sign == "{" else -1
        closing = (sign == '"' and place > start) if quoted else sign == "}"
        if closing and depth <= 0:
            return text[start + 1 : place], place + 1
    return text[start + 1 : end], end


def _of(fields: Mapping[str, str]) -> Citation:
    said = {name: _plain(value) for name, value in fields.items()}
    venues = ("journal", "booktitle", "publisher", "institution")
    names = re.split(r"\s+and\s+", fields.get("author", ""))
    return Citation(
        authors=[_author(name.strip()) for name in names],
        title=said.get("title", ""),
        journal=next((said[name] for name in venues if said.get(name)), ""),
        published=said.get("year", "") or said.get("date", ""),
        volume=said.get("volume", ""),
        issue=said.get("number", ""),
        pages=re.sub(r"\s?[–—]\s?", "-", said.get("pages", "")),
        doi=fields.get("doi", "").replace("\\_", "_"),
        rest=[name for name in said if name not in _TAKEN],
    )


def _author(name: str) -> str:
    """Return a person's family and initials, however the two are written; a body as it is."""
    said = _plain(name)
    if name.startswith("{") and name.endswith("}"):
        return said
    given, _, family = said.rpartition(" ")
    if said == "others":
        return "et al."
    return family_first(said if "," in said or not given else f"{family}, {given}")


def _plain(text: str) -> str:
    """Return *text* without what only sets it: accents are letters, braces are gone."""
    accented = _ACCENT.sub(_letter, _COMMAND.sub("", text))
    for written, meant in _SPECIAL.items():
        accented = accented.replace(written, meant)
    bare = " ".join(accented.replace("{", "").replace("}", "").split())
    return composed(bare, longest=len(bare) + 1)


def _letter(found: re.Match[str]) -> str:
    mark, letter = (found[1], found[2]) if found[1] else (found[3], found[4])
    return letter.removeprefix("\\") + _MARKS[mark]
