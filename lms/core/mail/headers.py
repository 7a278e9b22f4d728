"""Headers as they leave: written letter by letter from what they are to say, and never parsed.

The parser of Python's `email` decodes what looks like an encoded word (RFC 2047), line ends and
all, and folding writes them out again: a name could end the header and begin another, or the body.
"""

import re
from dataclasses import dataclass
from email.header import Header
from email.policy import EmailPolicy

LONGEST_LINE = 998
"""Bytes that a line of a mail may have."""

LONGEST_NAME = 100
"""Letters of a name that are said before an address."""

_FOLDED_AT = 76
_SPECIAL = re.compile(r'[][\\()<>@,:;".]')


@dataclass(frozen=True)
class Correspondent:
    """An address, and how its owner is called; `name` may be empty."""

    name: str
    address: str

    def __str__(self) -> str:
        """Return what stands in a header's bytes.

        Raises:
            ValueError: the address cannot stand in a header.
        """
        if not self.address.isascii() or not self.address.isprintable() or "=?" in self.address:
            raise ValueError(f"{self.address!r} cannot stand in a header")
        name = one_line(self.name)[:LONGEST_NAME].strip()
        if not name:
            return self.address
        if _must_be_encoded(name):
            return f"{_encoded(name, 'To')}\r\n <{self.address}>"
        quoted = re.sub(r'(["\\])', r"\\\1", name)
        said = f'"{quoted}"' if _SPECIAL.search(name) else name
        return f"{said} <{self.address}>"


class _Policy(EmailPolicy):
    """Headers that say how a part is coded are the library's; all others are written here.

    Lines are long, as the default would encode a long unsubscribe address and so disable it.
    """

    def header_store_parse(self, name: str, value: object) -> tuple[str, str]:
        if name.lower().startswith(("content-", "mime-")):
            return super().header_store_parse(name, value)
        return name, header_value(name, value)


POLICY = _Policy(linesep="\r\n", max_line_length=LONGEST_LINE, refold_source="none")


def header_value(name: str, value: object) -> str:
    """Return *value* as the bytes of the header *name* say it: words beyond ASCII encoded.

    Raises:
        ValueError: the address of a correspondent cannot stand in a header.
    """
    if isinstance(value, Correspondent):
        return str(value)
    line = one_line(str(value))
    return _encoded(line, name) if _must_be_encoded(line) else line


def one_line(text: str) -> str:
    """Return *text* in one line, of letters that can be seen."""
    seen = (sign for sign in text if sign.isprintable() or sign.isspace())
    return " ".join("".join(seen).split())


def _must_be_encoded(line: str) -> bool:
    """Whether readers would take *line* for something else than it is, if it stood there as is."""
    return not line.isascii() or "=?" in line


def _encoded(line: str, header: str) -> str:
    """Return *line* in encoded words, folded as short as they must be (RFC 2047, 2)."""
    words = Header(line, "utf-8", header_name=header, maxlinelen=_FOLDED_AT)
    return words.encode(linesep="\r\n")
