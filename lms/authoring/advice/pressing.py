"""The buttons of advice in a draft's form: `mend:`, `keep:` and `letgo:`, each with a place."""

import secrets
from collections.abc import Callable, Mapping

from lms.core.errors import Invalid
from question_bank.advice.acts import NotDone, kept, let_go, mended
from question_bank.advice.listing import AdviceList
from question_bank.drafts.bodies import Body

VERBS = frozenset({"mend", "keep", "letgo"})

Adviser = Callable[[Body], AdviceList]
"""Says what is advised on a draft."""


def after_press(
    body: Body, verb: str, at: str, sent: Mapping[str, str], advise: Adviser
) -> tuple[Body, str]:
    """Return what a draft says after a button of its advice, and the path to go on at.

    Args:
        body: The draft, as the form has it.
        verb: One of `VERBS`.
        at: What follows it in the button: path, rule and which finding of it; or a handle.
        sent: The form; the reason for keeping advice stands there as `why:` and *at*.
        advise: Who is asked what is advised on it now.

    Raises:
        Invalid: it reads otherwise now, or cannot be kept, or not without a reason.
    """
    if verb == "letgo":
        return let_go(body, at), "advice"
    path, _, rest = at.partition(":")
    rule, _, nth = rest.partition(":")
    found = advise(body)
    try:
        if verb == "mend":
            return mended(body, path, rule, found, int(nth) if nth.isdecimal() else 0), path
        why = sent.get(f"why:{at}", "")
        return kept(body, path, rule, why, found, handle=secrets.token_hex(4)), path
    except NotDone as refused:
        raise Invalid(str(refused)) from refused
