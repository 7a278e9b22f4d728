"""Who may have which message when: rules of the rooms above, asked as messages leave."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime

from lms.core.mail.models import Message

Rule = Callable[[Message, datetime], bool]
"""Whether a message may go out at a moment."""

RuleForAll = Callable[[Sequence[Message], datetime], Collection[int]]
"""The ids of those messages that may go out at a moment, in a fixed number of statements."""

_rules: dict[str, RuleForAll] = {}
_for_accounts: list[RuleForAll] = []

Patience = Callable[[Sequence[Message], datetime], Mapping[int, datetime]]
"""Until when messages, by their ids, are not handed over yet, in a fixed number of statements."""

_patience: list[Patience] = []


def may_receive(kind: str) -> Callable[[Rule], Rule]:
    """Register the rule that decides, at sending, whether messages of *kind* may still go out.

    It is asked in the transaction that claims the message, in addition to the rules
    `for_accounts`. For somebody without an account it decides alone; without a rule nothing
    goes out to them.
    """

    def register(rule: Rule) -> Rule:
        _rules[kind] = lambda messages, now: [each.id for each in messages if rule(each, now)]
        return rule

    return register


def may_all_receive(kind: str) -> Callable[[RuleForAll], RuleForAll]:
    """Register such a rule of a *kind* of which many messages leave together."""

    def register(rule: RuleForAll) -> RuleForAll:
        _rules[kind] = rule
        return rule

    return register


def for_accounts(rule: RuleForAll) -> RuleForAll:
    """Register a rule about every message to an account: all of them must let it out.

    The room that knows people says who is there to be written to; without it nobody is.
    """
    _for_accounts.append(rule)
    return rule


def may_wait(rule: Patience) -> Patience:
    """Register a rule that says until when due messages are not handed over yet."""
    _patience.append(rule)
    return rule


def waiting_until(messages: Sequence[Message], now: datetime) -> dict[int, datetime]:
    """Return until when each message waits of those that do."""
    found: dict[int, datetime] = {}
    for rule in _patience:
        for message_id, until in rule(messages, now).items():
            found[message_id] = max(until, found.get(message_id, until))
    return found


def allowed_of(messages: Sequence[Message], now: datetime) -> set[int]:
    """Return the ids of the messages that their recipients may have."""
    left = list(messages)
    for rule in _for_accounts:
        inside = [message for message in left if not message.outside]
        fine = set(rule(inside, now)) if inside else set()
        left = [message for message in left if message.outside or message.id in fine]
    if not _for_accounts:
        left = [message for message in left if message.outside]
    found: set[int] = set()
    for kind in {message.kind for message in left}:
        alike = [message for message in left if message.kind == kind]
        if kind in _rules:
            found |= set(_rules[kind](alike, now))
        else:
            found |= {message.id for message in alike if not message.outside}
    return found
