"""What the page about the panel of a case shows of it."""

from collections.abc import Collection

from lms.core.sight import Sight
from lms.panels.models import Panelist
from lms.panels.queries import PanelPage


def sight_of(page: PanelPage) -> Sight:
    """Return which panel it is, and who was asked."""
    report = page.report
    if report is None:
        return {"Panel": "None"}
    asked = {
        _invitation(each): "Withdrawn" if each.withdrawn_at else "Sent" for each in report.people
    }
    return {
        "Panel": "Open" if report.open else "Closed",
        "About version": str(report.panel.version.number),
        "The case": "Says what the panel was shown" if report.fits else "Has changed since",
        **asked,
    }


def sight_with_answers(page: PanelPage) -> Sight:
    """Return the same with what was answered, as far as the page tells it."""
    report = page.report
    if report is None:
        return sight_of(page)
    told = {
        f"Item {each.question.position}": ", ".join(map(str, each.counts))
        for each in report.items
        if each.counts
    }
    return {**sight_of(page), "Answered": str(report.answered), **told}


def done_of_closing(page: PanelPage) -> Collection[str]:
    """Return what closing the panel would change, if that is closed already."""
    return () if page.report is None or page.report.open else ("Panel",)


def done_of_withdrawal(page: PanelPage, panelist_id: int) -> Collection[str]:
    """Return what withdrawing an invitation would change, if that is withdrawn already."""
    people = page.report.people if page.report else ()
    return [_invitation(each) for each in people if each.id == panelist_id and each.withdrawn_at]


def _invitation(panelist: Panelist) -> str:
    return f"Invitation of {panelist.email}"
