"""Reading the weekly mail as its mentor does: whom it is about, what it says of each."""

import re
from dataclasses import dataclass, field

from tests.mentoring.year.record import Mailed

_IN_NEED = re.compile(r"(Dr\. \w+): TALK")
_HEADINGS = {"FINE": "fine", "TOO LITTLE TO SAY": "too little to say"}
_NAME = re.compile(r"Dr\. \w+")
_NEWS = re.compile(r"(\d+) new first answers?, ([^:]+): (\d+) right\.")
_BAR = re.compile(r"^ *(\w+): (.+)$")


@dataclass
class Said:
    """What a mail says of a fellow: in which state it calls that one, and its lines."""

    fellow: str
    state: str
    lines: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """All of it."""
        return "\n".join(self.lines)

    @property
    def news(self) -> tuple[int, int]:
        """How many new first answers it tells of, and how many of these were right."""
        found = _NEWS.search(self.text)
        return (int(found[1]), int(found[3])) if found else (0, 0)

    @property
    def bars(self) -> dict[str, str]:
        """What it says of each approach, where it has the table of a fellow in need."""
        _, found, table = self.text.partition("Share correct at first answer, ")
        lines = table.splitlines()[1:5] if found else []
        return {match[1]: match[2] for line in lines if (match := _BAR.match(line))}

    @property
    def quotes(self) -> list[str]:
        """What it quotes of the fellow."""
        return re.findall(r"“(I struggled [^”]+)”", self.text)


def read(mail: Mailed) -> list[Said]:
    """Return what a weekly mail says of each fellow, in order."""
    said: list[Said] = []
    state = ""
    body = mail.text.partition("\n-- \n")[0].partition("\n--\n")[0]
    for line in body.splitlines():
        need = _IN_NEED.fullmatch(line)
        if need:
            said.append(Said(need[1], "talk"))
        elif line in _HEADINGS:
            state = _HEADINGS[line]
        elif state and _NAME.fullmatch(line):
            said.append(Said(line, state))
        elif said:
            said[-1].lines.append(line)
    return said
