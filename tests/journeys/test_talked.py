"""From the weekly mail to "We talked", on a phone, without signing in; the taps are counted."""

from dataclasses import dataclass
from datetime import timedelta
from time import monotonic
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Locator, Page, Route, ViewportSize, expect
from sqlalchemy import select

from lms.core.clock import local, utcnow, week_of
from lms.core.db import db, transaction
from lms.core.mail import MailState, Message
from lms.core.mail.reading import parts_of
from lms.core.mail.tasks import deliver
from lms.mentoring.digests.services import compose_digest
from lms.mentoring.meetings.models import Meeting
from lms.people.models import Role
from tests.factories import make_fellow, make_mentorship, make_user
from tests.journeys.axe import flaws, load_axe
from tests.journeys.site import Site
from tests.progress.factories import PHARM, make_given, make_topic_case

pytestmark = pytest.mark.xdist_group("site")  # which one worker builds

TWO_MINUTES = 120.0

INBOX = "http://inbox.example/"
HTML = "text/html; charset=utf-8"

FELLOW = "Dr. Amara Okafor-Lind"


@dataclass(frozen=True)
class Mail:
    """A weekly mail that was delivered, as a mail program shows it; to whom, and about whom."""

    html: str
    mentor_id: int
    fellow_id: int


class Phone:
    """A phone on which nobody is signed in; it counts how often it is touched, and what is typed.

    The links of mails have no port: they are sent on to where the site is served.
    """

    def __init__(self, site: Site) -> None:
        size = ViewportSize(width=390, height=844)
        context = site.context(viewport=size, has_touch=True, is_mobile=True)
        context.route(f"{mailed_address(site)}/**", lambda route: send_on(route, site))
        context.add_init_script(COUNTING)
        context.expose_binding("touched", lambda _, what: self.touches.append(what))
        self.touches: list[str] = []
        self.page: Page = context.new_page()

    def read(self, mail: Mail) -> None:
        """Open a mail as a mail program does."""
        self.page.context.route(
            INBOX, lambda route: route.fulfill(body=mail.html, content_type=HTML)
        )
        self.page.goto(INBOX)

    def tap(self, target: Locator) -> None:
        """Tap what can be seen, after scrolling to it, and wait for the page that opens."""
        with self.page.expect_navigation():
            target.tap()


COUNTING = """for (const kind of ["touchstart", "keydown"]) {
  addEventListener(kind, () => window.touched(kind), {capture: true});
}"""


def mailed_address(site: Site) -> str:
    """Return the address of the site as mails name it."""
    return str(site.app.extensions["settings"].base_url)


def send_on(route: Route, site: Site) -> None:
    """Send a browser on to where the page of a mailed address is served."""
    path = urlsplit(route.request.url).path
    route.fulfill(status=307, headers={"Location": site.url + path})


@pytest.fixture
def mail(site: Site) -> Mail:
    """A mail that asks a mentor for a word with a fellow."""
    with site.app.app_context():
        now = utcnow()
        with transaction():
            mentor, fellow = make_user(Role.MENTOR, name="Dr. Lena Hart"), make_fellow(FELLOW)
            make_mentorship(mentor, fellow)
            given = make_given(fellow, [make_topic_case(PHARM, 3)], now - timedelta(days=1))
            (audience,) = given.audiences
            audience.cohort_id, audience.fellow_id = None, fellow.id
        with transaction():
            week = week_of(local(now, mentor.time_zone).date())
            digest = compose_digest(mentor.id, week, now=now)
            assert digest is not None
        deliver(digest.message_id)
        message = db.session.get_one(Message, digest.message_id)
        assert message.state is MailState.SENT
        return Mail(parts_of(message).html or "", mentor.id, fellow.id)


def test_two_taps_lead_from_the_mail_to_a_talk_that_is_noted(site: Site, mail: Mail) -> None:
    phone = Phone(site)
    page = phone.page
    phone.read(mail)
    expect(page.get_by_role("heading", name=FELLOW)).to_be_visible()
    begun = monotonic()

    phone.tap(page.get_by_role("link", name="We talked"))
    expect(page.get_by_text("Nothing is noted yet")).to_be_visible()
    load_axe(page)
    assert flaws(page) == []
    phone.tap(page.get_by_role("button", name="Note that we talked").first)

    expect(page.get_by_role("heading", name="You noted that you talked")).to_be_visible()
    assert monotonic() - begun < TWO_MINUTES
    assert phone.touches == ["touchstart"] * 2, "two taps, and nothing typed"
    page.goto(f"{site.url}/fellows")
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    with site.app.app_context():
        noted = db.session.scalars(select(Meeting).where(Meeting.mentor_id == mail.mentor_id)).one()
        assert noted.fellow_id == mail.fellow_id


def test_a_button_of_the_phones_page_is_seen_without_scrolling(site: Site, mail: Mail) -> None:
    phone = Phone(site)
    phone.read(mail)

    phone.tap(phone.page.get_by_role("link", name="We talked"))

    press = phone.page.get_by_role("button", name="Note that we talked").first
    box = press.bounding_box()
    assert box is not None
    assert box["y"] + box["height"] <= 844
    assert box["height"] >= 44
    assert phone.page.evaluate("document.documentElement.scrollWidth") <= 390
