"""What was done with an assignment, in sentences."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from lms.core.clock import say_when
from lms.core.figures import plural, say_freezes, say_minutes, say_span, say_unfinished
from lms.quizzes.assigning.extending import GivenMore
from lms.quizzes.wording import say_some
from lms.supervision.deeds.queries import DeedForAll, StoodStill, WentOnAgain
from question_bank.terms import Feedback, Unfinished

_MOMENTS = {
    "opens_at": ("opening", "Opens"),
    "due_at": ("due date", "Due"),
    "closes_at": ("closing date", "Closes"),
    "results_at": ("day of answers and reasons", "Answers and reasons"),
}
"""What can be moved of an assignment, and how the page names it."""

_RULES = {
    "time_limit": "Time limit",
    "attempts_allowed": "Attempts",
    "feedback": "Answers and reasons",
    "ask_confidence": "How sure",
    "freezes": "Freezes",
    "unfinished": "If time runs out",
}
"""What else it says for all, in the trail and on the page."""

_PART_OF = {"freeze_minutes": "freezes", "grace_minutes": "unfinished"}
"""What is said with another rule, and holds nothing where that has no use for it."""

_TIMES = ("", "first", "second", "third", "fourth", "fifth")


def say_done_to_all(
    deed: DeedForAll, whom: Mapping[tuple[str, int], str], zone: str
) -> tuple[str, list[str]]:
    """Return what was done to an assignment, and what else is to be said of it.

    *whom*: the names of cohorts and fellows, by what the trail calls them ("cohort") and number.
    """
    if deed.action == "assignment.change":
        return _say_change(deed, zone)
    fellows = deed.after.get("fellows", [])
    meant = [(kind, deed.after.get(kind, 0)) for kind in ("cohort", "fellow")]
    meant += [("fellow", each) for each in fellows]
    name = say_some([whom[each] for each in meant if each in whom]) or "others"
    says = {
        "quiz.assign": f"gave it to {name}.",
        "assignment.widen": f"gave it to {name} too.",
        "quiz.withdraw": "withdrew it.",
        "assignment.message": f"wrote to {plural(len(fellows), 'fellow')} who had not begun.",
        "answers.export": f"took out the answers of {name}.",
    }
    return f"{_who(deed.by)} {says[deed.action]}", []


def _say_change(deed: DeedForAll, zone: str) -> tuple[str, list[str]]:
    """Return the change as a sentence where it is one date that moved, else as a list."""
    changed = _changed(deed, zone)
    if {"closes_at", "results_at"} <= set(changed) and not _shown_apart(deed):
        changed.remove("results_at")
    if len(changed) == 1 and changed[0] in _MOMENTS:
        old, new = (_say(changed[0], each, zone) for each in (deed.before, deed.after))
        noun = _MOMENTS[changed[0]][0]
        return f"{_who(deed.by)} moved the {noun} from {old} to {new}.", []
    if not changed:
        return f"{_who(deed.by)} changed rules that do not apply.", []
    what = "the dates" if set(changed) <= set(_MOMENTS) else "dates and rules"
    lines = [
        f"{_label(name)}: {_say(name, deed.after, zone)}; was {_say(name, deed.before, zone)}."
        for name in changed
    ]
    return f"{_who(deed.by)} changed {what}.", lines


def _changed(deed: DeedForAll, zone: str) -> list[str]:
    """Return what holds otherwise since then, as the page names it."""
    both = [name for name in deed.after if name in deed.before]
    moved = [name for name in both if deed.before[name] != deed.after[name]]
    return [
        name
        for name in dict.fromkeys(_PART_OF.get(each, each) for each in moved)
        if name not in _PART_OF.values()
        or _say(name, deed.before, zone) != _say(name, deed.after, zone)
    ]


def _shown_apart(deed: DeedForAll) -> bool:
    """Return whether the day of answers is anything else than as far from the closing as it was."""
    moved = [
        datetime.fromisoformat(deed.after[name]) - datetime.fromisoformat(deed.before[name])
        for name in ("closes_at", "results_at")
    ]
    return moved[0] != moved[1]


def _label(name: str) -> str:
    known = _MOMENTS[name][1] if name in _MOMENTS else _RULES.get(name)
    return known or name.replace("_", " ").capitalize()


def _say(name: str, said: Mapping[str, str], zone: str) -> str:
    """Return what the trail keeps of *name*, which is all text, as people say it."""
    value = said[name]
    if name == "unfinished":
        return say_unfinished(Unfinished(value), timedelta(minutes=int(said["grace_minutes"])))
    if name == "freezes":
        words = say_freezes(int(value), timedelta(minutes=int(said["freeze_minutes"])))
        return words[:1].lower() + words[1:]
    if name == "time_limit":
        return say_minutes(None if value == "None" else timedelta(minutes=int(value)))
    rules = {
        "None": "none",
        "True": "asked",
        "False": "not asked",
        Feedback.GRADED.value: "once graded",
        Feedback.CLOSED.value: "after it closes",
    }
    try:
        return say_when(datetime.fromisoformat(value), zone)
    except ValueError:
        return rules.get(value, value)


def say_granted(more: GivenMore, zone: str) -> str:
    """Return "Dr. Hart gave Dr. Marín 15 more minutes and another attempt."."""
    grant = more.grant
    minutes = plural(grant.minutes, "more minute") if grant.minutes else ""
    moved = {name: getattr(grant, f"{name}_at") for name in ("opens", "due", "closes")}
    dates = [f"{name} {say_when(moment, zone)}" for name, moment in moved.items() if moment]
    own = [f"own dates ({', '.join(dates)})"] if dates else []
    what = _listed([each for each in (minutes, _more_attempts(grant.attempts), *own) if each])
    whom = more.fellow if more.count == 1 else plural(more.count, "fellow")
    return f"{more.by} gave {whom} {what}."


def _more_attempts(count: int) -> str:
    return "another attempt" if count == 1 else f"{count} more attempts" if count else ""


def _listed(things: list[str]) -> str:
    return " and ".join([", ".join(things[:-1]), things[-1]] if len(things) > 1 else things)


def say_stood_still(still: StoodStill, zone: str) -> str:
    """Return "Dr. Marín froze the quiz for 18 minutes."."""
    if still.ended_at is not None:
        span = f"for {say_span(still.ended_at - still.at)}"
    else:
        span = f"until {say_when(still.until, zone)}" if still.until else "until it is let go on"
    if still.own:
        return f"{still.fellow} froze the quiz {span}."
    return f"{_who(still.by)} stopped the clock of {still.fellow} {span}."


def say_within_policy(still: StoodStill, allowed: int) -> str:
    """Return "The first of 2 that the quiz allows."; nothing where another stopped the clock."""
    if not still.own or still.number > allowed or still.number >= len(_TIMES):
        return ""
    return (
        "The only one that the quiz allows."
        if allowed == 1
        else f"The {_TIMES[still.number]} of {allowed} that the quiz allows."
    )


def say_went_on_again(again: WentOnAgain, zone: str) -> str:
    """Return "Dr. Hart reopened the quiz for Dr. Osei until Thu Dec 3, 5:00 PM Eastern."."""
    until = f" until {say_when(again.until, zone)}" if again.until else ""
    return f"{_who(again.by)} reopened the quiz for {again.fellow}{until}."


def _who(name: str | None) -> str:
    return name or "The service"
