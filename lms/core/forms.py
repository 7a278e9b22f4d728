"""What every form is built on, and the one way to carry out what it asks."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Generic, Self, TypeVar

from flask import flash, request
from flask_wtf import FlaskForm
from wtforms import StringField, ValidationError
from wtforms.meta import DefaultMeta

from lms.core.bounds import Oversized, within_bounds
from lms.core.choosing import Chooser
from lms.core.db import transaction
from lms.core.errors import NotFound, Refusal
from lms.core.local_times import in_sight
from lms.core.sight import NotAsShown

Acted = TypeVar("Acted")


class BaseForm(FlaskForm):  # type: ignore[misc]
    """A form with the status its page must have.

    `oversized`: what was sent for a field and is too long. No field, filter or validator sees it.
    `changed`: why nothing was done, where the form comes from a page that showed something else.
    """

    oversized: Mapping[str, Oversized] = {}
    changed: NotAsShown | None = None

    class Meta(FlaskForm.Meta, DefaultMeta):  # type: ignore[misc]
        """Trim what people type, except passwords; read forms, and files where they are meant."""

        def wrap_formdata(self, form: Any, formdata: Any) -> Any:
            """Return what the request brought, if the form is to read that."""
            read = super().wrap_formdata(form, formdata)
            empty = read is None and formdata is not None and form.is_submitted()
            return request.form if empty else read

        def bind_field(self, form: Any, unbound_field: Any, options: dict[str, Any]) -> Any:
            """Add the trimming filter to text fields that have no filters of their own."""
            kind = unbound_field.field_class.__name__
            if kind in {"StringField", "TextAreaField", "EmailField"}:
                unbound_field.kwargs.setdefault("filters", [_trim])
            return unbound_field.bind(form=form, **options)

    @classmethod
    def from_request(cls, **kwargs: Any) -> Self:
        """Return the form as the request filled it."""
        return cls(**kwargs)

    def process(self, formdata: Any = None, *args: Any, **kwargs: Any) -> None:
        """Give each field what was sent for it, as far as it is not too long."""
        sent = self.meta.wrap_formdata(self, formdata)
        if sent is not None:
            sent, self.oversized = within_bounds(self._fields, sent)
        super().process(sent, *args, **kwargs)

    def validate(self, extra_validators: Any = None) -> bool:
        """Check what the fields have, and say at each for which too much was sent that it was."""
        sound = super().validate(extra_validators)
        for name, too_much in self.oversized.items():
            field = self._fields[name]
            field.errors = [too_much.sentence]
            if isinstance(field, StringField):
                field.data = too_much.values[-1]
        return sound and not self.oversized

    def validate_on_submit(self, extra_validators: Any = None) -> bool:
        """Return whether the form was sent, is to be carried out, and is in order.

        What was sent to look somebody up comes back as it was typed, and nothing is wrong with it.
        """
        if any(isinstance(field, Chooser) and field.seeks for field in self):
            return False
        return bool(super().validate_on_submit(extra_validators))

    def refuse(self, refusal: Refusal) -> None:
        """Show why a service refused what the form asked: at the field it names, else on top."""
        if isinstance(refusal, NotAsShown):
            self.changed = refusal
            return
        field = self._fields.get(getattr(refusal, "field", None) or "")
        if field is None:
            self.form_errors.append(refusal.message)
        else:
            field.errors = [*field.errors, refusal.message]

    @property
    def status(self) -> int:
        """200; once it was sent 422 if it is wanting, 409 if it was made from another state."""
        if self.changed is not None:
            return self.changed.http_status
        return HTTPStatus.UNPROCESSABLE_ENTITY if self.errors else HTTPStatus.OK


@dataclass(frozen=True)
class Done(Generic[Acted]):
    """An act was carried out, and is committed; `result` is what it returned."""

    result: Acted


def carried_out(
    form: BaseForm, act: Callable[[], Acted], *, shown: type[Refusal] = Refusal
) -> Done[Acted] | None:
    """Do *act* in a transaction, if *form* was sent and is in order.

    None: nothing was done, and the page with *form* is the answer, which says why if it was sent.

    Raises:
        Refusal: *act* was refused, and the form does not show it: there is no such object, or
            the refusal is not of the kind *shown*, nor `NotAsShown`. It has a page of its own.
    """
    if not form.validate_on_submit():
        return None
    try:
        with transaction():
            result = act()
    except NotFound:
        raise
    except (shown, NotAsShown) as refusal:
        form.refuse(refusal)
        return None
    return Done(result)


def pressed(act: Callable[[], Acted]) -> Done[Acted] | None:
    """Do *act*, which a button asks for, in a transaction.

    None: it was refused, and the next page says why.

    Raises:
        NotFound: there is no such object.
        NotAsShown: it is not as the page with the button showed it.
    """
    try:
        with transaction():
            result = act()
    except (NotFound, NotAsShown):
        raise
    except Refusal as refusal:
        flash(refusal.message, "bad")
        return None
    return Done(result)


def year_in_sight(_form: BaseForm, field: Any) -> None:
    """Refuse years nobody means, at the ends of which no zone can be converted."""
    if field.data and not in_sight(field.data):
        raise ValidationError("Give a year from 2000 to 2100.")


def as_typed(text: str) -> str:
    """Return *text* with the line ends that it was written with: forms send two signs for one."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _trim(value: str | None) -> str | None:
    return as_typed(value).strip() if isinstance(value, str) else value
