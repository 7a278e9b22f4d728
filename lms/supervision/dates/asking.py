"""What the page asks before an assignment is changed: what becomes of what, and of whom."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from lms.core.clock import say_day, say_when
from lms.core.figures import plural
from lms.core.sight import Sight
from lms.supervision.dates.changing import Affected, TermsChange
from lms.supervision.dates.wording import NAMES, gained_or_lost, said, said_to_fellow, say_shift
from question_bank.promises import Promise, Shift, Standpoint
from question_bank.terms import Feedback

_DATES = {Promise.OPENS, Promise.DUE, Promise.CLOSES}

_ALWAYS = {NAMES[each] for each in (Promise.DUE, Promise.CLOSES, Promise.LIMIT)}

_NOUNS = {
    Promise.LIMIT: "the time limit",
    Promise.ATTEMPTS: "the attempts",
    Promise.UNFINISHED: "what happens if time runs out",
    Promise.FREEZES: "the freezes",
    Promise.ANSWERS: "when answers are shown",
}


@dataclass(frozen=True)
class TermRow:
    """What an assignment says of one thing, as it was promised and as it would be."""

    name: str
    promised: str
    new: str


@dataclass(frozen=True)
class AlikeFellows:
    """Fellows to whom the same happens, and what: "have not begun: two days less"."""

    names: Sequence[str]
    says: str


@dataclass(frozen=True)
class DatesQuestion:
    """What is asked before it is done. `told` is how many are told of it; None: not to be said."""

    title: str
    rows: Sequence[TermRow]
    groups: Sequence[AlikeFellows]
    takes_away: bool
    reads: Sequence[str]
    button: str
    keep: str
    told: int | None

    @property
    def sight(self) -> Sight:
        """What is shown, for the form to carry."""
        return {
            **{each.name: f"{each.promised} → {each.new}" for each in self.rows},
            **{_capital(each.says): ", ".join(each.names) for each in self.groups},
        }


def question(change: TermsChange, *, zone: str, now: datetime, to_director: bool) -> DatesQuestion:
    """Return what is asked of who would make *change*.

    Who is no director is told of nobody how far they are, but of who has handed in, nor what an
    extension or an accommodation makes of it.
    """
    places = (Standpoint(change.before), Standpoint(change.after))
    what = _what(change.shifts)
    told = len(change.told) if to_director else None
    tells = {None: " and tell whom it concerns", 0: ""}
    return DatesQuestion(
        title=_title(change, zone),
        rows=_rows(change, zone, now),
        groups=_groups(change, zone, now) if to_director else _for_all(change, zone, now),
        takes_away=change.takes_away,
        reads=said_to_fellow(change.title, change.shifts, places, zone=zone, now=now),
        button=f"Change {what}" + tells.get(told, f" and tell {plural(told or 0, 'fellow')}"),
        keep=_keep(change, zone),
        told=told,
    )


def _rows(change: TermsChange, zone: str, now: datetime) -> list[TermRow]:
    ends = (Standpoint(change.before), Standpoint(change.after))
    rows = [
        TermRow(name, *(_capital(said(promise, place, zone, now)) for place in ends))
        for promise, name in NAMES.items()
    ]
    if change.after.policy is Feedback.GRADED:
        last = (say_when(each.terms.results, zone) for each in ends)
        rows.append(TermRow("Ends for everyone", *last))
    return [each for each in rows if each.name in _ALWAYS or each.new != each.promised]


def _title(change: TermsChange, zone: str) -> str:
    old, new = change.before, change.after
    moved = {each.promise for each in change.shifts}
    if Promise.CLOSES in moved and moved <= {Promise.CLOSES, Promise.ANSWERS}:
        return f"Close it {_moved(old.closes, new.closes, zone)}?"
    if len(moved) != 1:
        return "Change the dates?" if moved <= _DATES else "Change dates and rules?"
    titles: dict[Promise, Callable[[], str]] = {
        Promise.OPENS: lambda: f"Open it {_moved(old.opens, new.opens, zone)}?",
        Promise.DUE: lambda: f"Have it due {_moved(old.due, new.due, zone)}?",
        Promise.LIMIT: lambda: "Change the time limit?",
        Promise.ATTEMPTS: lambda: f"Allow {plural(new.attempts, 'attempt')}?",
        Promise.UNFINISHED: lambda: "Change what happens if time runs out?",
        Promise.FREEZES: lambda: "Change how often the clock may be stopped?",
        Promise.ANSWERS: lambda: "Change when answers are shown?",
    }
    return titles[moved.pop()]()


def _moved(old: datetime, new: datetime, zone: str) -> str:
    return f"{say_shift(old, new, zone)} {'later' if new > old else 'earlier'}"


def _what(shifts: Sequence[Shift]) -> str:
    moved = {each.promise for each in shifts}
    if moved <= _DATES:
        return "the date" if len(moved) == 1 else "the dates"
    return _NOUNS.get(next(iter(moved)), "") if len(moved) == 1 else "dates and rules"


def _keep(change: TermsChange, zone: str) -> str:
    closes = {each.promise for each in change.shifts} & _DATES == {Promise.CLOSES}
    return f"Keep {say_day(change.before.closes, zone)}" if closes else "Keep it as it is"


def _groups(change: TermsChange, zone: str, now: datetime) -> list[AlikeFellows]:
    """Return who loses first, then who is answering, who gains, and for whom nothing changes."""
    found: dict[tuple[int, str], list[str]] = {}
    for each in change.affected:
        found.setdefault(_fate(each, zone, now), []).append(each.before.name)
    return [_group(says, names) for (_, says), names in sorted(found.items())]


def _fate(one: Affected, zone: str, now: datetime) -> tuple[int, str]:
    """Return where a fellow belongs, and what is said of the fellow."""
    place = one.before.place
    runs, done = place.runs, one.before.handed_in
    over = "not handed in in time" if place.begun else "not begun"
    state = "begun" if runs else "handed in" if done else over
    changes = gained_or_lost(one.shifts, (place, one.after.place), zone=zone, now=now)
    if changes:
        gains = all(each.better for each in one.shifts)
        return (2 if gains else 0), f"{state}: {', '.join(changes)}"
    return (1, f"{state}: the clock does not change") if runs else (3, f"{state}: nothing changes")


def _for_all(change: TermsChange, zone: str, now: datetime) -> list[AlikeFellows]:
    """Return who has handed in and who has not, and what changes by what was said to all."""
    places = (Standpoint(change.before), Standpoint(change.after))
    changes = ", ".join(gained_or_lost(change.shifts, places, zone=zone, now=now))
    names: dict[bool, list[str]] = {False: [], True: []}
    for each in change.affected:
        names[each.before.handed_in].append(each.before.name)
    says = {False: f"not handed in yet: {changes or 'nothing changes'}", True: "handed in"}
    return [_group(says[done], found) for done, found in names.items() if found]


def _group(says: str, names: list[str]) -> AlikeFellows:
    return AlikeFellows(names, f"{'has' if len(names) == 1 else 'have'} {says}")


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
