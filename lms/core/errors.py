"""What a service raises when it must not do what it was asked, with a sentence for the person."""

from dataclasses import dataclass
from http import HTTPStatus


@dataclass(frozen=True)
class WayOn:
    """What leads on from a refusal: `text` says more of it, `label` is on the button to `page`."""

    text: str
    label: str
    page: str


class Refusal(Exception):
    """A request that cannot be met. *message* says what happened and what to do.

    `http_status` is the status of the page that shows it; `way_on` what else that page offers.
    """

    http_status: int = HTTPStatus.CONFLICT
    message: str = "This cannot be done now."
    way_on: WayOn | None = None

    def __init__(self, message: str | None = None) -> None:
        if message is not None:
            self.message = message
        super().__init__(self.message)


class NotFound(Refusal):
    """No such object for the person who asks: absent and foreign look alike."""

    http_status = HTTPStatus.NOT_FOUND
    message = "There is nothing at this address, or it is not yours to see."


class Invalid(Refusal):
    """Input that cannot be taken; `field` is where in the form, if it is one place."""

    http_status = HTTPStatus.UNPROCESSABLE_ENTITY
    message = "Something in the form cannot be taken as it is."

    def __init__(self, message: str | None = None, *, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field
