"""Short quizzes in words: one place for pages, mails and refusals."""

from collections.abc import Mapping
from datetime import date

from lms.core.clock import say_date
from lms.core.figures import plural
from lms.mentoring.goals.wording import approach_name
from lms.mentoring.wishing.models import QuizWish, WishState
from lms.mentoring.wishing.queries import Offer
from question_bank.short_quiz import MOST

TAGS: Mapping[WishState, tuple[str, str]] = {
    WishState.WAITING: ("Waits for a director", "warn"),
    WishState.GIVEN: ("Given", "good"),
    WishState.DECLINED: ("Not given", "plain"),
    WishState.TAKEN_BACK: ("Taken back", "plain"),
}
"""How a state is called, and the kind of its tag."""

READ_BY = "The fellow, who mentors the fellow, and directors read it. Name no patient."


def say_title(approach: str) -> str:
    """Return what the quiz is called: "Short quiz: Psychological"."""
    return f"Short quiz: {approach_name(approach)}"


def say_wish(wish: QuizWish) -> str:
    """Return "Psychological, 10 items"."""
    return f"{approach_name(wish.approach)}, {plural(wish.items, 'item')}"


def say_days(opens_on: date, due_on: date) -> str:
    """Return "opens Nov 30, 2026, due Dec 7, 2026"."""
    return f"opens {say_date(opens_on)}, due {say_date(due_on)}"


def say_offer(offer: Offer) -> str:
    """Return "10 items", or why no quiz on an approach can be wished for now."""
    if offer.wish is not None:
        waits = offer.wish.state is WishState.WAITING
        return "one waits for a director" if waits else "one is given and not over yet"
    if not offer.open:
        return "its answers say enough"
    if offer.items is None:
        return f"not even {MOST} items could settle it"
    wanted = plural(offer.items, "item")
    if not offer.can_be_wished:
        return f"{wanted} are wanted, and {offer.found} in the bank are new to the fellow"
    return wanted


def say_decided(wish: QuizWish) -> str:
    """Return who decided, as it goes on after the day; nothing while it waits."""
    if wish.decider is None:
        return ""
    did = {WishState.GIVEN: "given by", WishState.DECLINED: "declined by"}
    return f"{did.get(wish.state, 'taken back by')} {wish.decider.name}"
