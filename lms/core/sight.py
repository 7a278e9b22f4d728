"""What a page showed of what it asks to confirm. Its form acts on that, or on nothing.

The form carries its *sight*, signed, so that what changed in between can be shown as it was and as
it is. Who acts asks `check_sight` in the transaction of the act, once nobody else can change the
object any more, and says how it stands then.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from http import HTTPStatus

from flask import request

from lms.core.errors import NotFound, Refusal
from lms.core.signing import read_signed, sign

Sight = Mapping[str, str]
"""How things stand, in words, by what they are called."""

FIELD = "sight"

_PURPOSE = "sight"


@dataclass(frozen=True)
class Change:
    """One thing that is not as it was shown. None: it was not there, or is not any more."""

    what: str
    shown: str | None
    now: str | None


class NotAsShown(Refusal):
    """What a form would act on has changed since its page was made.

    `changes` are all that differs; none where the page did not say what it had shown. `page` is
    the address where it can be looked at as it is.
    """

    http_status = HTTPStatus.CONFLICT
    message = "This has changed since you opened the page, so nothing was done."

    def __init__(self, changes: tuple[Change, ...], page: str) -> None:
        super().__init__()
        self.changes, self.page = changes, page


def carried(sight: Sight) -> str:
    """Return *sight* as a form carries it."""
    return sign(dict(sight), purpose=_PURPOSE)


def check_sight(now: Sight, *, page: str, done: Collection[str] = ()) -> None:
    """Check that the form that was sent comes from a page that showed what is so *now*.

    What is called as in *done* is as the form asks already, and may differ from what was shown:
    who presses a button twice has changed it by the first press.

    Raises:
        NotAsShown: it does not.
    """
    shown = _shown()
    if shown is None:
        raise NotAsShown((), page)
    names = [*shown, *(name for name in now if name not in shown)]
    pairs = [Change(name, shown.get(name), now.get(name)) for name in names]
    changes = tuple(e for e in pairs if e.shown != e.now and e.what not in done)
    if changes:
        raise NotAsShown(changes, page)


def _shown() -> dict[str, str] | None:
    try:
        shown = read_signed(request.form.get(FIELD, "").strip(), purpose=_PURPOSE)
    except NotFound:
        return None
    if not isinstance(shown, dict):
        return None
    return {str(name): str(words) for name, words in shown.items()}
