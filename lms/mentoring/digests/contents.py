"""What a digest says: sentences and figures, made once and kept; both parts of the mail and the
page of past mails are drawn from it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Annotated, Any, NamedTuple

from pydantic import BeforeValidator, Field, PlainSerializer, PlainValidator, TypeAdapter

from lms.core.figures import say_count, say_figure
from lms.progress.verdict_words import TAGS
from lms.progress.wording import say_span
from question_bank.scoring import Tally

CARDS = 3
"""How many fellows get a card of their own in one mail; more would not be read, nor fit."""

ROWS = 8
"""How many further fellows get a row. The text part names everybody."""


WORDS = 3
"""How many texts of a fellow stand in a mail."""


class Ask(NamedTuple):
    """What is late, or a talking point: what, what more, and both in a few words."""

    strong: str
    rest: str
    brief: str


class Quote(NamedTuple):
    """What a fellow said, and "On Quiz 4, Thu Nov 19.", which mails of before lack."""

    text: str
    about: str = ""


def _quotes(kept: Any) -> Any:
    return [Quote(kept)] if isinstance(kept, str) else kept


KeptQuotes = Annotated[tuple[Quote, ...], BeforeValidator(_quotes)]
"""What a fellow said, newest first; mails of before kept one text."""


def _kept_tally(tally: Tally) -> list[int]:
    return [tally.correct.numerator, tally.correct.denominator, tally.items]


def _tally(kept: list[int]) -> Tally:
    numerator, denominator, items = kept
    return Tally(Fraction(numerator, denominator), items)


KeptTally = Annotated[Tally, PlainValidator(_tally), PlainSerializer(_kept_tally)]
"""A tally that is kept as three numbers: the sum of credits as a fraction, and of how many."""


@dataclass(frozen=True)
class Bar:
    """An approach and the tally of the last eight weeks."""

    name: str
    tally: Tally

    @property
    def words(self) -> str:
        """The figure in words, with count and interval."""
        return say_figure(self.tally)


def _kept_bar(bar: Bar) -> list[str | int]:
    return [bar.name, *_kept_tally(bar.tally)]


def _bar(kept: list[Any]) -> Bar:
    name, *numbers = kept
    return Bar(name, _tally(numbers))


KeptBar = Annotated[Bar, PlainValidator(_bar), PlainSerializer(_kept_bar)]
"""A bar that is kept as its name and three numbers."""


@dataclass(frozen=True)
class FellowPart:
    """What is said of one fellow.

    `grounds` are what the verdict, `state`, rests on, and `settle` what would settle it: a heading
    and the sentences. `own_words` are what the fellow says of the own week, newest first, and
    `further_words` count what is in the report alone. `goals` are what there is to say of goals, a
    sentence or two each, and `answered` is what the mentor answered last when asked for a word.
    `deputy` says for whom and how long the mentor stands in, if so.
    `news` is what the period brought, `bars` are the shares of the window, whose `days` are said,
    `contrasts` its strengths and gaps, and `before` the window before it. Mails of the first
    edition have no state; `why` and `late` say what theirs have for grounds.
    """

    fellow_id: Annotated[int, Field(alias="id")]
    name: str
    needs_word: bool
    why: tuple[str, ...]
    news: str
    bars: tuple[KeptBar, ...]
    total: KeptTally
    before: str
    contrasts: tuple[str, ...]
    late: tuple[Ask, ...]
    asks: tuple[Ask, ...]
    state: str = ""
    days: str = "last eight weeks"
    grounds: tuple[Ask, ...] = ()
    settle: tuple[str, str] = ("", "")
    own_words: KeptQuotes = ()
    further_words: int = 0
    goals: tuple[str, ...] = ()
    answered: str = ""
    deputy: str = ""

    @property
    def tag(self) -> tuple[str, str]:
        """What the state is called, and the kind of its tag."""
        if self.state:
            return TAGS[self.state]
        return ("Talk this week", "warn") if self.needs_word else ("On track", "good")

    @property
    def more_words(self) -> str:
        """Where the rest is of what the fellow said, if there is more."""
        return f"And {self.further_words} more in the report." if self.further_words else ""

    @property
    def because(self) -> tuple[Ask, ...]:
        """What the state rests on, a sentence or two each."""
        return (*(Ask("", sentence, sentence) for sentence in self.why), *self.late, *self.grounds)

    @property
    def reasons(self) -> list[str]:
        """The reasons for a word, in short."""
        return [ask.brief for ask in self.because]

    @property
    def brief(self) -> list[str]:
        """What is said of a fellow in need for whom there is no room for a card."""
        said = (self.deputy, *self.quotes, *self.reasons, self.answered)
        return [line for line in said if line]

    @property
    def quotes(self) -> list[str]:
        """The fellow's own words, each in a line, and where the rest of them is."""
        said = [f"“{' '.join(words.text.split())}” {words.about}" for words in self.own_words]
        return [line.strip() for line in (*said, self.more_words) if line]

    @property
    def short(self) -> list[str]:
        """What is said of a fellow who needs no card, in lines."""
        counts = [f"{bar.name} {say_count(bar.tally)}" for bar in self.bars if bar.tally.items]
        whole = f"Eight weeks: {say_figure(self.total)}. {', '.join(counts)}." if counts else ""
        lines = [
            self.deputy,
            *self.quotes,
            *(f"{ask.strong} {ask.rest}".strip() for ask in self.because),
            " ".join(self.settle).strip(),
            self.news,
            "" if self.state else whole,
            " ".join(self.contrasts),
            f"Ask about: {self.asks[0].brief}." if self.asks else "",
            *self.goals,
        ]
        return [line for line in lines if line]


