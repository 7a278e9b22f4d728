"""Drawings of shapes (SVG), written anew from the few elements and attributes that draw.

What is read is never passed on: elements, attributes and texts of a list are written again, and
what could run, load or hide something is refused. SVG 1.1, chapters 8, 9, 10, 11 and 13.
"""

import math
import re
from collections.abc import Callable, Iterator, Mapping
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

from lms.cases.pictures.made import MOST_UNITS, Made, NotAPicture
from question_bank.rules.words import word_list

SVG = "image/svg+xml"
SPACE = "http://www.w3.org/2000/svg"

MOST_BYTES = 500_000
"""Bytes that a drawing may have; it is drawn anew each time it is looked at."""

MOST_ELEMENTS = 20_000
DEEPEST = 40
_BETWEEN = "|"

_SHAPES = "path rect circle ellipse line polyline polygon"
ELEMENTS = frozenset(
    word_list(f"svg g title desc defs text tspan linearGradient radialGradient stop {_SHAPES}")
)
"""What draws, and what says it in words."""

REMARKS = ("metadata", "namedview")
PROGRAMS = ("inkscape.org", "sodipodi.sourceforge.net")
"""What drawing programs note beside the drawing: left out, with all that is in it."""

ATTRIBUTES = frozenset(
    word_list(
        """
    d x y x1 y1 x2 y2 cx cy r rx ry fx fy dx dy width height points transform viewBox
    fill fill-opacity fill-rule stroke stroke-width stroke-opacity stroke-linecap stroke-linejoin
    stroke-dasharray stroke-dashoffset stroke-miterlimit opacity color display visibility
    font-family font-size font-style font-weight text-anchor letter-spacing dominant-baseline
    baseline-shift rotate textLength lengthAdjust offset stop-color stop-opacity gradientUnits
    gradientTransform spreadMethod preserveAspectRatio id paint-order vector-effect
    """
    )
)
"""What says where and how something is drawn."""

_VALUE = re.compile(r"[\w\s#.,()%+\-:;'/]*")
_OWN_PAINT = re.compile(r"url\(\s*#[A-Za-z][\w-]*\s*\)")
_NUMBER = re.compile(r"\s*(\d+(?:\.\d*)?|\.\d+)(?:px)?\s*", re.ASCII)
_FOUR = re.compile(r"[\s,]+")


def redrawn(content: bytes) -> Made:
    """Return the drawing in *content*, written anew.

    Raises:
        NotAPicture: it is no SVG, is too large, or has something that is not taken.
    """
    if len(content) > MOST_BYTES:
        raise NotAPicture("An SVG may have 500 kB. Save this one as PNG.")
    drawing = _Drawing()
    try:
        drawing.read(content)
    except expat.ExpatError as error:
        raise NotAPicture("This is no SVG that can be read. Save it as PNG.") from error
    if not drawing.measures:
        raise NotAPicture("This is no SVG. Save it as PNG, JPEG or WebP.")
    width, height, box = drawing.measures
    whole = (
        f'<svg xmlns="{SPACE}" viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
        f' role="img"><svg x="0" y="0" width="{width}" height="{height}"'
        f" viewBox={quoteattr(box)}{drawing.look}>{''.join(drawing.written)}</svg>\n"
    )
    return Made(whole.encode(), SVG, width, height)


class _Drawing:
    """A drawing while it is read: what is written anew of it, and how large it is."""

    def __init__(self) -> None:
        self.written: list[str] = []
        self.measures: tuple[int, int, str] | None = None
        self.look = ""
        self._open: list[str] = []
        self._count = 0

    def read(self, content: bytes) -> None:
        """Read *content*; see `redrawn`."""
        parser = expat.ParserCreate(namespace_separator=_BETWEEN)
        parser.StartElementHandler = self._begins
        parser.EndElementHandler = self._ends
        parser.CharacterDataHandler = self._says
        parser.StartDoctypeDeclHandler = _refused("a DOCTYPE")
        parser.EntityDeclHandler = _refused("an entity")
        parser.ProcessingInstructionHandler = _refused("an instruction to the program")
        parser.Parse(content, True)

    def _begins(self, full: str, given: Mapping[str, str]) -> None:
        self._count += 1
        if self._count > MOST_ELEMENTS or len(self._open) >= DEEPEST:
            raise NotAPicture("This SVG has too many parts. Save it as PNG.")
        name = self._name(full)
        if not self._open:
            self._measure(name, given)
            self.look = "".join(_kept(given, but=("width", "height", "viewBox", "x", "y")))
        elif name:
            self.written.append(f"<{name}{''.join(_kept(given))}>")
        self._open.append(name)

    def _name(self, full: str) -> str:
        """Return the element's name; empty: it is left out, with what is in it."""
        space, _, name = full.rpartition(_BETWEEN)
        noted = name in REMARKS or any(program in space for program in PROGRAMS)
        if noted or (self._open and not self._open[-1]):
            return ""
        if space != SPACE or name not in ELEMENTS:
            raise NotAPicture(f"This SVG has “{name[:40]}”, which is not taken. Save it as PNG.")
        return name

    def _measure(self, name: str, given: Mapping[str, str]) -> None:
        if name != "svg":
            raise NotAPicture("This is no SVG. Save it as PNG, JPEG or WebP.")
        box = [_number(each) for each in _FOUR.split(given.get("viewBox", "").strip())]
        if len(box) != 4:
            box = [0.0, 0.0, _number(given.get("width", "")), _number(given.get("height", ""))]
        if not all(map(math.isfinite, box)) or min(box[2:]) <= 0 or max(map(abs, box)) > 1e6:
            raise NotAPicture("This SVG does not say how large it is. Save it as PNG.")
        scale = min(1.0, MOST_UNITS / max(box[2:]))
        wide, high = (max(1, round(each * scale)) for each in box[2:])
        self.measures = wide, high, " ".join(f"{each:g}" for each in box)

    def _ends(self, _full: str) -> None:
        name = self._open.pop()
        if name:
            self.written.append(f"</{name}>")

    def _says(self, text: str) -> None:
        if self._open[-1:] and self._open[-1] in ("text", "tspan", "title", "desc"):
            self.written.append(escape(text))


def _number(text: str) -> float:
    sign = -1 if text.strip().startswith("-") else 1
    found = _NUMBER.fullmatch(text.strip().removeprefix("-"))
    return sign * float(found[1]) if found else math.nan


def _kept(given: Mapping[str, str], but: tuple[str, ...] = ()) -> Iterator[str]:
    """Yield each attribute that draws, written anew; `style` as the attributes it stands for."""
    for name, value in (*given.items(), *_styles(given.get("style", ""))):
        if name.startswith("on") or name.rpartition(_BETWEEN)[2] == "href":
            raise NotAPicture(
                f"This SVG has “{name[-40:]}”, by which something could run or be loaded. "
                "Save it as PNG."
            )
        if name in ATTRIBUTES and name not in but and _is_plain(value):
            yield f" {name}={quoteattr(value.strip())}"


def _styles(style: str) -> Iterator[tuple[str, str]]:
    for each in style.split(";"):
        name, _, value = each.partition(":")
        if name.strip() not in ("id", "viewBox"):
            yield name.strip(), value


def _is_plain(value: str) -> bool:
    return bool(_VALUE.fullmatch(value)) and "url" not in _OWN_PAINT.sub("", value).casefold()


def _refused(what: str) -> Callable[..., None]:
    def refuse(*_parts: object) -> None:
        raise NotAPicture(f"This SVG has {what}, which is not taken. Save it as PNG.")

    return refuse
