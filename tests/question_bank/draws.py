"""Small blueprints, pools and years to draw from."""

from datetime import UTC, datetime, timedelta

from question_bank.assembly import Form, GivenItem, PoolItem
from question_bank.blueprint import Blueprint

MONDAY = datetime(2026, 7, 6, 12, tzinfo=UTC)


def plan_of(**approaches: dict[str, int]) -> Blueprint:
    """Return a blueprint of *approaches*, each with its topics and their weights."""
    return Blueprint.model_validate(
        {
            "version": 1,
            "tracks": [{"id": "ipm", "name": "IPM"}],
            "approaches": [
                {"id": name, "name": name, "topics": [topic_of(*each) for each in topics.items()]}
                for name, topics in approaches.items()
            ],
            "dimensions": [],
            "cognitive_levels": [],
            "competencies": [],
        }
    )


def topic_of(name: str, weight: int) -> dict[str, object]:
    return {
        "id": name, "name": name, "scope": name, "weights": {"ipm": weight}, "competencies": [],
    }  # fmt: skip


def pool_of(*cases: str) -> list[PoolItem]:
    """Return a pool: of each case the topic, once for every item (`"aaa"`: three of topic a).

    A case in capitals is asked whole.
    """
    items = [(case_id, letter) for case_id, case in enumerate(cases) for letter in case]
    return [
        PoolItem(number, case_id, letter.lower(), whole=letter.isupper())
        for number, (case_id, letter) in enumerate(items)
    ]


def given_of(items: list[PoolItem], quiz: int) -> list[GivenItem]:
    """Return that *items* were given in the week of that number."""
    at = MONDAY + timedelta(weeks=quiz)
    return [GivenItem(each.item_id, each.case_id, each.topic, quiz, at) for each in items]


def drawn(form: Form) -> list[int]:
    """Return the items of a form by their numbers."""
    return [item.item_id for item in form.items]