@dataclass(frozen=True)
class DigestContents:
    """What a digest says. `period` is like "Nov 16 to 22, 2026", `zone` like "Eastern".

    Not `full`: of the fellows in need it has no figures but those that the verdict rests on.
    It `comes` "on Mondays at 6:00 AM".
    """

    subject: str
    lead: str
    period: str
    zone: str
    fellows: tuple[FellowPart, ...]
    full: bool = True
    comes: str = "on Mondays"

    @property
    def in_need(self) -> list[FellowPart]:
        """The fellows who need a word, by name."""
        return [fellow for fellow in self.fellows if fellow.needs_word]

    @property
    def others(self) -> list[tuple[str, list[FellowPart]]]:
        """The others, by what their state is called, then by name."""
        return _by_tag([fellow for fellow in self.fellows if not fellow.needs_word])

    @property
    def cards(self) -> list[FellowPart]:
        """Those in need who have a card of their own."""
        return self.in_need[:CARDS]

    @property
    def draws(self) -> bool:
        """Whether a card draws a share with its interval."""
        shares = (bar.tally for fellow in self.cards for bar in fellow.bars)
        return self.full and any(share.is_figure for share in shares)

    @property
    def rows_in_need(self) -> list[FellowPart]:
        """Those in need for whom there is no room for a card."""
        return self.in_need[CARDS : CARDS + ROWS]

    @property
    def rows_of_others(self) -> list[tuple[str, list[FellowPart]]]:
        """The others who have a row, by what their state is called."""
        every = [fellow for _, group in self.others for fellow in group]
        return _by_tag(every[: ROWS - len(self.rows_in_need)])

    @property
    def unlisted(self) -> int:
        """How many have neither card nor row."""
        rows = sum(len(group) for _, group in self.rows_of_others)
        return len(self.fellows) - len(self.cards) - len(self.rows_in_need) - rows


def _by_tag(fellows: list[FellowPart]) -> list[tuple[str, list[FellowPart]]]:
    groups: dict[str, list[FellowPart]] = {name: [] for name, _ in TAGS.values()}
    for fellow in fellows:
        groups.setdefault(fellow.tag[0], []).append(fellow)
    return [(tag, group) for tag, group in groups.items() if group]


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


_KEPT = TypeAdapter(DigestContents)


def to_json(contents: DigestContents) -> dict[str, Any]:
    """Return *contents* as they are kept; `from_json` gives them back."""
    kept: dict[str, Any] = _KEPT.dump_python(
        contents, mode="json", by_alias=True, exclude_defaults=True
    )
    return kept


def from_json(kept: Mapping[str, Any]) -> DigestContents:
    """Return what a digest says, from what `to_json` made of it."""
    return _KEPT.validate_python(kept)
