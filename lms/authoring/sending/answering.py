"""Answering a reviewer's comment by a button of the editor, which saves what is written, too."""

from collections.abc import Mapping
from datetime import datetime

from lms.authoring.models import CommentEnd, Draft
from lms.authoring.reviews import judging, queries
from lms.authoring.reviews.wording import LONGEST_COMMENT
from lms.core.errors import Invalid
from lms.core.forms import as_typed
from lms.people.models import User


def answer_comment(
    person: User, draft: Draft, at: str, sent: Mapping[str, str], *, now: datetime
) -> str:
    """Answer a comment of *draft*; return why that was not done, empty if it was.

    Args:
        person: Who answers.
        draft: Whose comment it is; a comment of another one is left alone.
        at: What follows the verb in the button: the comment's id, and how it ends.
        sent: The form; why the author disagrees stands there as `because:` and the id.
        now: When.
    """
    comment, _, end = at.partition(":")
    known = {str(each.comment.id): each.comment.id for each in queries.threads_of_draft(draft)}
    if comment not in known or end not in list(CommentEnd):
        return "This comment is not one of this draft."
    because = as_typed(sent.get(f"because:{comment}", ""))
    if len(because) > LONGEST_COMMENT:
        return f"Say why you disagree in {LONGEST_COMMENT:,} characters at most."
    try:
        judging.settle(person, known[comment], CommentEnd(end), because, now=now)
    except Invalid as refusal:
        return refusal.message
    return ""
