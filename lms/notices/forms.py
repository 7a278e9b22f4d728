"""Choosing which mails one wants."""

from typing import Self

from wtforms import SelectMultipleField
from wtforms.fields.choices import SelectChoice

from lms.core.forms import BaseForm
from lms.notices.kinds import kinds_for
from lms.notices.queries import stopped_kinds
from lms.people.models import User


class OwnMailsForm(BaseForm):
    """Which of the mails that can be stopped a person wants."""

    wanted = SelectMultipleField("Mails that come to you")

    @classmethod
    def of(cls, user: User) -> Self:
        """Return the form as it stands for *user*; nothing that was sent is read."""
        stopped = stopped_kinds(user.id)
        wanted = [kind.kind for kind in kinds_for(user.roles) if kind.kind not in stopped]
        form = cls(formdata=None, data={"wanted": wanted})
        form.offer(user)
        return form

    def offer(self, user: User) -> None:
        """Offer the kinds of mail that go to *user*."""
        self.wanted.choices = [
            SelectChoice(kind.kind, kind.about) for kind in kinds_for(user.roles)
        ]
