"""The lists of the bank and the blueprint that an author chooses from."""

from lms.authoring.editor.fields import Choices, Lists
from lms.cases.content import acts
from lms.cases.knowledge import own_lists
from lms.program.blueprint import blueprint


def lists_to_choose_from() -> Lists:
    """Return the lists by their names; of those that are too long, what is typed is taken."""
    plan = blueprint()
    values = {
        each.id: [(value.id, value.name) for value in each.values] for each in plan.dimensions
    }
    return {
        "acts": _acts(),
        "condition": values.get("condition", []),
        "facts": [],
        "focus": values.get("focus", []),
        "levels": [(each.id, each.name) for each in plan.cognitive_levels],
        "population": values.get("population", []),
        "setting": values.get("setting", []),
        "topics": [
            (topic.id, f"{approach.name}: {topic.name}")
            for approach in plan.approaches
            for topic in approach.topics
            if not topic.retired
        ],
        "tracks": [(each.id, each.name) for each in plan.tracks],
    }


def _acts() -> Choices:
    shipped = [(act.id, act.name) for act in acts().values()]
    return [*shipped, *((each, each) for each in sorted(own_lists().acts - acts().keys()))]
