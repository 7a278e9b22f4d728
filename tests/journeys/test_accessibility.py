"""Every page, for each role that may see it, as axe judges it: wide and narrow, light and dark."""

import pytest
from playwright.sync_api import Page

from lms.core.db import db
from lms.quizzes.models import Assignment
from lms.quizzes.queries import places_of
from question_bank.items import ITEM_TYPES
from tests.journeys.axe import flaws, load_axe
from tests.journeys.contents import PEOPLE
from tests.journeys.site import Site
from tests.journeys.visits import Visit, not_visited, visits_of

pytestmark = [
    pytest.mark.xdist_group("site"),  # which one worker builds
    pytest.mark.timeout(600),  # a role has up to a hundred pages, each to be looked at four times
]

WIDE, PHONE, NARROW = 1366, 390, 320

TEXT = 16
"""What a browser's text measures, in pixels, unless its owner asks for another size."""

LOOKS = ((WIDE, "light"), (WIDE, "dark"), (PHONE, "light"), (NARROW, "dark"))
"""Every width and both schemes; a page that another role has shown is looked at once, unless
the run is a long one."""


def test_every_page_is_visited_by_every_role(site: Site) -> None:
    assert not_visited(site.app) == set()


def test_the_pages_have_items_of_every_type(site: Site) -> None:
    with site.app.app_context():
        places = places_of(
            db.session.get_one(Assignment, site.arguments["assignment"]).quiz_version_id
        )
        shown = {place.item.kind for place in places}

    assert shown == {kind.type_name() for kind in ITEM_TYPES}


@pytest.mark.parametrize("who", ["nobody", *PEOPLE])
def test_nothing_is_wrong_with_any_page(site: Site, who: str, is_long: bool) -> None:
    context = site.context(who)
    page = context.new_page()
    wrong = []

    seen = set()
    for visit, visitor in visits_of(site.app):
        if visitor == who:
            open_page(page, site, visit)
            wrong += look(page, visit, LOOKS[:1] if visit in seen and not is_long else LOOKS)
        seen.add(visit)

    context.close()
    assert wrong == []


def open_page(page: Page, site: Site, visit: Visit) -> None:
    """Go where *visit* says, and do what it says."""
    set_look(page, WIDE, "light")
    address = site.url + visit.address.format(**site.arguments)
    answer = page.goto(address)
    assert answer is not None
    assert (answer.url, answer.status) == (address, visit.status)
    label, text = visit.field
    if label:
        page.get_by_label(label).fill(text)
    if visit.press:
        page.locator(".ask details").evaluate_all("(all) => all.forEach((one) => one.open = true)")
        with page.expect_navigation():
            page.get_by_role("button", name=visit.press).first.click()
    if "sandbox" in answer.headers["content-security-policy"]:  # nothing runs there, not even axe
        html = answer.text()
        page.goto("about:blank")
        page.set_content(html)
    load_axe(page)


def set_look(page: Page, width: int, scheme: str) -> None:
    """Show the page at *width*; a narrow one in full, so that no bar lies over what is below."""
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page.set_viewport_size({"width": width, "height": 768})
    if width < WIDE:
        height = page.evaluate("document.documentElement.scrollHeight")
        page.set_viewport_size({"width": width, "height": max(height, 768)})


def look(page: Page, visit: Visit, looks: tuple[tuple[int, str], ...]) -> list[tuple]:
    """Return what is wrong with the page at each of *looks*, and at which it runs over the edge."""
    wrong: list[tuple] = []
    for width, scheme in looks:
        set_look(page, width, scheme)
        wrong += [(str(visit), width, scheme, *flaw) for flaw in flaws(page)]
        reach = page.evaluate("document.documentElement.scrollWidth")
        if reach > width:
            wrong.append((str(visit), width, "runs over the edge", reach))
    reach = reach_of_large_text(page)
    if reach > PHONE:
        wrong.append((str(visit), PHONE, "runs over the edge with text of 200 %", reach))
    return wrong


def reach_of_large_text(page: Page) -> int:
    """Return how wide the page gets on a phone whose owner has set text to 200 %."""
    page.set_viewport_size({"width": PHONE, "height": 768})
    device = page.context.new_cdp_session(page)
    device.send("Page.enable")
    device.send("Page.setFontSizes", {"fontSizes": {"standard": 2 * TEXT}})
    reach = page.evaluate("document.documentElement.scrollWidth")
    device.send("Page.setFontSizes", {"fontSizes": {"standard": TEXT}})
    device.detach()
    return int(reach)


def test_text_of_200_percent_is_twice_as_large(site: Site) -> None:
    """Else the measure above would pass whatever the pages do."""
    context = site.context()
    page = context.new_page()
    page.set_content("<p>m</p><style>p { width: 30rem; margin: 0 } body { margin: 0 }</style>")

    assert reach_of_large_text(page) == 30 * 2 * TEXT
    context.close()


@pytest.mark.parametrize(("who", "address"), [("faculty", "/bank"), ("director", "/audit")])
def test_no_row_is_cut_off_on_a_phone(site: Site, who: str, address: str) -> None:
    context = site.context(who)
    page = context.new_page()
    page.goto(site.url + address)

    for width in (PHONE, NARROW):
        page.set_viewport_size({"width": width, "height": 768})
        hidden = page.locator(".table-wrap").evaluate_all(
            "wraps => wraps.map(wrap => wrap.scrollWidth - wrap.clientWidth)"
        )
        assert sum(hidden) == 0, width

    context.close()
