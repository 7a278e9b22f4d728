"""How the audit trail says what was done."""

from typing import Any

from lms.core.audit import AuditEvent
from lms.operations.audit_names import KINDS, Names

WORDS = {
    "accommodation.end": "ended that a fellow has more time",
    "accommodation.grant": "noted that a fellow has more time",
    "answers.export": "took out the answers of a fellow",
    "assignment.change": "changed the dates of an assignment",
    "assignment.message": "wrote to fellows who had not begun a quiz",
    "assignment.widen": "gave an assignment to more fellows",
    "attempt.abandon": "closed an attempt that was not handed in in time; nothing of it counts",
    "attempt.expire": "closed an attempt whose time was over",
    "attempt.freeze": "stopped the clock of an attempt",
    "attempt.flag": "gave up grading an attempt",
    "attempt.reopen": "reopened an attempt",
    "attempt.resume": "let the clock of an attempt go on",
    "attempt.retry": "had an attempt graded again that could not be graded",
    "attempt.start": "began an attempt",
    "attempt.submit": "handed in an attempt",
    "case.bring_back": "brought a retired case back",
    "case.load": "loaded a case from a file",
    "case.propose": "proposed a version of a case from a file",
    "case.hand_over": "gave a case to somebody to look after",
    "case.publish": "published what was proposed of a case",
    "case.recheck": "checked a published case by the rules of today",
    "case.retire": "retired a case",
    "case.sign": "signed a case as a clinician",
    "case.revise": "proposed a new version of a case",
    "choice.acknowledge": "acknowledged a choice that would have hurt a patient",
    "cohort.create": "created a cohort",
    "cohort.message": "wrote to mentors of a cohort",
    "cohort.mend": "changed the name or the dates of a cohort",
    "draft.begin": "began a draft of a case",
    "draft.drop": "put a draft of a case away",
    "draft.restore": "brought back an earlier state of a draft",
    "draft.take_up": "took up a draft that had been put away",
    "calendar.make": "made an address for the own calendar",
    "draft.send": "sent a draft to review",
    "extension.grant": "granted a fellow more with an assignment",
    "fact.add": "added a fact to the fact base",
    "fact.change": "changed a fact of the program’s own",
    "goal.agree": "agreed to a goal of a fellow",
    "goal.decline": "did not agree to a goal of a fellow, or took it back",
    "goal.lapse": "let a goal lapse that nobody agreed to by its day",
    "goal.met": "noted that a goal of a fellow is met",
    "goal.missed": "noted that a goal of a fellow was not reached",
    "goal.move": "gave a goal of a fellow a later day",
    "goal.propose": "proposed a goal for a fellow",
    "item.lift": "had an item asked and counted again that was withheld",
    "item.withhold": "withheld an item",
    "item.left_out": "left an item that could not be graded out of a score",
    "job.try_again": "had a job go on that had failed",
    "leave.add": "noted that a fellow is away",
    "leave.end": "ended that a fellow is away",
    "mail.resume": "had mails of a kind sent again",
    "mail.settle": "decided what became of a mail",
    "mail.stop": "stopped mails of a kind",
    "meeting.change": "changed what was noted of a meeting",
    "meeting.note": "noted a meeting with a fellow",
    "meeting.share": "shared what was agreed in a meeting",
    "meeting.unshare": "ended sharing what was agreed in a meeting",
    "membership.end": "set the last day of a fellow in a cohort",
    "membership.start": "put a fellow into a cohort",
    "mentorship.end": "set the last day of a mentorship",
    "mentorship.remove": "undid a mentorship begun by mistake",
    "mentorship.stand_in": "let somebody stand in for a mentor who is away",
    "mentorship.stand_in_end": "ended that somebody stands in for a mentor",
    "mentorship.start": "gave a fellow a mentor",
    "page.refuse": "was refused a page",
    "panel.answer": "took the answers of a panelist",
    "panel.close": "closed a panel",
    "panel.invite": "invited people to a panel",
    "panel.open": "opened a panel on a case",
    "panel.remind": "reminded the people of a panel",
    "panel.use": "proposed the answers of a panel as keys of its case",
    "panel.withdraw": "withdrew an invitation to a panel",
    "prompt.decline": "answered a weekly mail that no word with a fellow is needed",
    "report.open": "opened the report on a fellow",
    "quiz.add_case": "added a case to a quiz",
    "quiz.add_item": "added an item to a quiz",
    "quiz.archive": "archived a quiz",
    "quiz.assign": "assigned a quiz",
    "quiz.copy": "copied a quiz",
    "quiz.create": "created a quiz",
    "quiz.fill": "filled a quiz from the blueprint",
    "quiz.move_case": "changed the order of a quiz",
    "quiz.move_item": "changed the order of a quiz",
    "quiz.remove_case": "took a case out of a quiz",
    "quiz.remove_item": "took an item out of a quiz",
    "quiz.rename": "renamed a quiz",
    "quiz.restore": "restored an archived quiz",
    "quiz.weigh": "changed how much an item weighs in a quiz",
    "quiz.withdraw": "withdrew the assignment of a quiz",
    "response.mark": "marked a written answer",
    "review.advance": "advanced a case in review",
    "review.answer": "answered a case blind, to review it",
    "review.ask": "asked for a review of a case",
    "review.decline": "declined to review a case",
    "review.return": "returned a case to its author",
    "review.withdraw": "took back that a review was asked for",
    "roster.import": "imported a roster",
    "session.end": "signed out",
    "session.end_all": "signed out everywhere",
    "session.refuse": "refused a sign-in",
    "session.start": "signed in",
    "setting.change": "changed what the program has set",
    "user.ask_reset": "was asked for a link to reset a password",
    "user.change_password": "changed the password",
    "user.disable": "disabled an account",
    "user.enable": "enabled an account",
    "user.invite": "invited a person",
    "user.invite_again": "sent an invitation again",
    "user.join": "took up an invitation",
    "user.mend": "changed the name or the address of a person",
    "user.make_reset_link": "made a link to reset a password",
    "user.profession": "changed the discipline of a person, or who is a clinician",
    "user.reset_password": "chose a new password by a mailed link",
    "user.roles": "changed the roles of a person",
    "user.settings": "changed settings",
    "wish.ask": "wanted a short quiz for a fellow",
    "wish.decline": "declined a short quiz that a mentor wanted",
    "wish.give": "gave a short quiz that a mentor wanted",
    "wish.take_back": "took back that a short quiz was wanted",
}
"""What was done, by its name in the trail, as it goes on after the name of who did it."""


