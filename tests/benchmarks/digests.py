"""What the weekly mails of many mentors cost, delivered to a mail server on this machine."""

from collections.abc import Iterator

from sqlalchemy import func, select, update

from lms import demo
from lms.core.clock import utcnow
from lms.core.db import db, transaction
from lms.core.mail import MailState, Message
from lms.mentoring.digests.queries import KIND
from lms.people.models import User
from tests.benchmarks.copies import multiply
from tests.benchmarks.figures import Figure, Size
from tests.benchmarks.installation import installation
from tests.benchmarks.statements import counted_by_server
from tests.benchmarks.waiting import come_to_rest, until

MENTORS = 300


def measure(size: Size) -> Iterator[Figure]:
    """Let the mentors of many copies of the demonstration be told of their two or three fellows."""
    mentors = size.of(MENTORS, 20)
    with installation("service") as place:
        with place.app.app_context():
            with transaction():
                demo.load(utcnow())
            multiply(mentors // len(demo.MENTORS) - 1)
            _let_in(False)
        place.start()
        come_to_rest(place)
        sent = select(func.count()).where(Message.kind == KIND, Message.state == MailState.SENT)
        with (
            counted_by_server(place) as counted,
            until(place, lambda: (db.session.scalar(sent) or 0) >= mentors) as used,
        ):
            with place.app.app_context():
                _let_in(True)
            place.ring("mentoring.send_due_digests")
        took, cpu = used
        assert place.sink is not None
        arrived = len(place.sink.taken)
    yield Figure("digests that arrived", arrived, f"of {mentors}", "service")
    yield Figure("1,000 digests, CPU", 1000 * cpu / mentors, "s", "service")
    yield Figure("1,000 digests, time", 1000 * took / mentors, "s", "service")
    for name, value in counted.items():
        yield Figure(f"{name} of a digest", value / mentors, "", "service")


def _let_in(allowed: bool) -> None:
    """Let people in, or nobody: who may not come in gets no mail, whoever rings for it."""
    with transaction():
        db.session.execute(update(User).values(disabled_at=None if allowed else utcnow()))
