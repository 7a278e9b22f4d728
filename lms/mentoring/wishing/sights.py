"""What pages about short quizzes show of what their forms act on."""

from collections.abc import Iterable

from lms.core.clock import say_date
from lms.core.sight import Sight
from lms.mentoring.wishing.models import QuizWish
from lms.mentoring.wishing.queries import Offer
from lms.mentoring.wishing.wording import TAGS, say_offer, say_wish

WHO = "Who decides"


def sight_of_offers(offers: Iterable[Offer], *, at_once: bool) -> Sight:
    """Return what could be wished for; *at_once*: no director is asked."""
    said = {offer.name: say_offer(offer) for offer in offers}
    return said | {WHO: "You" if at_once else "A director"}


def sight_of_wish(wish: QuizWish) -> Sight:
    """Return what is wished for, and what became of it."""
    return {
        "Quiz": say_wish(wish),
        "Opens": say_date(wish.opens_on),
        "Due": say_date(wish.due_on),
        "State": TAGS[wish.state][0],
    }
