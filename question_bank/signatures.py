"""How long a clinician's signature holds: as long as what is right stays the same.

It goes on over versions that change the wording only, and ends with the first published one that
asks an edition which the signed version did not ask. What has ended does not come back by itself.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

Asked = Mapping[int, frozenset[tuple[int, int]]]
"""The items and their editions that each published version asks, by the version's number."""


class Signature(StrEnum):
    """How a case stands to the clinicians' signatures."""

    NONE = "none"
    HOLDS = "holds"
    WORDING = "wording"
    ENDED = "ended"


@dataclass(frozen=True)
class Signed:
    """How a version stands to signatures: `version` is the signed one, None where there is none.

    `ended_by` is the version that changed what is right, where the signature has ended.
    """

    state: Signature
    version: int | None = None
    ended_by: int | None = None

    @property
    def good(self) -> bool:
        """Whether a clinician answers for what is asked."""
        return self.state in (Signature.HOLDS, Signature.WORDING)


def signature_at(current: int, signed: Iterable[int], asked: Asked) -> Signed:
    """Return how version *current* stands to signatures.

    Args:
        current: The number of the version that is asked about.
        signed: The numbers of the versions that a clinician has signed.
        asked: What published versions ask. A signed one that is not among them asks nothing that
            could go on.
    """
    earlier = sorted({number for number in signed if number <= current}, reverse=True)
    ends = [(number, _ended_by(number, current, asked)) for number in earlier]
    for number, ended_by in ends:
        if ended_by is None:
            state = Signature.HOLDS if number == current else Signature.WORDING
            return Signed(state, number)
    return Signed(Signature.ENDED, *ends[0]) if ends else Signed(Signature.NONE)


def _ended_by(number: int, current: int, asked: Asked) -> int | None:
    right = asked.get(number, frozenset())
    later = (each for each in sorted(asked) if number < each <= current)
    return next((each for each in later if not asked[each] <= right), None)
