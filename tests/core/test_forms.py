"""What every form does: it trims, and it says what a service refused where it belongs."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask, get_flashed_messages
from wtforms import PasswordField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length

from lms.core.audit import AuditEvent, record
from lms.core.db import db
from lms.core.errors import Invalid, NotFound, Refusal
from lms.core.forms import BaseForm, carried_out, pressed
from lms.rosters.reading import MOST_BYTES
from tests.factories import NOW

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


class Letter(BaseForm):
    """A form with a field of each kind that matters."""

    to = StringField("To", [DataRequired("Say to whom.")])
    text = TextAreaField("Text")
    loud = StringField("Loud", filters=[lambda text: text and text.upper()])
    password = PasswordField("Password")

    class Meta(BaseForm.Meta):
        """No session here, so no token."""

        csrf = False


@pytest.fixture
def letter(app: Flask) -> Iterator[Letter]:
    """The form as a request filled it."""
    data = {"to": "  Amara \n", "text": "\t two\nlines ", "loud": " hey ", "password": " p w "}
    with app.test_request_context(method="POST", data=data):
        yield Letter.from_request()


def test_what_people_type_is_trimmed_and_passwords_are_not(letter: Letter) -> None:
    assert letter.to.data == "Amara"
    assert letter.text.data == "two\nlines"
    assert letter.password.data == " p w "


@pytest.mark.parametrize("sent", ["two\r\nlines", "two\rlines", "two\nlines"])
def test_a_line_ends_as_it_was_typed_however_a_browser_sends_it(app: Flask, sent: str) -> None:
    with app.test_request_context(method="POST", data={"text": f"{sent}\r\n"}):
        assert Letter.from_request().text.data == "two\nlines"


def every_kind(kind: type[BaseForm] = BaseForm) -> list[type[BaseForm]]:
    return [kind, *(each for own in kind.__subclasses__() for each in every_kind(own))]


def texts_with_a_length() -> Iterator[tuple[type[BaseForm], str, int]]:
    """Yield each text area that says how long its text may be: its form, its name, and that."""
    for kind in every_kind():
        for name in dir(kind):
            unbound = getattr(kind, name)
            if getattr(unbound, "field_class", None) is TextAreaField:
                for check in unbound.args[1] if len(unbound.args) > 1 else ():
                    if isinstance(check, Length) and check.max != MOST_BYTES:
                        yield kind, name, check.max


def test_a_text_may_be_as_long_as_its_page_lets_one_type(app: Flask) -> None:
    names = []
    for kind, name, most in texts_with_a_length():
        typed = ("x\n" * most)[: most - 1] + "x"
        sent = {name: typed.replace("\n", "\r\n")}
        with app.test_request_context(method="POST", data=sent):
            form = kind.from_request()

            assert form[name].validate(form), (kind, name, form[name].errors)
            assert form.oversized == {}, (kind, name)
        names.append(name)

    assert {"text", "notes", "agreed", "reason", "sentence"} <= set(names)


def test_a_field_with_filters_of_its_own_has_no_others(letter: Letter) -> None:
    assert letter.loud.data == " HEY "


def test_only_spaces_are_nothing(app: Flask) -> None:
    with app.test_request_context(method="POST", data={"to": "   "}):
        form = Letter.from_request()

        assert not form.validate_on_submit()
        assert form.to.errors == ["Say to whom."]
        assert form.status == 422


def test_a_form_that_is_fine_or_was_not_sent_is_a_page_like_any_other(letter: Letter) -> None:
    assert letter.validate_on_submit()
    assert letter.status == 200


def test_a_refusal_stands_at_the_field_it_names(letter: Letter) -> None:
    letter.validate_on_submit()

    letter.refuse(Invalid("Amara is away.", field="to"))

    assert letter.to.errors == ["Amara is away."]
    assert letter.form_errors == []
    assert letter.status == 422


@pytest.mark.parametrize(
    "refusal",
    [
        pytest.param(Refusal("Not now."), id="of the whole"),
        pytest.param(Invalid("Not now."), id="without a field"),
        pytest.param(Invalid("Not now.", field="stamp"), id="of a field the form has not"),
    ],
)
def test_a_refusal_without_a_field_of_the_form_stands_on_top(letter, refusal: Refusal) -> None:
    letter.validate_on_submit()

    letter.refuse(refusal)

    assert letter.form_errors == ["Not now."]
    assert letter.status == 422


def noted() -> list[str]:
    return list(db.session.scalars(db.select(AuditEvent.action)))


def note() -> None:
    record(None, "note.take", "thing", 1, now=NOW)


def refused_with(refusal: Refusal) -> Callable[[], None]:
    def act() -> None:
        note()
        raise refusal

    return act


def test_what_a_form_asks_is_committed_and_what_came_of_it_returned(letter: Letter) -> None:
    done = carried_out(letter, lambda: (note(), letter.to.data))

    db.session.rollback()
    assert done is not None
    assert done.result == (None, "Amara")
    assert noted() == ["note.take"]


def test_an_act_that_returns_nothing_is_done_all_the_same(letter: Letter) -> None:
    assert carried_out(letter, note)
    assert pressed(note)


def test_a_form_that_is_not_in_order_or_was_not_sent_does_nothing(app: Flask) -> None:
    with app.test_request_context(method="POST", data={"to": ""}):
        assert carried_out(Letter.from_request(), note) is None
    with app.test_request_context(data={"to": "Amara"}):
        assert carried_out(Letter.from_request(), note) is None
    with app.app_context():
        assert noted() == []


def test_a_refused_act_is_undone_and_said_at_its_field(letter: Letter) -> None:
    refusal = Invalid("Nobody is called so.", field="to")

    assert carried_out(letter, refused_with(refusal)) is None

    assert letter.to.errors == ["Nobody is called so."]
    assert noted() == []


@pytest.mark.parametrize("refusal", [NotFound(), Refusal("Too late.")], ids=["absent", "other"])
def test_what_the_form_does_not_show_has_a_page_of_its_own(
    letter: Letter, refusal: Refusal
) -> None:
    with pytest.raises(type(refusal)):
        carried_out(letter, refused_with(refusal), shown=Invalid)

    assert letter.errors == {}
    assert noted() == []


def test_a_button_that_is_refused_changes_nothing_and_the_next_page_says_why(app: Flask) -> None:
    with app.test_request_context(method="POST"):
        assert pressed(refused_with(Refusal("Too late."))) is None

        assert get_flashed_messages(with_categories=True) == [("bad", "Too late.")]
        assert noted() == []
        with pytest.raises(NotFound):
            pressed(refused_with(NotFound()))
