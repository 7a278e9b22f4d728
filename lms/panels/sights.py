"""What the page about the panel of a case shows of it."""

from lms.core.sight import Sight
from lms.panels.queries import PanelPage


def sight_of(page: PanelPage) -> Sight:
    """Return which panel it is, and who was asked."""
    report = page.report
    if report is None:
        return {"Panel": "None"}
    asked = {
        f"Invitation of {each.email}": "Withdrawn" if each.withdrawn_at else "Sent"
        for each in report.people
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
