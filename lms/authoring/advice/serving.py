"""What the bank covers of what a draft is about, so that its author sees what is wanted."""

from collections.abc import Iterator
from dataclasses import dataclass

from lms.cases.covering import TrackCovered, tracks_covered
from lms.cases.search.tagging import tag_name
from question_bank.drafts.bodies import Body


@dataclass(frozen=True)
class CoverageServed:
    """What the published cases cover for a track of the topic and levels of a draft, in words."""

    track: str
    name: str
    said: str


def coverage_served(body: Body) -> list[CoverageServed]:
    """Return what is said of each track of a draft, of all while it names none; in one statement.

    Without a topic and a level there is nothing to say.
    """
    tracks = tracks_covered()
    wanted = body.get("tracks") or [each.track for each in tracks]
    return [
        CoverageServed(each.track, tag_name(each.track), said)
        for each in tracks
        if each.track in wanted and (said := " ".join(_sentences(body, each)))
    ]


def _sentences(body: Body, track: TrackCovered) -> Iterator[str]:
    topic = next((each for each in track.topics if each.topic == body.get("topic")), None)
    if topic is not None:
        has = f"{topic.items} {'item' if topic.items == 1 else 'items'}"
        yield f"This topic has {has}; the blueprint asks for {topic.wanted or 'none'}."
    items = (item for stage in body.get("stages", ()) for item in stage.get("items", ()))
    levels = {item.get("level") for item in items}
    for each in track.levels:
        if each.level in levels:
            share = f"{int(each.share)}% of the items, {int(each.wanted)}% are wanted"
            yield f"{tag_name(each.level)}: {share}."
