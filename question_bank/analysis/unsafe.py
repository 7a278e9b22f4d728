"""The unsafe choices of one fellow: which there are, what may be said of each, what ended it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from question_bank.analysis.progress import Fact


@dataclass(frozen=True)
class ChoiceRecord:
    """What is on record of an unsafe choice: its case, and in words what was done.

    `read_at` is when the fellow acknowledged it, `talked_at` when a mentor, `talked_by`, did first.
    It is `kept`, and without words, where the reader is to answer its case blind first.
    """

    case: str
    act: str
    read_at: datetime | None = None
    talked_at: datetime | None = None
    talked_by: str = ""
    kept: bool = False


@dataclass(frozen=True)
class UnsafeChoice:
    """A first answer that would have hurt the patient.

    It is `settled` once a mentor has acknowledged it, and `told` if its key is released to its
    fellow. `record` None: it is counted, and not named: it is not told yet, or the reader is no
    mentor of the fellow, or may be asked the same. If `kept`, it is named once the reader has
    answered its case blind.
    """

    response_id: int
    submitted_at: datetime
    settled: bool
    told: bool
    record: ChoiceRecord | None = field(default=None)
    kept: bool = False


def choice_of(
    fact: Fact, records: Mapping[int, ChoiceRecord], *, by: datetime, may_name: bool
) -> UnsafeChoice:
    """Return the unsafe choice that *fact* is, as it may be told *by* a moment."""
    known = records.get(fact.response_id)
    told = fact.is_told(by)
    named = told and may_name
    kept = named and known is not None and known.kept
    return UnsafeChoice(
        response_id=fact.response_id,
        submitted_at=fact.submitted_at,
        settled=known is not None and known.talked_at is not None,
        told=told,
        record=known if named and not kept else None,
        kept=kept,
    )
