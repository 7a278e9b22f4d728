"""Sets a page of HTML as a PDF: a program of its own, which nothing of ours imports.

WeasyPrint takes a second and a hundred megabytes to load, and needs Pango, which a machine may not
have. In a process of its own it costs only who asks for a PDF, and no fault of those libraries ends
a worker. Nothing is loaded: no host, no file; drawings are part of the page.

    typeset.py STYLE-SHEET [SIZE ...] < page.html > page.pdf

SIZE is that of the text, in points. Of several, the first with which all stands on one page is
taken, or else the last.
"""

import sys
from pathlib import Path

CANNOT_LOAD = 3
"""The status of the process where WeasyPrint or a library of its is not there."""

try:
    from weasyprint import CSS, HTML
    from weasyprint.urls import FatalURLFetchingError, URLFetcher
except (ImportError, OSError) as absent:
    sys.stderr.write(f"{absent}\n")
    sys.exit(CANNOT_LOAD)


class _Closed(URLFetcher):  # type: ignore[misc]
    """Loads nothing, and ends the work where a page asks for something."""

    def fetch(self, url: str, headers: object = None) -> None:
        raise FatalURLFetchingError(f"a page on paper asks for {url[:80]}")


def typeset(page: str, style: str, sizes: list[float]) -> bytes:
    """Return *page* as an accessible PDF (PDF/UA-1)."""
    html = HTML(string=page, url_fetcher=_Closed())
    for size in sizes:
        text = CSS(string=f"html {{ font-size: {size}pt }}")
        document = html.render(stylesheets=[CSS(string=style), text])
        if len(document.pages) == 1:
            break
    pdf: bytes = document.write_pdf(pdf_variant="pdf/ua-1")
    return pdf


if __name__ == "__main__":
    sheet, *wanted = sys.argv[1:]
    sys.stdout.buffer.write(
        typeset(
            sys.stdin.buffer.read().decode(),
            Path(sheet).read_text(encoding="utf-8"),
            [float(size) for size in wanted] or [10.0],
        )
    )
