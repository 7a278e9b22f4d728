"""Forms as a browser would send them: with all that their controls hold."""

from html.parser import HTMLParser

from werkzeug.test import TestResponse


def held(page: TestResponse) -> dict[str, str]:
    """Return what the last form of a page holds, but for its buttons."""
    reader = _Form()
    reader.feed(page.text)
    return reader.forms[-1]


class _Form(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[dict[str, str]] = []
        self.area = self.choice = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        name = given.get("name", "")
        if tag == "form":
            self.forms.append({})
        if tag == "select":
            self.choice = name
        if tag == "option" and "selected" in given:
            self.forms[-1][self.choice] = given["value"]
        if tag == "textarea":
            self.area = name
            self.forms[-1][name] = ""
        if tag == "input" and name and self.forms:
            ticked = given.get("type") not in {"radio", "checkbox"} or "checked" in given
            if ticked:
                self.forms[-1][name] = given.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self.area = ""

    def handle_data(self, data: str) -> None:
        if self.area:
            self.forms[-1][self.area] += data.strip()
