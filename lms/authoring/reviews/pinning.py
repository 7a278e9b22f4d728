"""Quoted words on the page: marked, and pinned to what a reviewer says of them."""

from collections.abc import Mapping, Sequence

from markupsafe import Markup

from lms.authoring.reviews.queries import Thread
from lms.core.markdown import pinned
from question_bank.quoting import CaseText


class Pins:
    """Which words of a case are pinned: each once, in the text that they are quoted of."""

    def __init__(self, texts: Sequence[CaseText], threads: Sequence[Thread]) -> None:
        self._texts: Mapping[str, str] = {each.field: each.text for each in texts}
        self._left = list(threads)

    def __call__(self, html: Markup, text: str) -> Markup:
        """Return *html*, which shows *text*, with the words marked that are quoted of it."""
        for thread in [each for each in self._left if self._texts.get(each.comment.path) == text]:
            marked = pinned(html, thread.comment.quoted, thread.number)
            if marked is not None:
                html = marked
                self._left.remove(thread)
        return html

    @property
    def unmarked(self) -> frozenset[int]:
        """The numbers of the comments whose words were not met so far."""
        return frozenset(each.number for each in self._left)