def say_action(action: str) -> str:
    """Return "signed in" for *session.start*; the name itself of one that is done no more."""
    return WORDS.get(action, action)


def say_deed(event: AuditEvent, name: str | None, names: Names) -> str:
    """Return a sentence: who (*name*; None: the service) did what, to whom or what of *names*."""
    to_self = event.object_type == "user" and event.object_id == event.actor_id
    what = names.get((event.object_type, event.object_id or 0))
    to = f": {what}" if what and not to_self else ""
    return f"{name or 'The service'} {say_action(event.action)}{to}."


def say_changes(event: AuditEvent, names: Names) -> list[str]:
    """Return each thing that was noted of the deed, with what it was before, if that is known."""
    before, after = _named(event.before or {}, names), _named(event.after or {}, names)
    gone = [key for key in before if key not in after]
    return [
        *(_say_change(key, after[key], before) for key in after),
        *(f"{key.replace('_', ' ')} was: {_say(before[key])}" for key in gone),
    ]


def _named(noted: dict[str, Any], names: Names) -> dict[str, Any]:
    """Return what was noted, with the names of what is a number there."""
    said: dict[str, Any] = {}
    for key, value in noted.items():
        if key in KINDS and isinstance(value, list):
            said[key] = [names.get((KINDS[key], one), one) for one in value]
            continue
        name = names.get((KINDS[key], value)) if key in KINDS and isinstance(value, int) else None
        said[key.removesuffix("_id") if name else key] = name or value
    return said


def _say_change(key: str, value: Any, before: dict[str, Any]) -> str:
    was = f" (was {_say(before[key])})" if key in before else ""
    return f"{key.replace('_', ' ')}: {_say(value)}{was}"


def _say(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(_say(one) for one in value) or "none"
    words = {None: "none", True: "yes", False: "no"}
    return words[value] if value is None or isinstance(value, bool) else str(value)
