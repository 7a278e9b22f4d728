"""What a digest says: sentences and figures, made once and kept; both parts of the mail and the
page of past mails are drawn from it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any

from lms.core.clock import zone_name
from lms.progress.wording import (
    plural,
    say_before,
    say_contrasts,
    say_count,
    say_figure,
    say_missed,
    say_number,
    say_overdue,
    say_span,
    say_weak,
)
from question_bank.analysis.summary import Summary
from question_bank.scoring import Tally, amount

CARDS = 3
"""How many fellows get a card of their own in one mail; more would not be read, nor fit."""

ROWS = 8
"""How many further fellows get a row. The text part names everybody."""


@dataclass(frozen=True)
class Ask:
    """What is late, or a talking point: what, what more, and both in a few words."""

    strong: str
    rest: str
    brief: str


@dataclass(frozen=True)
class Bar:
    """An approach and the tally of the last eight weeks."""

    name: str
    tally: Tally

    @property
    def words(self) -> str:
        """The figure in words, with count and interval."""
        return say_figure(self.tally)


@dataclass(frozen=True)
class FellowSaid:
    """What is said of one fellow.

    `why` are the approaches worth a word, `late` is what is overdue or was missed, `news` is
    what the period brought, `contrasts` are the strengths, and the gaps that are not in `why`,
    `before` is the window that the other bars are to be compared with.
    """

    fellow_id: int
    name: str
    needs_word: bool
    why: tuple[str, ...]
    news: str
    bars: tuple[Bar, ...]
    total: Tally
    before: str
    contrasts: tuple[str, ...]
    late: tuple[Ask, ...]
    asks: tuple[Ask, ...]

    @property
    def reasons(self) -> list[str]:
        """The reasons for a word, in short."""
        return [*self.why, *(ask.strong for ask in self.late)]

    @property
    def short(self) -> list[str]:
        """What is said of a fellow who needs no card, in lines."""
        counts = [f"{bar.name} {say_count(bar.tally)}" for bar in self.bars if bar.tally.items]
        lines = [
            self.news,
            f"Eight weeks: {say_figure(self.total)}. {', '.join(counts)}." if counts else "",
            " ".join(self.contrasts),
            f"Ask about: {self.asks[0].brief}." if self.asks else "",
        ]
        return [line for line in lines if line]


@dataclass(frozen=True)
class Said:
    """What a digest says. `period` is like "Nov 16 to 22, 2026", `zone` like "Eastern"."""

    subject: str
    lead: str
    period: str
    zone: str
    fellows: tuple[FellowSaid, ...]

    @property
    def in_need(self) -> list[FellowSaid]:
        """The fellows who need a word, by name."""
        return [fellow for fellow in self.fellows if fellow.needs_word]

    @property
    def on_track(self) -> list[FellowSaid]:
        """The others, by name."""
        return [fellow for fellow in self.fellows if not fellow.needs_word]

    @property
    def cards(self) -> list[FellowSaid]:
        """Those in need who have a card of their own."""
        return self.in_need[:CARDS]

    @property
    def rows_in_need(self) -> list[FellowSaid]:
        """Those in need for whom there is no room for a card."""
        return self.in_need[CARDS : CARDS + ROWS]

    @property
    def rows_on_track(self) -> list[FellowSaid]:
        """Those on track who have a row."""
        return self.on_track[: ROWS - len(self.rows_in_need)]

    @property
    def unlisted(self) -> int:
        """How many have neither card nor row."""
        shown = len(self.cards) + len(self.rows_in_need) + len(self.rows_on_track)
        return len(self.fellows) - shown


@dataclass(frozen=True)
class Period:
    """The time reported on, `ends_at` excluded, in the mentor's zone."""

    starts_at: datetime
    ends_at: datetime
    zone: str

    @property
    def words(self) -> str:
        """The first and the last day, as "Nov 16 to 22, 2026"."""
        return say_span(self.starts_at, self.ends_at, self.zone)


def say(
    fellows: Sequence[tuple[int, str]],
    summaries: Mapping[int, Summary],
    period: Period,
    *,
    now: datetime,
) -> Said:
    """Return what is to be said about *fellows* (id and name, in the order to be named)."""
    said = tuple(
        _of_fellow(fellow_id, name, summaries[fellow_id], period, now)
        for fellow_id, name in fellows
    )
    need = sum(fellow.needs_word for fellow in said)
    return Said(
        subject=conclusion(need, len(said)),
        lead=_rest(need, len(said)),
        period=period.words,
        zone=zone_name(period.zone),
        fellows=said,
    )


