"""What the program wants of a share, and how sure it is to be before it is said."""

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field


@dataclass(frozen=True)
class VerdictPolicy:
    """The line of the verdict and its thresholds, in percent.

    `line` is the share of first answers that the program wants. The others are chances that a true
    share lies below it: from `talk` on, over all approaches, a fellow needs a word; from `approach`
    on, an approach does; up to `fine`, over all approaches, nothing does.
    """

    line: Annotated[int, Field(ge=50, le=90)] = 70
    talk: Annotated[int, Field(ge=60, le=99)] = 80
    approach: Annotated[int, Field(ge=60, le=99)] = 90
    fine: Annotated[int, Field(ge=1, le=40)] = 20
