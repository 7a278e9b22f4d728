"""Every mail of a year is small, and its text part has the same facts as its HTML part."""

import html
import re

import pytest

from tests.mentoring.year.record import Mailed, Record

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(1800),  # the year passes where the first of these tests asks for it
    pytest.mark.xdist_group("year"),  # which one worker lets pass
]

LARGEST = 60_000
"""Bytes of a whole mail, as it is sent."""

CARDS = 3
"""Of so many fellows in need HTML has all that the text has; of others it has less."""

SCALE = {"0", "100%", "95%"}
"""The ends of a drawn scale, and what its lines are, which no text needs to say."""

FIGURES = re.compile(r"\d+(?:[.:]\d+)*%?")
NAMES = re.compile(r"Dr\. [A-Z]\w+")
LINKS = re.compile(r"http://localhost[^\s\"<>]*")


def seen(mail: Mailed) -> str:
    """Return what a reader of the HTML part sees."""
    body = mail.html[mail.html.index("<body") :]
    body = re.sub(r'<div class="preview".*?</div>', " ", body, flags=re.S)
    return html.unescape(re.sub(r"<[^>]+>", " ", body))


def test_every_mail_is_small(year: Record) -> None:
    assert max(mail.size for mail in year.mails) < LARGEST


def test_both_parts_have_the_same_figures_and_names(year: Record) -> None:
    """Only the text greets its reader by name."""
    for mail in year.mails:
        shown, told = seen(mail), LINKS.sub("", mail.text)
        for facts in (FIGURES, NAMES):
            in_html, in_text = set(facts.findall(shown)), set(facts.findall(told))
            assert in_html - in_text <= SCALE, (mail.subject, in_html - in_text)
            if mail.text.count(": TALK\n") <= CARDS:
                assert in_text - in_html <= {mail.to}, (mail.subject, in_text - in_html)


def test_both_parts_have_the_same_links(year: Record) -> None:
    for mail in year.mails:
        in_text = set(LINKS.findall(mail.text))
        in_html = {html.unescape(link) for link in LINKS.findall(mail.html)}
        assert in_html <= in_text, (mail.subject, in_html - in_text)
        if mail.text.count(": TALK\n") <= CARDS:
            assert in_text == in_html, (mail.subject, in_text - in_html)


def test_every_mail_can_be_stopped_from_itself(year: Record) -> None:
    for mail in year.mails:
        assert "http://localhost/unsubscribe/" in mail.text
