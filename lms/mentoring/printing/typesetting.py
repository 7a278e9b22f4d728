"""Having a page set as a PDF by `typeset.py`, in a process of its own."""

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import structlog

import lms
from lms.core.errors import Refusal

log = structlog.get_logger()

PROGRAM = Path(__file__).with_name("typeset.py")
STYLE = Path(lms.__file__).with_name("static") / "paper.css"

CANNOT_LOAD = 3
"""The program's status where a library that it needs is not there."""

LONGEST = 120
"""Seconds it may take; a report takes one or two."""


class CannotTypeset(Refusal):
    """This machine makes no PDFs."""

    message = (
        "This service cannot make PDFs: its operator has to install Pango, as README.md says. "
        "Until then, print the page itself from your browser."
    )


class NotTypeset(Refusal):
    """The PDF could not be made."""

    message = "Something broke on our side: the PDF was not made. You can print the page itself."


def as_pdf(page: str, sizes: Sequence[float]) -> bytes:
    """Return a page of HTML, which loads nothing, as a PDF.

    Args:
        page: What to set.
        sizes: Those of the text, in points. Of several, the first with which all stands on one page
            is taken, or else the last.

    Raises:
        CannotTypeset: WeasyPrint or a library of its is not there.
        NotTypeset: it broke, or took too long.
    """
    program = [sys.executable, "-I", str(PROGRAM), str(STYLE), *map(str, sizes)]
    settings = {name: said for name, said in os.environ.items() if not name.startswith("LMS_")}
    try:
        done = subprocess.run(  # noqa: S603
            program,
            input=page.encode(),
            capture_output=True,
            env=settings,
            timeout=LONGEST,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        log.warning("not_typeset", why="too long")
        raise NotTypeset from error
    if done.returncode:
        log.warning("not_typeset", why=_kind_of(done.stderr), status=done.returncode)
        raise CannotTypeset if done.returncode == CANNOT_LOAD else NotTypeset
    return done.stdout


def _kind_of(said: bytes) -> str:
    """Return what an error is called; what it says may be words of people."""
    return said.decode(errors="replace").strip().rpartition("\n")[2].partition(":")[0][:80]
