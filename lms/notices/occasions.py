"""On what those who look after the bank are told something; each can be stopped by itself."""

from enum import StrEnum

from lms.notices.kinds import can_each_be_stopped
from lms.people.models import Role


class Occasion(StrEnum):
    """What has happened, of which a person is told; the kind of the mail and of its notice."""

    REVIEW_ASKED = "review_asked"
    REVIEW_RETURNED = "review_returned"
    REVIEW_DECLINED = "review_declined"
    CASE_ADVANCED = "case_advanced"
    CASE_PUBLISHED = "case_published"
    ITEM_WITHHELD = "item_withheld"
    WITHHOLD_LIFTED = "withhold_lifted"
    REVIEW_DUE = "review_due"
    FACT_CHANGED = "fact_changed"
    OWNER_CHANGED = "owner_changed"


_SAID = {
    Occasion.REVIEW_ASKED: (
        "mail that asks for a review",
        "A colleague asks you to review a case.",
    ),
    Occasion.REVIEW_RETURNED: (
        "mail about returned cases",
        "A case that you sent to review is returned to you.",
    ),
    Occasion.REVIEW_DECLINED: (
        "mail about declined reviews",
        "A colleague whom you asked to review a case declines.",
    ),
    Occasion.CASE_ADVANCED: (
        "mail about advanced cases",
        "A reviewer advances a case that you sent to review.",
    ),
    Occasion.CASE_PUBLISHED: (
        "mail about published cases",
        "A case that you wrote or look after is published.",
    ),
    Occasion.ITEM_WITHHELD: (
        "mail about withheld items",
        "An item is withheld, and you can publish what mends it.",
    ),
    Occasion.WITHHOLD_LIFTED: (
        "mail about items that are asked again",
        "An item that was withheld is asked and counted again.",
    ),
    Occasion.REVIEW_DUE: (
        "reminder of review dates",
        "A case that you look after is to be reviewed: 60 days before, 14 days before, that day.",
    ),
    Occasion.FACT_CHANGED: (
        "mail about changed facts",
        "A fact changes on which a case rests that you look after.",
    ),
    Occasion.OWNER_CHANGED: (
        "mail about who looks after a case",
        "A case is given to you to look after, or one of yours to somebody else.",
    ),
}

can_each_be_stopped(
    _SAID,
    frozenset({Role.FACULTY, Role.DIRECTOR}),
    left="What there is to do stays under My work.",
)
