"""What is said of a verdict: one place for mail, list, report and cohort page."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from lms.core.clock import say_day
from lms.core.figures import plural, say_count, say_number, say_partial
from lms.progress.wording import say_missed, say_overdue, say_window
from question_bank.analysis.summary import Summary
from question_bank.analysis.unsafe import ChoiceRecord, UnsafeChoice
from question_bank.scoring import Tally
from question_bank.settling import Need, needs_of
from question_bank.standing import Standing
from question_bank.verdict import FINE_FROM, Reason, VerdictState

TAGS: Mapping[str, tuple[str, str]] = {
    VerdictState.TALK: ("Talk", "warn"),
    VerdictState.FINE: ("Fine", "good"),
    VerdictState.TOO_LITTLE: ("Too little to say", "plain"),
}
"""How a state is called, and the kind of its tag."""


ALL = 10
"""All of ten."""

SURE = 0.01
"""A chance nearer than this to none, or to certainty, is not said in hundredths."""


@dataclass(frozen=True)
class Ground:
    """One sentence that a verdict rests on: what is *strong* in it, the *rest*, what it is about.

    `kind` is the name of its icon. `choice` is the response of an unsafe choice that is named, and
    `open` says that no mentor has acknowledged it.
    """

    strong: str
    rest: str
    kind: str
    choice: int | None = None
    open: bool = False


def grounds_of(summary: Summary, zone: str) -> tuple[Ground, ...]:
    """Return what a verdict rests on, in the order in which it is said."""
    found = summary.verdict
    sentences = [
        *_unsafe(summary, zone),
        *(_late(each, zone, summary.until) for each in summary.late),
    ]
    if Reason.SHARE in found.reasons or found.state is not VerdictState.TALK:
        sentences.append(_share(summary, zone))
    for approach in found.look_at:
        sentences.append(_approach(summary, approach, zone))
    if Reason.SILENT in found.reasons:
        sentences.append(_silent(summary, zone))
    if found.state is not VerdictState.TALK:
        sentences.append(_nothing_else(summary))
    return tuple(sentences)


def choices_named(summary: Summary, zone: str) -> list[int]:
    """Return the responses of the unsafe choices that a verdict names."""
    return [each.choice for each in grounds_of(summary, zone) if each.choice is not None]


def _nothing_else(summary: Summary) -> Ground:
    """Return what a verdict other than talk says of the rest: nothing is late, nor unsafe."""
    settled = len(summary.unsafe)
    choices = (
        f"{plural(settled, 'unsafe choice')} in that time, talked about"
        if settled
        else ("no unsafe choice in that time")
    )
    return Ground("", f"Nothing late, {choices}.", "answer")


def _unsafe(summary: Summary, zone: str) -> list[Ground]:
    """Return the unsafe choices: those named, newest first, then how many are only counted."""
    new = [each for each in summary.unsafe if not each.settled]
    named = [_named(each, each.record, zone) for each in reversed(new) if each.record]
    waiting = sum(not each.told for each in new)
    kept = sum(each.kept for each in new)
    untold = len(new) - len(named) - waiting - kept
    days = say_window(summary, zone)
    if waiting:
        more = f"{plural(waiting, 'unsafe choice')}, {days}."
        why = (
            "Named here once its answer is open to the fellow."
            if waiting == 1
            else ("Named here once their answers are open to the fellow.")
        )
        named.append(Ground(more, why, "warn"))
    if kept:
        first = "Named here once you have answered blind what you are to review."
        named.append(Ground(f"{plural(kept, 'unsafe choice')}, {days}.", first, "warn"))
    if untold:
        rest = "Named only to a mentor of the fellow who takes no quizzes."
        named.append(Ground(f"{plural(untold, 'unsafe choice')}, {days}.", rest, "warn"))
    return named


def _named(choice: UnsafeChoice, record: ChoiceRecord, zone: str) -> Ground:
    day = say_day(choice.submitted_at, zone)
    read = f" The fellow has read why, {say_day(record.read_at, zone)}." if record.read_at else ""
    return Ground(
        f"An unsafe choice on {day}.",
        f"{record.case}: {record.act}.{read}",
        "warn",
        choice=choice.response_id,
        open=True,
    )


def _late(standing: Standing, zone: str, at: datetime) -> Ground:
    if standing.state == "missed" and standing.closes < at:
        return Ground(*say_missed(standing, zone), "clock")
    return Ground(*say_overdue(standing, zone, at), "clock")


def _share(summary: Summary, zone: str) -> Ground:
    total, found = summary.total, summary.verdict
    days = say_window(summary, zone)
    if not total.items:
        return Ground(f"No first answers, {days}.", "", "info")
    chance = f"{_chance(found.chance, summary.line)}."
    icon = "answer" if found.state is VerdictState.FINE else "info"
    return Ground(f"{_right(total)}, {days}.", chance, "warn" if found.state == "talk" else icon)


def _approach(summary: Summary, approach: str, zone: str) -> Ground:
    found, days = summary.verdict, say_window(summary, zone)
    name = next(each.name for each in summary.lines if each.approach == approach)
    seen = f"{name}: {_right(found.evidence.approaches[approach])}, {days}."
    chance = f"{_chance(found.chances[approach], summary.line)}."
    if approach in found.talk_about:
        return Ground(seen, chance, "warn")
    return Ground(f"To look at: {seen[:1].lower()}{seen[1:]}", chance, "info")


def _silent(summary: Summary, zone: str) -> Ground:
    days = summary.verdict.evidence.silent.days
    last = summary.answered
    since = f"since {say_day(last, zone)}" if last else "yet"
    return Ground(
        f"No answer {since}.", f"Something was open for {days} days, leave apart.", "clock"
    )


def _right(tally: Tally) -> str:
    return f"{say_count(tally)} right{say_partial(tally.correct)}"


def _chance(chance: float, line: int) -> str:
    """Return how likely the true share is under the line, in whole hundredths, never 0 or 100."""
    said = f"{round(chance * 100)} in 100"
    if chance < SURE:
        said = "less than 1 in 100"
    elif chance > 1 - SURE:
        said = "more than 99 in 100"
    return f"The chance that the true share is under {line}% is {said}"


def settling(summary: Summary) -> tuple[str, str]:
    """Return what would settle a verdict, or change it: a heading, and the sentences."""
    found = summary.verdict
    if found.state is VerdictState.FINE:
        return (
            "What would change it.",
            "Something late, an unsafe choice, or a run of misses in one approach.",
        )
    names = {each.approach: each.name for each in summary.lines}
    open_ones = [f"{each.assignment.title} handed in." for each in summary.late if each.open]
    sentences = [*open_ones, *_answers(summary, names)]
    if Reason.SILENT in found.reasons and not open_ones:
        sentences.append("An answer to what is open.")
    if any(not each.open for each in summary.late):
        sentences.append("A quiz that was missed is settled by talking about it.")
    if Reason.UNSAFE in found.reasons:
        sentences.append("An unsafe choice is settled by talking about it, and noting that.")
    return "What would settle it.", " ".join(sentences)


def _answers(summary: Summary, names: Mapping[str, str]) -> list[str]:
    """Return how many more answers settle what; where none soon do, that is said once."""
    if not summary.total.items:
        return [f"At least {FINE_FROM} first answers."]
    needs = needs_of(summary.verdict)
    open_ended = [need for need in needs if need.more is None]
    close = any(need.tenths is None for need in open_ended)
    why = f": the share is close to {summary.line}%" if close else ""
    advice = "Talk, or look at the missed items." if close else "Talk about what was missed."
    if not open_ended:
        return [_more(need, names) for need in needs]
    if len(open_ended) == len(needs):
        return [f"More items will not settle it soon{why}.", advice]
    return [
        *(_more(need, names) if need.more else _not_soon(need, names, why) for need in needs),
        advice,
    ]


def _not_soon(need: Need, names: Mapping[str, str], why: str) -> str:
    """Return that more answers do not settle this soon, beside what they settle."""
    if need.approach:
        return f"More {names[need.approach].lower()} items will not settle that soon."
    return f"Over all, more items will not settle it soon{why}."


def _more(need: Need, names: Mapping[str, str]) -> str:
    of = f"{names[need.approach].lower()} " if need.approach else ""
    noun = f"more {of}first answer{'' if need.more == 1 else 's'}"
    if need.tenths is None:
        return f"About {need.more} {noun}, if they go on like this."
    rate = "all" if need.tenths == ALL else f"{need.tenths} in 10"
    return f"About {need.more} {noun}, if {rate} of them are right."


def conclusion(states: Iterable[str]) -> str:
    """Return what all verdicts come to: how many fellows need a word, else what else there is."""
    every = list(states)
    fellows, need = len(every), every.count(VerdictState.TALK)
    unknown = every.count(VerdictState.TOO_LITTLE)
    if fellows == 1:
        one = {
            VerdictState.TALK: "Your fellow needs a word this week",
            VerdictState.FINE: "Your fellow is fine",
            VerdictState.TOO_LITTLE: "Too little to say of your fellow",
        }
        return one[VerdictState(every[0])]
    if need:
        return f"{_of_all(need, fellows)} {'needs' if need == 1 else 'need'} a word this week"
    if unknown:
        some = _of_all(unknown, fellows)
        return f"Too little to say of {some[:1].lower()}{some[1:]}"
    return f"{'Both of your' if fellows == 2 else f'Your {say_number(fellows)}'} fellows are fine"


def _of_all(some: int, fellows: int) -> str:
    """Return "Two of your three fellows"."""
    if some == fellows:
        every = "Both" if fellows == 2 else f"All {say_number(fellows)}"
        return f"{every} of your fellows"
    return f"{say_number(some).capitalize()} of your {say_number(fellows)} fellows"


def rest_of(states: Iterable[str]) -> str:
    """Return what the conclusion leaves out: "One is fine. Of one there is too little to say."."""
    every = list(states)
    fine, unknown = every.count(VerdictState.FINE), every.count(VerdictState.TOO_LITTLE)
    sentences = []
    if fine and fine < len(every):
        sentences.append(f"{say_number(fine).capitalize()} {'is' if fine == 1 else 'are'} fine.")
    if unknown and VerdictState.TALK in every:
        sentences.append(f"Of {say_number(unknown)} there is too little to say.")
    return " ".join(sentences)
