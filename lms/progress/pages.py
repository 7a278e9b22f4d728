"""How pages about progress are made."""

from datetime import datetime

from flask import render_template

from lms.progress import wording
from lms.signin.access import me
from question_bank.analysis.progress import WINDOW


def progress_page(template: str, now: datetime, **shown: object) -> str:
    """Render *template* with *shown*, the eight weeks counted, and the words for figures."""
    days = wording.say_span(now - WINDOW, now, me().time_zone)
    return render_template(template, now=now, days=days, say=wording, **shown)