def conclusion(need: int, fellows: int) -> str:
    """Return the subject: how many of the mentor's fellows need a word."""
    if fellows == 1:
        return "Your fellow needs a word this week" if need else "Your fellow is on track"
    many = say_number(fellows)
    if not need:
        return f"{'Both of your' if fellows == 2 else f'Your {many}'} fellows are on track"
    if need == fellows:
        every = "Both" if fellows == 2 else f"All {many}"
        return f"{every} of your fellows need a word this week"
    verb = "needs" if need == 1 else "need"
    return f"{say_number(need).capitalize()} of your {many} fellows {verb} a word this week"


def _rest(need: int, fellows: int) -> str:
    rest = fellows - need
    if not need:
        return "Nothing is overdue, and no approach stands out as weak."
    if not rest:
        return ""
    if rest == 1:
        return "The other one is on track."
    return f"The other {say_number(rest)} are on track."


def _of_fellow(
    fellow_id: int, name: str, summary: Summary, period: Period, now: datetime
) -> FellowSaid:
    late = [say_overdue(standing, period.zone, now) for standing in summary.overdue]
    late += [say_missed(standing, period.zone) for standing in summary.missed]
    told = summary.weak
    return FellowSaid(
        fellow_id=fellow_id,
        name=name,
        needs_word=summary.needs_word,
        why=tuple(say_weak(line) for line in told),
        news=_news(summary),
        bars=tuple(Bar(line.name, line.recent) for line in summary.lines),
        total=summary.total,
        before=say_before(summary.lines, told),
        contrasts=tuple(say_contrasts(summary.lines, told)),
        late=tuple(Ask(strong, rest, strong) for strong, rest in late),
        asks=tuple(
            Ask(
                f"{point.name}.",
                f"{say_count(point.tally)} correct. {takeaway}".strip(),
                f"{point.name} ({say_count(point.tally)})",
            )
            for point, takeaway in summary.points
        ),
    )


def _news(summary: Summary) -> str:
    titles = [standing.assignment.title for standing in summary.finished]
    done = f"Finished {', '.join(titles)}. " if titles else ""
    if not summary.fresh.items:
        return f"{done}None of the items counts so far." if done else "Nothing new in this period."
    items = plural(summary.fresh.items, "item")
    said = f"{items} in this period, {amount(summary.fresh.correct)} correct."
    if summary.unsafe:
        said += f" {plural(summary.unsafe, 'choice')} would have harmed a patient."
    return done + said


def to_json(said: Said) -> dict[str, Any]:
    """Return *said* as it is kept; `from_json` gives it back."""
    return {
        "subject": said.subject,
        "lead": said.lead,
        "period": said.period,
        "zone": said.zone,
        "fellows": [_fellow_to_json(fellow) for fellow in said.fellows],
    }


def _fellow_to_json(fellow: FellowSaid) -> dict[str, Any]:
    return {
        "id": fellow.fellow_id,
        "name": fellow.name,
        "needs_word": fellow.needs_word,
        "why": list(fellow.why),
        "news": fellow.news,
        "bars": [[bar.name, *_tally_to_json(bar.tally)] for bar in fellow.bars],
        "total": _tally_to_json(fellow.total),
        "before": fellow.before,
        "contrasts": list(fellow.contrasts),
        "late": [[ask.strong, ask.rest, ask.brief] for ask in fellow.late],
        "asks": [[ask.strong, ask.rest, ask.brief] for ask in fellow.asks],
    }


def _tally_to_json(tally: Tally) -> list[int]:
    return [tally.correct.numerator, tally.correct.denominator, tally.items]


def from_json(kept: Mapping[str, Any]) -> Said:
    """Return what was said, from what `to_json` made of it."""
    return Said(
        subject=kept["subject"],
        lead=kept["lead"],
        period=kept["period"],
        zone=kept["zone"],
        fellows=tuple(_fellow_from_json(fellow) for fellow in kept["fellows"]),
    )


def _fellow_from_json(kept: Mapping[str, Any]) -> FellowSaid:
    return FellowSaid(
        fellow_id=kept["id"],
        name=kept["name"],
        needs_word=kept["needs_word"],
        why=tuple(kept["why"]),
        news=kept["news"],
        bars=tuple(Bar(name, _tally_from_json(*numbers)) for name, *numbers in kept["bars"]),
        total=_tally_from_json(*kept["total"]),
        before=kept["before"],
        contrasts=tuple(kept["contrasts"]),
        late=tuple(Ask(*words) for words in kept["late"]),
        asks=tuple(Ask(*words) for words in kept["asks"]),
    )


def _tally_from_json(numerator: int, denominator: int, items: int) -> Tally:
    return Tally(Fraction(numerator, denominator), items)
