"""What a browser sends of the form on a page, without a script."""

from html.parser import HTMLParser

from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

Sent = list[tuple[str, str]]


class Controls(HTMLParser):
    """Collects the controls of the form with an id, as a browser sends them when none is touched.

    Lines end in two signs; a line end that begins a text box is none of its text; a line has none.
    """

    def __init__(self, markup: str, form: str) -> None:
        super().__init__()
        self.sent: Sent = []
        self._form, self._inside = form, False
        self._area: str | None = None
        self._text = ""
        self._select: str | None = None
        self._options: list[tuple[str, bool]] = []
        self.feed(markup)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        own = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._inside = own.get("id") == self._form
        if not self._inside and own.get("form") != self._form:
            return
        if tag == "input" and own.get("name"):
            self._input(own, checked="checked" in own)
        elif tag == "textarea":
            self._area, self._text = own.get("name"), ""
        elif tag == "select":
            self._select, self._options = own.get("name"), []
        elif tag == "option" and self._select is not None:
            self._options.append((own["value"], "selected" in own))

    def _input(self, own: dict[str, str], *, checked: bool) -> None:
        if own.get("type") in ("checkbox", "radio") and not checked:
            return
        self.sent.append((own["name"], own.get("value", "").replace("\n", "").replace("\r", "")))

    def handle_data(self, data: str) -> None:
        if self._area is not None:
            self._text += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = False
        elif tag == "textarea" and self._area is not None:
            text = self._text.removeprefix("\r").removeprefix("\n").replace("\r\n", "\n")
            self.sent.append((self._area, text.replace("\n", "\r\n")))
            self._area = None
        elif tag == "select" and self._select is not None:
            chosen = [value for value, selected in self._options if selected]
            self.sent.append((self._select, (chosen or [self._options[0][0]])[-1]))
            self._select = None


def controls_of(page: TestResponse) -> Sent:
    """Return what the form of the editor on *page* holds."""
    return Controls(page.text, "draft").sent


def press(
    client: FlaskClient, draft_id: int, do: str = "save", at: str = "", **typed: str
) -> TestResponse:
    """Open the editor, type into controls by their names, `__` for `/`, and press a button."""
    page = client.get(f"/drafts/{draft_id}{at}")
    assert page.status_code == 200, page.status
    new = {name.replace("__", "/"): text for name, text in typed.items()}
    sent = [(name, new.pop(name, value)) for name, value in controls_of(page)]
    assert not new, f"the page has no {list(new)}"
    return client.post(f"/drafts/{draft_id}", data=MultiDict([*sent, ("do", do)]))
