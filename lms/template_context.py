"""What every template may use: who asks, and how moments are said to them."""

from datetime import datetime

from flask import Flask

from lms.cases.images import drawing_address, drawing_size
from lms.cases.models import Item
from lms.cases.withholding import sight_of
from lms.config import Settings
from lms.core import clock, markdown
from lms.core.figures import (
    say_correct,
    say_count,
    say_interval,
    say_left_over,
    say_limit,
    say_partial,
    say_share,
    say_span,
    say_time_given,
    say_unfinished,
)
from lms.core.sight import Sight, carried
from lms.core.templates import drawn_once
from lms.home.navigation import navigation
from lms.people.models import Role
from lms.signin.access import someone
from question_bank.reviewing import review_state
from question_bank.scoring import FIGURE, amount

FILTERS = {
    "amount": amount,
    "carried": carried,
    "date": clock.say_date,
    "review_state": review_state,
    "say_correct": say_correct,
    "say_count": say_count,
    "say_partial": say_partial,
    "say_interval": say_interval,
    "say_left_over": say_left_over,
    "say_limit": say_limit,
    "say_span": say_span,
    "say_time_given": say_time_given,
    "say_unfinished": say_unfinished,
    "say_share": say_share,
    "markdown": markdown.render,
    "markdown_inline": markdown.render_inline,
}
"""What templates make of values, whoever asks."""

GLOBALS = {
    "FIGURE": FIGURE,
    "Role": Role,
    "picture_size": drawing_size,
    "picture_address": drawing_address,
    "drawn_once": drawn_once,
}
"""What templates know without being told."""


def init_template_context(app: Flask) -> None:
    """Give templates their globals and filters."""
    settings: Settings = app.extensions["settings"]

    def zone() -> str:
        user = someone()
        return user.time_zone if user else settings.time_zone

    def when(moment: datetime) -> str:
        return clock.say_when(moment, zone())

    def day(moment: datetime) -> str:
        return clock.say_day(moment, zone())

    def time(moment: datetime) -> str:
        return clock.say_time(moment, zone())

    def withholding_sight(item: Item) -> Sight:
        return sight_of(item, zone())

    of_reader = {"when": when, "day": day, "time": time, "withholding_sight": withholding_sight}
    app.jinja_env.filters.update(FILTERS | of_reader)
    app.jinja_env.globals.update(GLOBALS | {"product_name": settings.product_name})

    @app.context_processor
    def common() -> dict[str, object]:
        user = someone()
        return {
            "me": user,
            "nav": navigation(user),
            "theme": user.theme if user else "",
            "program_name": settings.program_name,
            "zone_name": clock.zone_name(zone()),
        }
