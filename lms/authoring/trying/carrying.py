"""How a page carries a trial: signed for one person and one state of it, and bounded."""

from typing import Any

from lms.attempts.models import Confidence
from lms.authoring.trying.trials import Given, Trial, Tried
from lms.core.errors import Invalid, NotFound, Refusal
from lms.core.signing import read_signed, sign

LONGEST = 1_000_000
"""Characters that a page may carry."""

_PURPOSE = "trial"


class TriedChanged(Refusal):
    """What is tried out is not what it was when the trial began."""

    http_status = 409
    message = "This has changed since you began to try it out, so it begins anew."


class TooMuchToCarry(Invalid):
    """The answers together are longer than a page may be."""

    message = (
        "Nothing is stored while you try it out, and these answers are too long for the page to "
        "carry. Write less into the essays."
    )


def carried(trial: Trial, tried: Tried, *, by: int) -> str:
    """Return the trial as the next page of person *by* carries it.

    Raises:
        TooMuchToCarry: it is too long.
    """
    given = {
        position: [each.answer, each.confidence and each.confidence.value]
        for position, each in trial.given.items()
    }
    value = {"of": tried.mark, "by": by, "seed": trial.seed, "step": trial.step, "given": given}
    token = sign(value, purpose=_PURPOSE)
    if len(token) > LONGEST:
        raise TooMuchToCarry
    return token


def read_trial(token: str, tried: Tried, *, by: int) -> Trial:
    """Return the trial that a page of person *by* carried.

    Raises:
        NotFound: we made no such page for that person.
        TriedChanged: it was of something else, or of another state of it.
    """
    if len(token) > LONGEST:
        raise NotFound
    value: Any = read_signed(token, purpose=_PURPOSE)
    if value["by"] != by:
        raise NotFound
    if value["of"] != tried.mark:
        raise TriedChanged
    given = {
        int(position): Given(answer, Confidence(confidence) if confidence else None)
        for position, (answer, confidence) in value["given"].items()
    }
    return Trial(value["seed"], value["step"], given)
