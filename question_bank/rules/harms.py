"""Rules on what harms the patient: it goes by the act, in every case."""

from collections.abc import Iterator

from question_bank.knowledge import any_told
from question_bank.rules.base import Hit
from question_bank.rules.reading import CaseReading


def harms_by_act(reading: CaseReading) -> Iterator[Hit]:
    """L33: what harms is an act of the bank's one list, so that it is marked in every case.

    A case of the first format, which had no such list, is not kept back for it.
    """
    if reading.acts is None:
        return
    for asked in reading.asked:
        for field, option in asked.offered:
            if option.harm and option.harm not in reading.acts:
                yield Hit(
                    f"{field}.harm",
                    f"“{option.harm}” is not in the list of acts",
                    "name the act by its id, or bring it into the list first",
                    level="W" if reading.first else None,
                )


def acts_marked(reading: CaseReading) -> Iterator[Hit]:
    """L38: an option that is told to be an act of the bank's one list is marked as it. House rule.

    What tells an act is words, so a case may say in a waiver why it is none here. A stored case,
    which may be older than the list, is not kept back for it.
    """
    acts = [act for act in (reading.acts or {}).values() if act and act.tells]
    says_one = any_told(acts)
    for asked in reading.asked:
        story = reading.scene(asked.part)
        for field, option in asked.offered:
            if option.key or option.harm or not says_one(option.text):
                continue
            if act := next((each for each in acts if each.told_by(option.text, story)), None):
                yield Hit(
                    f"{field}.harm",
                    f"“{option.text}” looks like an act that harms: {act.name}",
                    "mark it, or say in a waiver why it does no harm here",
                    level="W" if reading.first else None,
                )
