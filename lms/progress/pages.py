"""How pages about progress are made."""

from datetime import datetime

from flask import render_template

from lms.core import clock
from lms.progress import verdict_words, wording


def progress_page(template: str, now: datetime, **shown: object) -> str:
    """Render *template* with *shown*, and the words for figures and verdicts."""
    words = {"clock": clock, "wording": wording, "say": verdict_words}
    return render_template(template, now=now, **words, **shown)
